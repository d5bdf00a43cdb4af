"""Versions and ranges: every sentence of the grammar, and what must hold for all of them."""

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniprogram.delivery.evaluation.versions.semver import Version, VersionRange

numbers = st.integers(0, 30).map(str)
identifiers = st.from_regex(r"[0-9A-Za-z-]{1,3}", fullmatch=True)
suffixes = st.lists(identifiers, max_size=3).map(".".join)


@st.composite
def version_texts(draw: st.DrawFn) -> str:
    triple = ".".join(draw(numbers) for _ in range(3))
    prerelease, build = draw(suffixes), draw(suffixes)
    return triple + (f"-{prerelease}" if prerelease else "") + (f"+{build}" if build else "")


versions = version_texts().map(Version.parse)

NOT_VERSIONS = [
    "",
    "1",
    "1.2",
    "1.2.3.4",
    "v1.2.3",
    " 1.2.3",
    "1.2.3 ",
    "1.2.3\n",
    "1.2.3-",
    "1.2.3+",
    "1.2.3-a..b",
]
NOT_VERSIONS += [
    "1.2.3-ä",
    "١.2.3",
    "1.2.x",
    "-1.2.3",
    f"1.2.{2**63}",
    "1.2.3-a_b",
    "1.2.3+a+b",
    "9" * 5000 + ".0.0",
]


@pytest.mark.parametrize("text", NOT_VERSIONS)
def test_other_spellings_are_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the message only has to exist
        Version.parse(text)


def test_the_largest_component_is_63_bits() -> None:
    assert Version.parse(f"0.0.{2**63 - 1}").triple == (0, 0, 2**63 - 1)


def test_order_is_ascending() -> None:
    texts = """
        0.0.1 0.1.0 1.0.0-0 1.0.0-1 1.0.0-2 1.0.0-10 1.0.0-10.a 1.0.0--a 1.0.0-A 1.0.0-a 1.0.0-a.1
        1.0.0-a.b 1.0.0-ab 1.0.0-b+1 1.0.0 1.0.0+1 1.0.0+2 1.0.0+10 1.0.0+a 1.0.0+a.1 1.0.1-0 1.0.1 1.10.0 2.0.0
        """
    ascending = [Version.parse(text) for text in texts.split()]
    for lower, higher in pairwise(ascending):
        assert lower < higher
        assert lower != higher


@pytest.mark.parametrize(
    ("one", "other"), [("01.2.3", "1.2.3"), ("1.2.3-01", "1.2.3-1"), ("1.2.3+007", "1.2.3+7")]
)
def test_leading_zeros_do_not_count(one: str, other: str) -> None:
    first, second = Version.parse(one), Version.parse(other)

    assert first == second
    assert hash(first) == hash(second)
    assert (str(first), first >= second, first > second) == (one, True, False)


def test_a_version_equals_only_versions() -> None:
    assert Version.parse("1.0.0") != "1.0.0"
    assert repr(Version.parse("1.0.0")) == "Version('1.0.0')"


ALLOWED = [
    ("any", "0.0.0-0", True),
    ("  any ", "9.9.9", True),
    ("1.2.3", "1.2.3", True),
    ("1.2.3", "1.2.3+b", False),
    ("1.2.3", "1.2.4", False),
    ("01.2.3", "1.2.3", True),
    ("^1.2.3", "1.2.3", True),
    ("^1.2.3", "1.2.2", False),
    ("^1.2.3", "1.99.0", True),
    ("^1.2.3", "2.0.0-0", False),
    ("^1.2.3", "2.0.0", False),
    ("^0.2.3", "0.2.9", True),
    ("^0.2.3", "0.3.0-0", False),
    ("^0.0.3", "0.0.9", True),
    ("^0.0.3", "0.1.0", False),
    ("^2.0.0-dev", "2.0.0-dev", True),
    ("^2.0.0-dev", "2.9.0", True),
    ("^2.0.0-dev", "3.0.0-a", False),
    (" ^ 1.2.3 ", "1.5.0", True),
    (">=1.0.0 <2.0.0", "1.0.0", True),
    (">=1.0.0<2.0.0", "1.5.0-dev", True),
    (" >= 1.0.0  < 2.0.0 ", "1.9.9", True),
    ("<2.0.0 >=1.0.0", "1.9.9", True),
    (">=1.0.0", "1.0.0-dev", False),
    (">=1.0.0", "1.5.0-dev", True),
    ("<2.0.0", "2.0.0-dev", False),
    ("<2.0.0", "2.0.0-0", False),
    ("<2.0.0", "1.9.9+b", True),
    (">=2.0.0-dev.3 <2.0.0", "2.0.0-rc", True),
    (">=2.0.0-dev.3 <2.0.0", "2.0.0-dev.2", False),
    (">=2.0.0-dev.3 <2.0.0", "2.0.0", False),
    (">=1.9.0-dev <2.0.0", "2.0.0-rc", False),
    ("<=2.0.0", "2.0.0-dev", True),
    ("<=1.2.3", "1.2.3+b", False),
    (">1.2.3", "1.2.3+b", True),
    (">1.2.3", "1.2.3", False),
    ("<2.0.0+5", "2.0.0-dev", True),
    ("<2.0.0+5", "2.0.0", True),
    ("<2.0.0+5", "2.0.0+5", False),
    ("<2.0.0-b", "2.0.0-a", True),
    (">=1.0.0 >=1.5.0 <3.0.0 <2.0.0", "1.4.0", False),
    (">=1.0.0 >=1.5.0 <3.0.0 <2.0.0", "1.5.0", True),
    (">=1.0.0 >=1.5.0 <3.0.0 <2.0.0", "2.5.0", False),
    (">=1.0.0 >1.0.0", "1.0.0", False),
    (">1.0.0 >=1.0.0", "1.0.0", False),
    ("<=1.0.0 <1.0.0", "1.0.0", False),
    (">2.0.0 <1.0.0", "1.5.0", False),
    (">=1.0.0 <=1.0.0", "1.0.0", True),
    (">=1.0.0 <1.0.0", "1.0.0", False),
    (">1.0.0 <=1.0.0", "1.0.0", False),
    ("1.2.3 <2.0.0", "1.2.3", True),
    ("1.2.3 1.2.4", "1.2.3", False),
]


@pytest.mark.parametrize(("text", "version", "expected"), ALLOWED)
def test_what_a_range_allows(text: str, version: str, expected: bool) -> None:
    assert VersionRange.parse(text).allows(Version.parse(version)) is expected


NOT_RANGES = [
    "",
    "  ",
    "ANY",
    "any 1.0.0",
    "^",
    "^1.2",
    "^1.2.3 <2.0.0",
    "^^1.2.3",
    ">=1.0.0, <2.0.0",
    ">=1.0.0,<2.0.0",
]
NOT_RANGES += [
    "1.0.0 || 2.0.0",
    "1.0.0 - 2.0.0",
    "~1.2.3",
    "*",
    "1.x",
    "=1.0.0",
    "==1.0.0",
    "> = 1.0.0",
    ">",
    "1",
    "1.2",
]
NOT_RANGES += [">=v1.0.0", "<>1.0.0", "1.0.0-<2.0.0"]


@pytest.mark.parametrize("text", NOT_RANGES)
def test_other_ranges_are_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        VersionRange.parse(text)


@given(version_texts())
def test_text_survives_parsing(text: str) -> None:
    version = Version.parse(text)

    assert str(version) == text
    assert Version.parse(str(version)) == version


@given(versions, versions, versions)
def test_the_order_is_total(a: Version, b: Version, c: Version) -> None:
    assert (a < b) + (a == b) + (a > b) == 1
    assert not (a <= b <= c) or a <= c
    assert a != b or hash(a) == hash(b)


@given(versions, versions, versions)
def test_ranges_have_no_holes(low: Version, middle: Version, high: Version) -> None:
    low, middle, high = sorted((low, middle, high))
    for text in (f">={low}", f">{low}", "any"):
        allowed = VersionRange.parse(text)
        assert not allowed.allows(low) or allowed.allows(middle)
    for text in (f"<{high}", f"<={high}", "any"):
        allowed = VersionRange.parse(text)
        assert not allowed.allows(high) or allowed.allows(middle)
    between = VersionRange.parse(f">={low} <={high}")
    assert between.allows(low)
    assert between.allows(middle)
    assert between.allows(high)


@given(versions, versions)
def test_a_caret_ends_before_the_next_breaking_version(floor: Version, other: Version) -> None:
    major, minor, _ = floor.triple
    same = other.triple[:2] == (0, minor) if major == 0 else other.triple[0] == major

    assert VersionRange.parse(f"^{floor}").allows(other) is (other >= floor and same)


@given(st.text(max_size=30))
def test_any_text_is_a_range_or_a_value_error(text: str) -> None:
    for parse in (VersionRange.parse, Version.parse):
        with suppress(ValueError):
            parse(text)


@pytest.mark.parametrize(
    "text",
    ["1.0.0-" + "a" * 5_000, "1.0.0-" + "9" * 5_000, "1.0.0+" + "b" * 300, "9" * 5_000 + ".0.0", "1." * 200],
    ids=["letters", "digits", "build", "component", "dots"],
)
def test_huge_versions_are_refused_in_a_short_sentence(text: str) -> None:
    for parse in (Version.parse, VersionRange.parse):
        with pytest.raises(ValueError, match=r"longer than|not a version") as caught:
            parse(text)
        assert len(str(caught.value)) < 450


def test_versions_of_usual_length_are_read() -> None:
    assert str(Version.parse("1.0.0-" + "a" * 250)) == "1.0.0-" + "a" * 250
