"""Where a local server listens, and whether it can."""

from __future__ import annotations

import socket

import pytest

from miniprogram.addresses import Address, listen, parse_host, require_free
from miniprogram.errors import ProcessError, UsageError


@pytest.mark.parametrize(
    ("host", "url", "loopback"),
    [
        ("127.0.0.1", "http://127.0.0.1:80/health", True),
        ("127.0.0.2", "http://127.0.0.2:80/health", True),
        ("0.0.0.0", "http://127.0.0.1:80/health", False),
        ("192.0.2.7", "http://192.0.2.7:80/health", False),
        ("::1", "http://[::1]:80/health", True),
        ("::", "http://[::1]:80/health", False),
        ("[::]", "http://[::1]:80/health", False),
        ("[2001:DB8::7]", "http://[2001:db8::7]:80/health", False),
        ("fe80::1%eth0", "http://[fe80::1%25eth0]:80/health", False),
    ],
    ids=["loopback", "other-loopback", "any", "lan", "loopback6", "any6", "brackets", "brackets-lan", "interface"],
)
def test_address_knows_its_url_and_reach(host: str, url: str, loopback: bool) -> None:
    address = Address(parse_host(host), 80)

    assert (address.url("/health"), address.is_loopback) == (url, loopback)


def test_localhost_is_the_loopback_address() -> None:
    assert parse_host("LocalHost") == "127.0.0.1"


@pytest.mark.parametrize(
    "text", ["example.org", "1.2.3", "::g", "127.0.0.1:80", "[127.0.0.1]", "[::1", "[::1]:80", "::1%"]
)
def test_other_names_are_usage_errors(text: str) -> None:
    with pytest.raises(UsageError, match="is not an IP address"):
        parse_host(text)


def test_an_interface_that_is_not_there_is_told_in_one_sentence() -> None:
    with pytest.raises(ProcessError, match="no interface with this name"):
        listen(Address("fe80::1%nowhere0", 0))


def test_taken_port_is_told_in_one_sentence() -> None:
    with listen(Address("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(ProcessError, match=rf"port {port} on 127\.0\.0\.1 is in use by another program"):
            require_free(Address("127.0.0.1", port))


def test_free_port_stays_free() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])

    require_free(Address("127.0.0.1", port))
    require_free(Address("127.0.0.1", port))


def test_address_of_another_machine_is_told() -> None:
    with pytest.raises(ProcessError, match=r"192\.0\.2\.7 is not an address of this machine"):
        require_free(Address("192.0.2.7", 8080))
