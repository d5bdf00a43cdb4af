from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniprogram.delivery.documents.contents.access_keys import digest_of
from miniprogram.errors import UsageError
from miniprogram.keys.key_text import check_key_text, generate_key


def test_generated_keys_have_the_prefix_and_are_never_the_same() -> None:
    keys = {generate_key() for _ in range(200)}

    assert len(keys) == 200
    assert all(re.fullmatch(r"mpk_live_[A-Za-z0-9_-]{32}", key) for key in keys)


def test_generated_keys_are_keys() -> None:
    assert all(check_key_text(key) == key for key in (generate_key() for _ in range(50)))


@pytest.mark.parametrize(
    "text", ["k" * 24, "k" * 128, "  " + "a.b_c-d9" * 4 + "\n"], ids=["short", "long", "blanks"]
)
def test_supplied_keys_are_trimmed(text: str) -> None:
    assert check_key_text(text) == text.strip()


@pytest.mark.parametrize(
    "text",
    ["", "k" * 23, "k" * 129, "k" * 23 + " " + "k", "k" * 24 + "é", "k" * 24 + "/"],
    ids=["empty", "short", "long", "blank inside", "letter", "slash"],
)
def test_what_cannot_be_a_key_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        check_key_text(text)


@given(st.text(min_size=3))
def test_a_refusal_never_quotes_the_key(text: str) -> None:
    secret = f"s3cret!{text}"
    with pytest.raises(UsageError) as failure:
        check_key_text(secret)
    assert "s3cret!" not in str(failure.value)


def test_the_digest_is_lower_case_sha256() -> None:
    assert digest_of("a") == "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
