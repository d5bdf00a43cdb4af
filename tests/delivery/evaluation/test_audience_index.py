"""The index of audiences: it never leaves out one that could match, and leaves out most of the others."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniprogram.delivery.evaluation.conditions.audience_index import AudienceIndex

Required = dict[str, frozenset[str]]


def required(**values: str) -> Required:
    """What is required of a context: `required(os="ios android")`."""
    return {name: frozenset(text.split()) for name, text in values.items()}


IOS, ANDROID, ANY = required(os="ios"), required(os="android"), required()


@pytest.mark.parametrize(
    ("requirements", "context", "candidates"),
    [
        ([], {"os": "ios"}, []),
        ([ANY, ANY], {}, [0, 1]),
        ([IOS, ANDROID], {}, []),
        ([IOS, ANDROID], {"os": None}, []),
        ([IOS, ANDROID], {"os": "ios"}, [0]),
        ([IOS, ANDROID], {"os": "web"}, []),
        ([IOS, ANY, IOS], {"os": "ios"}, [0, 1, 2]),
        ([ANY, IOS, ANY], {"os": "android"}, [0, 2]),
        ([required(os="ios android"), ANDROID], {"os": "android"}, [0, 1]),
        ([IOS, required(tenant="a"), IOS], {"tenant": "a", "os": "ios"}, [0, 1, 2]),
        ([required(tenant="a"), ANY, IOS], {"os": "ios"}, [1, 2]),
    ],
)
def test_those_that_may_match_are_found_in_their_order(
    requirements: list[Required], context: dict[str, Any], candidates: list[int]
) -> None:
    index = AudienceIndex(requirements)

    assert index.candidates(context) == candidates
    assert index.candidates(context) == candidates


def test_neighbours_are_told_apart_by_what_they_do_not_share() -> None:
    tenants = [required(a="ios", b=f"t{number}", c="ios") for number in range(9)]

    assert AudienceIndex(tenants).candidates({"a": "ios", "b": "t7", "c": "ios"}) == [7]


def test_an_attribute_with_many_values_is_as_common_as_all_of_them() -> None:
    """Of `os`, both values together are met twice; the tenant is met once."""
    both = [required(os="ios android", tenant="a"), required(tenant="b")]

    assert AudienceIndex(both).candidates({"os": "ios", "tenant": "other"}) == []


def test_two_rare_values_are_rarer_than_one_that_everybody_has() -> None:
    crowd = [required(tenant="x y", os="ios"), IOS, IOS]

    assert AudienceIndex(crowd).candidates({"os": "ios", "tenant": "z"}) == [1, 2]


def test_of_what_is_equally_rare_the_first_by_name_is_used() -> None:
    """So the same audiences have the same index everywhere."""
    either = [{"b": frozenset({"1"}), "a": frozenset({"1"})}]

    assert AudienceIndex(either).candidates({"a": "1"}) == [0]
    assert AudienceIndex(either).candidates({"b": "1"}) == []


names, values = st.sampled_from("abc"), st.sampled_from("xyz")


@given(
    st.lists(st.dictionaries(names, st.frozensets(values, min_size=1)), max_size=6),
    st.dictionaries(names, values | st.none()),
)
def test_whatever_could_match_is_a_candidate(requirements: list[Required], context: dict[str, Any]) -> None:
    found = AudienceIndex(requirements).candidates(context)

    could = [
        position
        for position, each in enumerate(requirements)
        if all(context.get(name) in wanted for name, wanted in each.items())
    ]
    assert found == sorted(set(found))
    assert set(could) <= set(found)
