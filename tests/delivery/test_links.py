"""Signed links: one text for one link, and nothing near it."""

from __future__ import annotations

import json
import string

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
