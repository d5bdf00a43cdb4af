"""The JSON schemas of audiences and switches say what the models take, as far as a schema can tell."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from miniprogram.delivery.evaluation.conditions.model import ATTRIBUTES
from miniprogram.delivery.evaluation.conditions.operators import CASE_SENSITIVE, OPERATORS
from miniprogram.releases.model.audience_schema import Audience
from miniprogram.releases.model.configuration import check_audience
from miniprogram.releases.model.switches import Switch

SCHEMA = jsonschema_rs.Draft202012Validator(TypeAdapter(Audience).json_schema(by_alias=True))
SWITCH = jsonschema_rs.Draft202012Validator(Switch.model_json_schema(by_alias=True))

GOOD: dict[str, list[Any]] = {
    **{name: ["1"] for name in OPERATORS if name.startswith("num_")},
    **{name: ["1.2.0"] for name in OPERATORS if name.startswith("semver_")},
    **{name: ["2030-03-01T08:00:00Z"] for name in OPERATORS if name.startswith("date_")},
    "version_in_range": ["1", "2"],
    "version_out_of_range": ["1", "2"],
    "cidr": ["10.0.0.0/8"],
}
"""Values that an operator takes; the others take any text."""


def takes(tree: Any) -> bool:
    try:
        check_audience(tree)
    except ValueError:
        return False
    return True


def condition(operator: str, **more: Any) -> dict[str, Any]:
    return {"attribute": "userId", "operator": operator, "values": GOOD.get(operator, ["a"]), **more}


@pytest.mark.parametrize("operator", [*OPERATORS, "segment"])
def test_every_operator_and_what_goes_with_it(operator: str) -> None:
    variants = [
        condition(operator),
        *(condition(operator, caseInsensitive=flag) for flag in (True, False, "yes", None)),
        *(condition(operator, inverted=flag) for flag in (True, 1)),
        *(condition(operator, attribute=name) for name in (*ATTRIBUTES, "custom.a-b", "custom.", "shoeSize", 7)),
        *(condition(operator, values=values) for values in ([], "a", [1], [None], [True], ["1", "2", "3"])),
        condition(operator, more=1),
        {"attribute": "userId", "operator": operator},
        {"all": [condition(operator)], "attribute": "userId"},
    ]
    wrong = [each for each in variants if SCHEMA.is_valid(each) != takes(each)]
    semantic = [
        each
        for each in wrong
        if SCHEMA.is_valid(each) and operator in CASE_SENSITIVE and each["values"] != GOOD[operator]
    ]
    assert wrong == semantic, "schema and model disagree"


@pytest.mark.parametrize(
    "tree",
    [{}, [], None, 7, {"all": {}}, {"all": []}, {"any": [{"all": []}]}, {"not": {"any": []}}, {"not": []},
     {"not": {"any": []}, "all": []}, {"every": []}, {"all": [1]}],
    ids=repr,
)  # fmt: skip
def test_trees(tree: Any) -> None:
    assert SCHEMA.is_valid(tree) == (takes(tree) and tree is not None)


values = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5), st.text(max_size=3), st.lists(st.booleans(), max_size=2)
)


@settings(max_examples=200, deadline=None)
@given(
    members=st.fixed_dictionaries(
        {"key": st.just("k"), "type": st.sampled_from(["boolean", "string", "number", "json", "text"])},
        optional={
            "default": values,
            "enabled": values,
            "rules": st.lists(
                st.fixed_dictionaries({}, optional={"value": values, "basisPoints": values, "salt": values}),
                max_size=2,
            ),
            "more": values,
        },
    )
)
def test_switches(members: dict[str, Any]) -> None:
    try:
        Switch.model_validate(members)
    except ValidationError:
        fits = False
    else:
        fits = True
    assert SWITCH.is_valid(members) == fits
