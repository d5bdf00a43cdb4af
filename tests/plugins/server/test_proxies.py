"""Who is believed about where a request comes from."""

from __future__ import annotations

import pytest

from miniprogram.errors import UsageError
from miniprogram_server.proxies import NOBODY, parse_origin, parse_proxies

NEAR = parse_proxies(["10.0.0.0/24", "fd00::/8", "unix"])


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "10.0.0.7", "", "192.0.2.1", "fe80::1%lo", "nonsense"])
def test_by_default_nobody_is_believed(peer: str) -> None:
    assert NOBODY.client(peer, "198.51.100.9") == peer


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("10.0.0.7", "198.51.100.9", "198.51.100.9"),
        ("10.0.0.7", "1.2.3.4, 198.51.100.9", "198.51.100.9"),
        ("10.0.0.7", "1.2.3.4,198.51.100.9, 10.0.0.8", "198.51.100.9"),
        ("10.0.0.7", "10.0.0.5, 10.0.0.8", "10.0.0.5"),
        ("10.0.0.7", "", "10.0.0.7"),
        ("10.0.0.7", "unknown", "10.0.0.7"),
        ("10.0.0.7", "198.51.100.9, nonsense", "10.0.0.7"),
        ("10.0.0.7", "198.51.100.9, nonsense, 10.0.0.8", "10.0.0.8"),
        ("10.0.0.7", "198.51.100.9:4711", "198.51.100.9"),
        ("10.0.0.7", "[2001:db8::9]:4711", "2001:db8::9"),
        ("10.0.0.7", "2001:DB8::9", "2001:db8::9"),
        ("10.0.0.7", '"[2001:db8::9]"', "2001:db8::9"),
        ("::ffff:10.0.0.7", "198.51.100.9", "198.51.100.9"),
        ("fd00::1", "198.51.100.9", "198.51.100.9"),
        ("", "198.51.100.9", "198.51.100.9"),
        ("10.0.1.7", "198.51.100.9", "10.0.1.7"),
        ("127.0.0.1", "198.51.100.9", "127.0.0.1"),
    ],
)
def test_the_last_hop_that_is_no_proxy_of_ours_is_who_asks(peer: str, forwarded: str, client: str) -> None:
    assert NEAR.client(peer, forwarded) == client


@pytest.mark.parametrize("text", ["proxy.example", "10.0.0.1/24", "10.0.0", "", "*", "10.0.0.0/33"])
def test_what_is_no_network_is_refused_by_name(text: str) -> None:
    with pytest.raises(UsageError, match="--behind"):
        parse_proxies(["10.0.0.1", text])


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://programs.example.com", "https://programs.example.com"),
        ("https://Programs.Example.com/", "https://programs.example.com"),
        ("https://programs.example.com:443", "https://programs.example.com"),
        ("http://programs.example.com:443", "http://programs.example.com:443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
    ],
)
def test_an_origin_is_written_as_browsers_write_it(text: str, origin: str) -> None:
    assert str(parse_origin(text)) == origin


@pytest.mark.parametrize(
    "text",
    ["programs.example.com", "ftp://a.example", "https://", "https://a/console", "https://u@a", "https://a?x",
     "a:b", "https://a:99999"],
)  # fmt: skip
def test_what_is_no_origin_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--public-origin"):
        parse_origin(text)
