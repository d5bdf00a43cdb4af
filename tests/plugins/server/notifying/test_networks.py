"""Only public addresses are asked, whatever they are written as, unless the operator named others."""

from __future__ import annotations

import socket

import pytest

from miniprogram.errors import UsageError
from miniprogram_server.notifying.networks import NoReceiver, addresses_of, may_ask, parse_networks

PUBLIC = ("8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8")
INNER = (
    "127.0.0.1", "127.9.9.9", "::1", "0.0.0.0", "::", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1",
    "169.254.169.254", "fe80::1", "fe80::1%eth0", "fd00:ec2::254", "224.0.0.1", "ff02::1", "255.255.255.255",
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a9fe:a9fe::",
)  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_asked(address: str) -> None:
    assert may_ask(address, ())


@pytest.mark.parametrize("address", INNER)
def test_inner_addresses_are_not(address: str) -> None:
    assert not may_ask(address, ())


@pytest.mark.parametrize(
    ("allowed", "address", "expected"),
    [
        ("loopback", "127.0.0.1", True),
        ("loopback", "::1", True),
        ("loopback", "10.0.0.1", False),
        ("10.1.0.0/16", "10.1.2.3", True),
        ("10.1.0.0/16", "::ffff:10.1.2.3", True),
        ("10.1.0.0/16", "10.2.0.1", False),
        ("192.168.7.7", "192.168.7.7", True),
        ("fd00::/8", "fd12::1", True),
    ],
)
def test_the_operator_allows_what_they_name_and_no_more(allowed: str, address: str, expected: bool) -> None:
    assert may_ask(address, parse_networks([allowed])) is expected


@pytest.mark.parametrize("text", ["localhost", "10.0.0.1/8", "*", ""])
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--notice-network"):
        parse_networks([text])


def test_of_the_addresses_of_a_name_only_those_that_may_be_asked_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {"mixed": ["10.0.0.1", "8.8.8.8"], "inner": ["169.254.169.254"]}
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, port, **_: [(2, 1, 6, "", (each, port)) for each in answers[host]]
    )

    assert addresses_of("mixed", 443, ()) == ["8.8.8.8"]
    with pytest.raises(NoReceiver, match="inner is not a public address"):
        addresses_of("inner", 443, ())
