"""Signed links: one text for one link, and nothing near it."""

from __future__ import annotations

import json
import string
import sys
from base64 import urlsafe_b64encode
from hmac import digest
from typing import Any

import pytest

from miniprogram.delivery.documents.cache.document import Document
from miniprogram.delivery.documents.contents.link_keys import compile_link_keys
from miniprogram.delivery.evaluation.context.links import InvalidLink, Link, from_base64url, read_link, sign_link
from miniprogram.delivery.evaluation.errors import BrokenDocument

SECRET = bytes(range(16))
LINK = Link("shop", "wallet", "production", "r-1", 2_000_000_000)
ALPHABET = string.ascii_letters + string.digits + "-_"


def test_no_text_one_character_away_from_a_token_counts() -> None:
    token = sign_link(LINK, "k1", SECRET)
    assert read_link(token, {"k1": SECRET}, 0, program_id="shop") == LINK

    for position in range(len(token)):
        for character in ALPHABET + ".=+/ \n":
            near = token[:position] + character + token[position + 1 :]
            if near != token:
                with pytest.raises(InvalidLink):
                    read_link(near, {"k1": SECRET}, 0, program_id="shop")


def test_a_link_counts_for_its_own_program_only() -> None:
    token = sign_link(LINK._replace(program_id="cafe"), "k1", SECRET)

    assert read_link(token, {"k1": SECRET}, 0, program_id="cafe").program_id == "cafe"
    with pytest.raises(InvalidLink, match=r"^for another program$"):
        read_link(token, {"k1": SECRET}, 0, program_id="shop")


@pytest.mark.parametrize(("now_ms", "counts"), [(1_999_999_999_999, True), (2_000_000_000_000, False)])
def test_a_link_ends_at_its_time(now_ms: int, *, counts: bool) -> None:
    token = sign_link(LINK, "k1", SECRET)

    if counts:
        assert read_link(token, {"k1": SECRET}, now_ms, program_id="shop") == LINK
    else:
        with pytest.raises(InvalidLink, match=r"^expired$"):
            read_link(token, {"k1": SECRET}, now_ms, program_id="shop")


@pytest.mark.parametrize("suffix", ["=", "==", " ", "\n", "\r\n", ".", "A"])
def test_nothing_may_follow_a_token(suffix: str) -> None:
    with pytest.raises(InvalidLink):
        read_link(sign_link(LINK, "k1", SECRET) + suffix, {"k1": SECRET}, 0, program_id="shop")


@pytest.mark.parametrize("text", ["QQ", "QQ==", ""])
def test_one_spelling_is_read_with_or_without_padding(text: str) -> None:
    assert from_base64url(text) == (b"A" if text else b"")


@pytest.mark.parametrize("text", ["QR", "Q", "Q Q", "QQ\n", "Q+", "Q/", "=QQ", "Q=Q", "é", None, 7, b"QQ"])
def test_other_spellings_of_bytes_are_refused(text: object) -> None:
    with pytest.raises(ValueError, match=r"base64|text|ASCII|pad|length|characters"):
        from_base64url(text)


@pytest.mark.parametrize("secret", ["A" * 21 + "B", "AAAA AAAA" * 4, "short", None])
def test_a_link_key_that_is_not_spelled_right_is_named_without_its_secret(secret: object) -> None:
    body = json.dumps({"keys": [{"id": "k1", "secret": secret}]}).encode()

    with pytest.raises(BrokenDocument, match=r"keys\[0\]\.secret must be base64url") as caught:
        compile_link_keys(Document("link_keys/shop.json", body))

    assert str(secret) not in str(caught.value)


def base64url(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(start: str, payload: bytes) -> str:
    """A token that whoever has the key wrote, whatever it says."""
    text = f"{start}.{base64url(payload)}"
    return f"{text}.{base64url(digest(SECRET, text.encode(), 'sha256'))}"


def members(**changed: Any) -> bytes:
    return json.dumps({**dict(zip("pherx", LINK, strict=True)), **changed}).encode()


def test_what_is_signed_by_hand_is_what_is_read() -> None:
    assert read_link(signed("mpl1.k1", members()), {"k1": SECRET}, 0, program_id="shop") == LINK


@pytest.mark.parametrize(
    "token",
    [
        signed("mpl2.k1", members()),
        signed("mpl1.k1.more", members()),
        signed("mpl1", members()),
        "mpl1.k1.e30.é",
        "",
        *(
            signed("mpl1.k1", payload)
            for payload in (b"", b"{", b"\xff", b"[]", b"7", b"{}", members(p=1), members(r=None), members(x="1"))
        ),
    ],
)
def test_a_signature_alone_makes_no_link(token: str) -> None:
    with pytest.raises(InvalidLink, match=r"^malformed$"):
        read_link(token, {"k1": SECRET}, 0, program_id="shop")


@pytest.mark.parametrize(("length", "counts"), [(1024, True), (1025, False)])
def test_a_token_has_a_longest_length(length: int, *, counts: bool) -> None:
    tokens = (signed(f"mpl1.{key}", members(r="r" * n)) for key in ("k1", "k12") for n in range(1_000))
    token = next(each for each in tokens if len(each) == length)
    keys = {"k1": SECRET, "k12": SECRET}

    if counts:
        assert read_link(token, keys, 0, program_id="shop").host_app == "wallet"
    else:
        with pytest.raises(InvalidLink, match=r"^malformed$"):
            read_link(token, keys, 0, program_id="shop")


def test_a_deep_payload_read_far_down_is_malformed_too() -> None:
    """The parser of Python 3.11 counts its depth together with the frames above it."""

    def read(frames: int) -> None:
        if frames:
            read(frames - 1)
        else:
            read_link(signed("mpl1.k1", b"[" * 700), {"k1": SECRET}, 0, program_id="shop")

    with pytest.raises(InvalidLink, match=r"^malformed$"):
        read(sys.getrecursionlimit() // 2)


@pytest.mark.parametrize(
    ("key_id", "secret", "message"),
    [
        ("a.b", SECRET, "a link key's id may hold letters"),
        ("a/b", SECRET, "a link key's id may hold letters"),
        ("", SECRET, "a link key's id may hold letters"),
        ("k1", SECRET[:15], "a link secret has at least 16 bytes"),
    ],
)
def test_keys_that_nothing_could_be_read_with_sign_nothing(key_id: str, secret: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sign_link(LINK, key_id, secret)
