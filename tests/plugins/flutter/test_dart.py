"""Literals hold any text and nothing but that text; constants have legal, distinct names."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniprogram.hosts.constant_names import constant_name
from miniprogram_flutter.dart import MEMBERS, RESERVED_WORDS, literal, unquote
from miniprogram_flutter.rendering import render

Parse = Callable[[bytes], Any]

dart_name = partial(constant_name, keywords=RESERVED_WORDS, members=MEMBERS)

HOSTILE = st.text(
    alphabet=st.one_of(st.sampled_from("\"'$\\{}();\n\r\t\u2028\u202e/*"), st.characters(codec="utf-8")),
    max_size=20,
)


@given(HOSTILE)
def test_a_literal_says_what_it_was_made_from(text: str) -> None:
    assert unquote(literal(text)) == text


@given(HOSTILE)
def test_a_literal_is_one_token(parse_dart: Parse, text: str) -> None:
    source = f"const String x = {literal(text)};\nconst int y = 1;\n".encode()

    parsed = parse_dart(source)

    assert parsed.errors == []
    assert parsed.texts("string_literal") == [literal(text)]
    assert not parsed.texts("template_substitution")
    assert len(parsed.texts("static_final_declaration")) == 2


@given(HOSTILE)
def test_a_literal_has_no_quote_inside(text: str) -> None:
    assert not set("\"'\n\r\u2028\u202e") & set(literal(text)[1:-1])


@given(HOSTILE, HOSTILE)
def test_no_value_breaks_out_of_a_template(parse_dart: Parse, host_app_id: str, host_version: str) -> None:
    hostile = parse_dart(
        render("mini_program_runtime_setup.dart", host_app_id=host_app_id, host_version=host_version)
    )
    tame = parse_dart(render("mini_program_runtime_setup.dart", host_app_id="a", host_version="1"))

    assert hostile.errors == []
    assert hostile.names("function_signature") == tame.names("function_signature")
    assert len(hostile.texts("string_literal")) == len(tame.texts("string_literal"))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"'it\'s'", "it's"),
        (r'"\$5 \u00e9 \u{1F600} \x41 \\ \q"', "$5 é 😀 A \\ q"),
        (r'"a\nb"', "a\nb"),
    ],
)
def test_what_people_write_is_understood(source: str, text: str) -> None:
    assert unquote(source) == text


@pytest.mark.parametrize("source", [r'"\u12"', r'"\x1"', r'"\u{}"'])
def test_other_escapes_are_refused(source: str) -> None:
    with pytest.raises(ValueError, match="escape"):
        unquote(source)


@pytest.mark.parametrize(
    ("app_id", "name"),
    [
        ("shop", "shop"),
        ("coupon_center", "couponCenter"),
        ("Coupon-CENTER.v2", "couponCenterV2"),
        ("3d", "miniProgram3d"),
        ("class", "classMiniProgram"),
        ("...", "miniProgram"),
        ("values", "values2"),
        ("by_app_id", "byAppId2"),
        ("to_string", "toString2"),
    ],
)
def test_names_follow_the_contract(app_id: str, name: str) -> None:
    assert dart_name(app_id, ()) == name


def test_names_that_clash_are_numbered() -> None:
    assert dart_name("a_b", ["aB", "aB2"]) == "aB3"


@given(st.lists(st.from_regex(r"[A-Za-z0-9._-]{1,8}", fullmatch=True), max_size=12))
def test_names_are_legal_and_distinct(app_ids: list[str]) -> None:
    names: list[str] = []
    for app_id in app_ids:
        names.append(dart_name(app_id, names))

    assert len(set(names)) == len(names)
    assert all(name.isidentifier() and name.isascii() for name in names)
    assert not set(names) & (RESERVED_WORDS | MEMBERS)
