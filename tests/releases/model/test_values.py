"""Values, texts and names that cannot be kept are refused by the model, whatever door they come through."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miniprogram.json_values import MAX_DEPTH, parse_given_json, why_not_storable
from miniprogram.names import RULES, why_no_name
from miniprogram.person_text import check_lines, check_text, printable
from miniprogram.refusals import Unacceptable
from miniprogram.releases.arguments import parse_arguments
from miniprogram.releases.model.configuration import Configuration
from testbed.examples import examples

DEEP = "[" * (MAX_DEPTH + 1) + "1" + "]" * (MAX_DEPTH + 1)
WRONG_JSON = {
    "nan": ("NaN", "finite"),
    "inf": ("-Infinity", "finite"),
    "huge exponent": ("1e400", "finite"),
    "thousands of digits": ("9" * 4000, "finite"),
    "too large whole": ("9" * 309, "finite"),
    "half a pair": (r'"\ud800"', "surrogate"),
    "half a pair in a key": (r'{"\udc00": 1}', "Unicode"),
    "a key twice": ('{"a": 1, "a": 2}', "twice"),
    "deep": (DEEP, "deeper"),
    "very deep": ("[" * 100_000 + "]" * 100_000, "deeper"),
    "deep objects": ('{"a":' * 40 + "1" + "}" * 40, "deeper"),
}


@pytest.mark.parametrize(("text", "said"), WRONG_JSON.values(), ids=WRONG_JSON)
@pytest.mark.parametrize("around", ["{}", '{{"rules": [{{"value": {}}}]}}'], ids=["top", "inside"])
def test_json_that_cannot_be_kept_is_refused(text: str, said: str, around: str) -> None:
    with pytest.raises(Unacceptable, match=said):
        parse_given_json(around.format(text), what="--rule")


def test_a_refusal_names_the_path() -> None:
    with pytest.raises(Unacceptable, match=r"--rule: rules\[1\]\.value\.a: must be a finite number"):
        parse_given_json('{"rules": [{}, {"value": {"a": 1e999}}]}', what="--rule")


LONG_NAME = ".".join(["a" * 60] * 5)
DOMAINS = {
    "https://api.example.com": True,
    "https://*.example.com": True,
    "https://api.example.com:1": True,
    "https://api.example.com:65535": True,
    "https://1.2.xn--p1ai": True,
    "https://api.example.com:0": False,
    "https://api.example.com:65536": False,
    "https://a.example:99999": False,
    "https://127.0.0.1": False,
    "https://127.0.0.1:8443": False,
    "https://1.2": False,
    "https://10.0.0.0x1": False,
    "https://localhost": False,
    "https://[::1]": False,
    "https://api.example.com/": False,
    "http://api.example.com": False,
    f"https://{LONG_NAME}": False,
}


@pytest.mark.parametrize(("domain", "is_one"), DOMAINS.items(), ids=DOMAINS)
@pytest.mark.parametrize("member", ["server_domains", "webview_domains"])
def test_a_domain_is_a_name_and_a_port_that_there_is(member: str, domain: str, is_one: bool) -> None:
    if is_one:
        assert getattr(parse_arguments("configure", {member: (domain,)}), member) == (domain,)
    else:
        with pytest.raises(Unacceptable, match="is not a domain such as"):
            parse_arguments("configure", {member: (domain,)})


@pytest.mark.parametrize("domain", ["https://127.0.0.1", "https://a.example:99999", f"https://{LONG_NAME}"])
def test_domains_that_were_taken_once_are_still_read(domain: str) -> None:
    assert Configuration(server_domains=(domain,)).server_domains == (domain,)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda below: st.lists(below) | st.dictionaries(st.text(), below),
)


@settings(max_examples=examples(300))
@given(json_values)
def test_what_is_kept_is_read_back_as_it_was(value: Any) -> None:
    if why_not_storable(value) is None:
        body = json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
        assert parse_given_json(body, what="it") == value


HIDING = {
    "escape": "\x1b[31mred", "nul": "a\0b", "newline": "a\nb", "return": "a\rb", "tab": "a\tb", "delete": "a\x7f",
    "c1": "a\x9bb", "next line": "a\x85b", "override": "a\u202eb", "embedding": "a\u202ab", "isolate": "a\u2066b",
    "mark": "a\u200fb", "arabic mark": "a\u061cb", "zero width space": "a\u200bb", "word joiner": "a\u2060b",
    "bom": "a\ufeffb", "soft hyphen": "a\u00adb", "line separator": "a\u2028b", "paragraph": "a\u2029b",
    "joiner in front": "\u200da", "joiner at the end": "a\u200c", "two joiners": "a\u200d\u200db",
    "only joiner": "\u200d", "filler": "\u3164", "braille blank": "\u2800", "selector": "\ufe0f",
    "tag": "a\U000e0041", "surrogate": "a\ud800",
}  # fmt: skip


@pytest.mark.parametrize("text", HIDING.values(), ids=HIDING)
def test_text_that_hides_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"cannot be seen|can be seen"):
        check_text(text)
    if "\n" not in text:
        with pytest.raises(ValueError, match=r"cannot be seen|can be seen"):
            check_lines(text)


@pytest.mark.parametrize("text", ["Shop", "Käse – ok!", "مرحبا", "می‌خواهم", "👩‍👩‍👧", "❤️‍🔥", "क्‍ष", "1️⃣", ""])
def test_text_of_any_script_is_taken(text: str) -> None:
    assert check_text(f" {text} ") == text


def test_lines_are_kept_and_their_ends_are_one() -> None:
    assert check_lines("a\r\nb\n\nc\n") == "a\nb\n\nc"
    with pytest.raises(ValueError, match="U\\+000D"):
        check_lines("a\rb")


@settings(max_examples=examples(300))
@given(st.text())
def test_what_a_terminal_is_shown_moves_nothing(text: str) -> None:
    shown = printable(text)

    assert all(
        character.isprintable() or character in "\u200c\u200d" or character.isspace() for character in shown
    )
    assert "\n" not in shown
    assert "\x1b" not in shown


WRONG_NAMES = ["", ".", "..", "a b", "a/b", "a\n", "\ta", " a", "a ", "a\0", "ä", "x" * 300, "../x", "a\u202e"]


@pytest.mark.parametrize("kind", RULES)
@pytest.mark.parametrize("text", WRONG_NAMES)
def test_no_kind_of_name_takes_these(kind: Any, text: str) -> None:
    assert why_no_name(kind, text) is not None


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("member", "ann+ops@corp.example"), ("host app", "*"), ("host app", "super-app"), ("segment", "vip.2"),
        ("switch", "new.checkout-2"), ("version", "1.2.0-rc.1"), ("program", "shop_2"), ("override", "o-7"),
    ],
)  # fmt: skip
def test_documented_names_are_taken(kind: Any, text: str) -> None:
    assert why_no_name(kind, text) is None
