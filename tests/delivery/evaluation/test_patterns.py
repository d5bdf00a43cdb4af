"""Patterns: what they match, what they cost, and which are refused, with the character that is to blame."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniprogram.delivery.evaluation.conditions.patterns import compile_pattern, pattern_work

pytestmark = pytest.mark.timeout(5)
"""Reading a pattern takes no time that anybody would notice; one that is never read to its end is seen soon."""

MATCHES: dict[str, tuple[list[str], list[str]]] = {
    "": (["", "a"], []),
    "ab": (["ab", "xaby"], ["a", "ba", "AB"]),
    "^a": (["ab"], ["ba"]),
    "a$": (["ba"], ["ab", "a\n"]),
    "^$": ([""], ["a"]),
    "^.$": (["a", "."], ["", "ab", "\n"]),
    "^ab*$": (["a", "abb"], ["", "aab"]),
    "^ab+$": (["ab", "abb"], ["a"]),
    "^ab?$": (["a", "ab"], ["abb"]),
    "^a{2}$": (["aa"], ["a", "aaa"]),
    "^a{2,}$": (["aa", "aaaaa"], ["a"]),
    "^a{2,3}$": (["aa", "aaa"], ["a", "aaaa"]),
    "^a{2,2}$": (["aa"], ["a", "aaa"]),
    "^(a|bc|)d$": (["ad", "bcd", "d"], ["abcd", "cd"]),
    "^(?:a|b)?c$": (["ac", "bc", "c"], ["abc"]),
    "^(ab){2}$": (["abab"], ["ab", "abb"]),
    "^((a))$": (["a"], ["aa"]),
    "^[abc]$": (["a", "c"], ["d", "", "ab"]),
    "^[^abc]$": (["d", "^"], ["a"]),
    "^[a-c]$": (["b"], ["d", "-"]),
    "^[a-]$": (["a", "-"], ["b"]),
    "^[-a]$": (["a", "-"], ["b"]),
    "^[a^]$": (["a", "^"], ["b"]),
    "^[a-a]$": (["a"], ["-", "b"]),
    "^[+--]$": (["+", ",", "-"], [".", "*"]),
    r"^[\d-z]$": (["5", "-", "z"], ["y", "d"]),
    r"^[\n-\r]$": (["\n", "\x0b", "\r"], ["n", "p", "r", "\\", "-"]),
    r"^[\t-\n]$": (["\t", "\n"], ["\x08", "\x0b", "t"]),
    r"^[\]\\\-]$": (["]", "\\", "-"], ["a", "["]),
    r"^[!-\]]$": (["!", "Z", "\\", "]"], ["^", " "]),
    r"^[[&~|]$": (["[", "&", "~", "|"], ["\\", "a"]),
    r"^[&&]$": (["&"], ["a"]),
    r"^\d\D\w\W\s\S$": (["1aa- -"], ["a1-a- "]),
    r"^\d$": (["3"], ["٣"]),
    r"^\w$": (["a", "_"], ["é"]),
    r"^\n\t\r$": (["\n\t\r"], ["ntr"]),
    r"^\.\*\-\ $": ([".*- "], ["abc "]),
    "^a b#c$": (["a b#c"], ["abc"]),
    "^é$": (["é"], ["É", "e"]),
}  # fmt: skip
"""By pattern: texts that it matches, and texts that it does not."""


@pytest.mark.parametrize("pattern", MATCHES)
def test_a_pattern_matches_what_it_says(pattern: str) -> None:
    matches = compile_pattern(pattern)
    yes, no = MATCHES[pattern]

    assert [text for text in yes if matches(text) is not True] == []
    assert [text for text in no if matches(text) is not False] == []


def test_letters_are_alike_when_asked() -> None:
    assert [compile_pattern("^a[B-C]$", ignore_case=each)("Ab") for each in (True, False)] == [True, False]


REFUSED: dict[str, tuple[int, str]] = {
    ")": (1, "')' closes nothing"),
    "ab)c": (3, "')' closes nothing"),
    "(": (2, "a group is not closed"),
    "(a|b": (5, "a group is not closed"),
    "a\\": (3, "something is missing here"),
    "[ab": (4, "something is missing here"),
    "[a-": (4, "something is missing here"),
    "[]": (3, "an empty class"),
    "[^]": (4, "an empty class"),
    "*a": (1, "'*' stands alone"),
    "a|+": (3, "'+' stands alone"),
    "(?:?)": (4, "'?' stands alone"),
    "{1}": (1, "'{' stands alone"),
    "a}": (2, "'}' stands alone"),
    "ab]": (3, "']' stands alone"),
    "a(?i)": (4, "only '(?:' is supported"),
    "(?": (3, "only '(?:' is supported"),
    "(?P<n>a)": (3, "only '(?:' is supported"),
    r"a\b": (3, r"'\b' is not supported"),
    r"(a)\1": (5, r"'\1' is not supported"),
    r"[a\Z]": (4, r"'\Z' is not supported"),
    "a**": (3, "a quantifier follows a quantifier"),
    "a+?": (3, "a quantifier follows a quantifier"),
    "a{2}+": (5, "a quantifier follows a quantifier"),
    "a?{2}": (3, "a quantifier follows a quantifier"),
    "^*": (3, "an anchor cannot be repeated"),
    "a$+": (4, "an anchor cannot be repeated"),
    "(a+)+": (6, "a repeated group holds a quantifier"),
    "(a?b)?": (7, "a repeated group holds a quantifier"),
    "(b|a{2}){2}": (12, "a repeated group holds a quantifier"),
    "((a*))+": (8, "a repeated group holds a quantifier"),
    "(a|b)*": (7, "a repeated group holds an alternation"),
    "(a|b){2}": (9, "a repeated group holds an alternation"),
    "(c(a|b))+": (10, "a repeated group holds an alternation"),
    "((a|b)?)?": (10, "a repeated group holds a quantifier"),
    "a{": (2, "'{' does not begin a count"),
    "a{,5}": (2, "'{' does not begin a count"),
    "a{1000}": (2, "'{' does not begin a count"),
    "a{101}": (7, "counts go from low to high and up to 100"),
    "a{101,}": (8, "counts go from low to high and up to 100"),
    "a{1,101}": (9, "counts go from low to high and up to 100"),
    "a{5,4}": (7, "counts go from low to high and up to 100"),
    "a{5,0}": (7, "counts go from low to high and up to 100"),
    "[b-a]": (5, "this is not a range of characters"),
    r"[a-\d]": (6, "this is not a range of characters"),
    r"[\r-\n]": (7, "this is not a range of characters"),
}
"""By pattern: the character to blame, counted from 1, and why."""


@pytest.mark.parametrize("pattern", REFUSED)
def test_a_pattern_that_is_refused_says_where_and_why(pattern: str) -> None:
    character, reason = REFUSED[pattern]

    with pytest.raises(ValueError, match=re.escape(reason)) as caught:
        compile_pattern(pattern)

    assert str(caught.value).startswith(f"{pattern!r}, character {character}: ")


WORK = {
    "": 256,
    "a": 256,
    "^a": 1,
    "^[a-z][0-9]": 1,
    "^a*": 256,
    "^a+": 256,
    "^a?": 2,
    "^a{7}": 1,
    "^a{0,100}": 101,
    "^a{2,5}": 4,
    "^a{2,}": 256,
    "^a?b?c?": 8,
    "a?": 512,
    "^a|b": 512,
    "^(a|b|c)": 768,
    "^(a|b)?": 1024,
    "a|b*": 257 * 256,
    "^(?:ab)*c": 256,
    "^((a?)b{1,3})": 6,
    r"\^a": 256,
}
"""By pattern: the ways in which it can match; each place it can begin at is one for each way."""


@pytest.mark.parametrize("pattern", WORK)
def test_the_work_of_a_pattern_is_the_product_of_its_choices(pattern: str) -> None:
    assert pattern_work(pattern) == WORK[pattern]


def test_a_pattern_has_a_most_work() -> None:
    heaviest = "^" + "a?" * 20

    assert pattern_work(heaviest) == 2**20
    assert compile_pattern(heaviest)("b")
    with pytest.raises(ValueError, match="can match in too many ways"):
        compile_pattern(heaviest + "a?")


def test_a_pattern_has_a_most_characters() -> None:
    assert compile_pattern("a" * 200)("a" * 200)
    with pytest.raises(ValueError, match="at most 200 characters"):
        compile_pattern("a" * 201)


def test_texts_that_are_too_long_never_match() -> None:
    assert [compile_pattern("^a*$")("a" * count) for count in (256, 257)] == [True, False]


@pytest.mark.filterwarnings("ignore:Possible nested set:FutureWarning")  # what `[[` means may change, in Python
@given(st.text(alphabet="ab01.*+?{},()[]|\\^$-dn", max_size=20), st.text(alphabet="ab01.-^\\[]d", max_size=8))
def test_what_passes_means_what_it_means_elsewhere(pattern: str, text: str) -> None:
    with suppress(ValueError):
        matches = compile_pattern(pattern)
        assert matches(text) is (re.search(pattern, text, re.ASCII) is not None)
