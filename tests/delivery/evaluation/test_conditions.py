"""Conditions against their vectors, and whatever anybody writes or sends."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniprogram.delivery.evaluation.conditions import parse as conditions
from miniprogram.delivery.evaluation.conditions.model import ATTRIBUTES, ConditionError
from miniprogram.delivery.evaluation.conditions.operators import dotted, epoch_ms
from miniprogram.delivery.evaluation.conditions.parse import compile_condition, evaluate, explain_condition
from miniprogram.delivery.evaluation.conditions.patterns import compile_pattern
from miniprogram.delivery.evaluation.context.evaluation_context import EvaluationContext
from miniprogram.delivery.evaluation.policy.parse import read_policy
from miniprogram.delivery.evaluation.policy.strict_object import PolicyError

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "conditions.json").read_text("utf-8"))


def find_segment(name: str) -> Any:
    """A segment of the vectors, read as a policy reads it."""
    segments = VECTORS["segments"]
    if name not in segments:
        raise ValueError(f"{name!r} is not one of the segments")
    only = {"hostApp": "h", "environment": "test", "releases": {"r": {"version": "1.0.0"}}}
    entry = {"step": "pilot", "release": "r", "testers": {"segment": name}}
    policy = {"formatVersion": 1, "revision": 1, "segments": segments, "targets": [{**only, "entries": [entry]}]}
    return read_policy(policy).targets["h", "test"].entries[0].is_tester


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_conditions_come_out_as_the_vectors_say(case: dict[str, Any]) -> None:
    tree, context = case["condition"], case["context"]

    assert evaluate(tree, context, find_segment) is case["matches"]
    clause = explain_condition(tree, context, find_segment)
    assert clause.matched is case["matches"]
    if "clause" in case:
        assert clause.path == case["clause"]


@pytest.mark.parametrize("case", VECTORS["invalid"], ids=lambda case: case["name"])
def test_slips_are_named_with_their_place(case: dict[str, Any]) -> None:
    with pytest.raises(ConditionError) as caught:
        compile_condition(case["condition"], find_segment)

    assert caught.value.path == case["path"]
    assert caught.value.reason


def test_every_operator_and_attribute_has_a_vector() -> None:
    text = json.dumps(VECTORS["cases"])
    missing = [name for name in [*conditions.OPERATORS, "segment"] if f'"operator": "{name}"' not in text]
    assert missing == []


def test_explanations_hold_no_values() -> None:
    clause = explain_condition(
        {"attribute": "userId", "operator": "in", "values": ["secret@a"]}, {"userId": "me@b"}
    )

    assert "secret" not in str(clause)
    assert "me@b" not in str(clause)


texts = st.text(max_size=6)
odd = st.none() | st.booleans() | st.integers() | st.floats() | texts | st.lists(texts, max_size=2)
values = (
    st.sampled_from(["1", "1.0.0", "^1.0.0", "2026-01-01", "10.0.0.0/8", "a+", "", "x"]) | texts | st.integers()
)
leaves = st.fixed_dictionaries(
    {
        "attribute": st.sampled_from([*conditions.ATTRIBUTES, "custom.x"]),
        "operator": st.sampled_from(sorted(conditions.OPERATORS)),
        "values": st.lists(values, min_size=1, max_size=2),
    },
    optional={"inverted": st.booleans(), "caseInsensitive": st.booleans()},
)
trees = st.recursive(
    leaves,
    lambda inner: st.fixed_dictionaries({"all": st.lists(inner, max_size=3)})
    | st.fixed_dictionaries({"any": st.lists(inner, max_size=3)})
    | st.fixed_dictionaries({"not": inner}),
    max_leaves=6,
)  # fmt: skip
contexts = st.dictionaries(
    st.sampled_from([*(a for a in conditions.ATTRIBUTES if a not in {"now", "capability"}), "custom.x"]),
    st.sampled_from(["1", "1.0.0", "2026-01-01", "10.1.1.1", "aaa"]) | texts,
    max_size=6,
).map(lambda context: {**context, "now": 1772352000000, "capability": ("a", "1.0.0")})


@given(trees, contexts)
def test_whatever_compiles_answers_and_explains_alike(tree: Any, context: Any) -> None:
    try:
        parsed = conditions.parse_condition(tree)
    except ConditionError:
        return
    outcome = parsed.matches(context)

    assert type(outcome) is bool
    clause = parsed.explain(context, "")
    assert clause.matched is outcome
    assert not outcome or parsed.holds_at in {None, clause.path}
    assert not outcome or all(context.get(name) in wanted for name, wanted in parsed.required.items())


@given(leaves, contexts)
def test_a_missing_attribute_never_matches(leaf: Any, context: Any) -> None:
    context.pop(leaf["attribute"], None)
    with suppress(ConditionError):
        assert evaluate(leaf, context) is False


@given(st.dictionaries(st.sampled_from(["attribute", "operator", "values", "all", "any", "not"]), odd) | odd)
def test_nonsense_is_refused_not_raised(tree: Any) -> None:
    with suppress(ConditionError):
        assert callable(compile_condition(tree))


@given(st.text(alphabet="ab01.*+?{},()[]|\\^$-d", max_size=30), st.text(alphabet="ab01.\n", max_size=256))
def test_a_pattern_that_passes_ends_soon(pattern: str, subject: str) -> None:
    try:
        matches = compile_pattern(pattern)
    except ValueError:
        return
    started = time.process_time()
    matches(subject)
    assert time.process_time() - started < 1


def test_policy_errors_name_the_clause() -> None:
    policy = {"formatVersion": 1, "revision": 1, "audiences": {"a": {"all": [{"attribute": "x"}]}}}
    with pytest.raises(PolicyError, match=r"^policy\.audiences\.a\.all\[0\]\.attribute: 'x' is not an attribute"):
        read_policy(policy)


@pytest.mark.parametrize("digits", range(10))
def test_times_may_have_up_to_nine_digits_of_a_second(digits: int) -> None:
    fraction = "." + "123456789"[:digits] if digits else ""
    expected = 1_772_352_000_000 + (round(float("0" + fraction) * 1000) if digits else 0)

    found = epoch_ms(f"2026-03-01T08:00:00{fraction}Z")

    assert found is not None
    assert abs(found - expected) <= 1
    assert epoch_ms("2026-03-01T08:00:00.1234567890Z") is None


SOME: dict[str, list[Any]] = {
    "num": ["1"], "date": ["2026-01-01"], "semver": ["1.0.0"], "version": ["1", "2"], "cidr": ["10.0.0.0/8"],
}  # fmt: skip
"""Values an operator takes, by the first word of its name; any text where it does not stand here."""


def some(operator: str) -> list[Any]:
    return SOME.get(operator.partition("_")[0], ["a"])


@pytest.mark.parametrize("operator", conditions.OPERATORS)
@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("ignore_case", [False, True])
def test_who_does_not_say_it_does_not_match(operator: str, *, inverted: bool, ignore_case: bool) -> None:
    condition = {
        "attribute": "custom.x", "operator": operator, "values": some(operator), "inverted": inverted,
    }  # fmt: skip
    if ignore_case:
        condition["caseInsensitive"] = True
    if ignore_case and operator in conditions.CASE_SENSITIVE:
        with pytest.raises(ConditionError):
            compile_condition(condition)
        return

    assert evaluate(condition, {}) is False
    clause = explain_condition(condition, {})
    assert clause == ("", f"custom.x {operator}" + (" (inverted)" if inverted else ""), False, True)
    assert not explain_condition(condition, {"custom.x": "b"}).attribute_missing


ANN: dict[str, Any] = {"attribute": "userId", "operator": "in", "values": ["ann"]}


@pytest.mark.parametrize(
    ("tree", "path"),
    [
        (ANN, ""),
        ({"all": []}, "all"),
        ({"all": [ANN]}, "all"),
        ({"all": [ANN, ANN]}, "all"),
        ({"any": [ANN]}, None),
        ({"any": [ANN, ANN]}, None),
    ],
    ids=["one", "all of none", "all of one", "all of two", "any of one", "any of two"],
)
def test_a_tree_that_matches_in_one_way_only_says_which(tree: Any, path: str | None) -> None:
    assert conditions.parse_condition(tree).holds_at == path


@pytest.mark.parametrize(
    ("changes", "required"),
    [
        ({}, {"userId": {"ann"}}),
        ({"values": ["ann", "bob"]}, {"userId": {"ann", "bob"}}),
        ({"inverted": True}, {}),
        ({"caseInsensitive": True}, {}),
        ({"attribute": "capability"}, {}),
        ({"operator": "not_in"}, {}),
        ({"operator": "str_contains"}, {}),
        ({"operator": "segment", "values": ["s"]}, {}),
    ],
    ids=["one", "two", "inverted", "any case", "many at once", "not in", "part", "segment"],
)
def test_only_a_list_of_whole_values_is_required_of_an_attribute(changes: Any, required: Any) -> None:
    """Audiences are looked up by it: what requires too much is not found by those it is for."""
    parsed = conditions.parse_condition({**ANN, **changes}, lambda _name: lambda text: text == "ann")

    assert parsed.required == required


def test_values_that_nobody_can_change_are_values_too() -> None:
    assert evaluate({**ANN, "values": ("ann", "bob")}, {"userId": "bob"})


@pytest.mark.parametrize("kind", ["all", "any", "not"])
@pytest.mark.parametrize(("levels", "holds"), [(8, True), (9, False)])
def test_a_tree_has_a_most_levels(kind: str, levels: int, *, holds: bool) -> None:
    tree: Any = ANN
    for _ in range(levels - 1):
        tree = {kind: tree if kind == "not" else [tree]}

    if holds:
        assert evaluate(tree, {"userId": "ann"}) is (kind != "not")
    else:
        with pytest.raises(ConditionError, match="nested deeper than 8 levels"):
            compile_condition(tree)


@pytest.mark.parametrize(
    ("tree", "said"),
    [
        ({"any": [], "comment": "x"}, "^has other members beside any$"),
        ({"not": {"all": [], "comment": "x"}}, "^not: has other members beside all$"),
        ({"all": ""}, "^all: must be a list$"),
        ({"any": "ab"}, "^any: must be a list$"),
        ({**ANN, "operator": "segment", "caseInsensitive": True}, "^caseInsensitive: does not go with segment$"),
        ({**ANN, "operator": "segment"}, "^values: there are no segments here$"),
        ({**ANN, "operator": ["in"]}, r"^operator: \['in'\] is not an operator$"),
        ({**ANN, "values": "ann"}, "^values: must be a list"),
        ({**ANN, "values": {"ann": 1}}, "^values: must be a list"),
        ({**ANN, "operator": "num_eq", "values": [None]}, r"^values\[0\]: must be a text$"),
        ({**ANN, "operator": "num_eq", "values": [True]}, r"^values\[0\]: must be a text$"),
    ],
)
def test_what_is_wrong_with_a_tree_is_said(tree: Any, said: str) -> None:
    with pytest.raises(ConditionError, match=said):
        compile_condition(tree)


@pytest.mark.parametrize("operator", ["in", "not_in", "str_contains", "str_starts_with", "str_ends_with", "regex"])
@pytest.mark.parametrize("ignore_case", [False, True])
def test_a_number_is_no_text(operator: str, *, ignore_case: bool) -> None:
    condition = {
        "attribute": "custom.x", "operator": operator, "values": ["1"], "caseInsensitive": ignore_case,
    }  # fmt: skip

    assert evaluate(condition, {"custom.x": 1}) is False


def test_a_negation_says_that_it_is_one() -> None:
    condition = {"not": {"attribute": "userId", "operator": "in", "values": ["a"]}}

    assert explain_condition(condition, {"userId": "b"}) == ("not", "not userId in", True, False)


@pytest.mark.parametrize(("count", "holds"), [(10_000, True), (10_001, False)])
def test_a_condition_has_a_most_values(count: int, *, holds: bool) -> None:
    condition = {"attribute": "userId", "operator": "in", "values": [str(each) for each in range(count)]}

    if holds:
        assert evaluate(condition, {"userId": "9999"})
    else:
        with pytest.raises(ConditionError, match="more than 10000 values"):
            compile_condition(condition)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (["1"], "takes two values"),
        (["1", "2", "3"], "takes two values"),
        (["1.x", "2"], "'1.x' is not a version of dotted numbers"),
        (["1", "two"], "'two' is not a version of dotted numbers"),
        (["2.1", "2.0.9"], "above the highest"),
    ],
)
@pytest.mark.parametrize("operator", ["version_in_range", "version_out_of_range"])
def test_a_range_of_versions_has_two_ends(operator: str, values: list[str], said: str) -> None:
    with pytest.raises(ConditionError, match=said):
        compile_condition({"attribute": "osVersion", "operator": operator, "values": values})


@pytest.mark.parametrize(
    ("value", "read"),
    [(1.9, 1), (7, 7), (True, None), (None, None), ("2026-01-01T25:00Z", None), ("2026-02-30", None)],
)
def test_a_time_is_a_number_or_written_as_one(value: Any, read: int | None) -> None:
    assert epoch_ms(value) == read


@pytest.mark.parametrize(
    ("value", "read"),
    [("1.2.0", (1, 2)), ("0.0", ()), ("0", ()), (7, None), (None, None), ("1.", None), ("", None)],
)
def test_a_dotted_version_ends_before_its_zeros(value: Any, read: tuple[int, ...] | None) -> None:
    assert dotted(value) == read


@pytest.mark.parametrize("value", [["1"], 1, True, b"1", {}], ids=str)
@pytest.mark.parametrize("operator", ["num_eq", "semver_eq", "version_in_range", "date_after"])
def test_what_is_of_another_kind_does_not_raise(operator: str, value: Any) -> None:
    condition = {"attribute": "custom.x", "operator": operator, "values": SOME[operator.split("_", maxsplit=1)[0]]}

    assert evaluate(condition, {"custom.x": value}) is (operator == "num_eq" and value == 1 and value is not True)


def test_a_network_may_be_named_by_any_of_its_addresses() -> None:
    condition = {"attribute": "ip", "operator": "cidr", "values": [" 10.1.2.3/8 "]}

    assert [evaluate(condition, {"ip": ip}) for ip in ("10.9.9.9", "11.0.0.1", "::ffff:10.0.0.1", "x")] == [
        True, False, True, False,
    ]  # fmt: skip


ODD_VALUES = [["a"], ("a",), {"a": 1}, {"a"}, object(), None, b"a", 1 + 2j]


@pytest.mark.parametrize("value", ODD_VALUES, ids=[repr(type(each).__name__) for each in ODD_VALUES])
@pytest.mark.parametrize("attribute", [name for name in ATTRIBUTES if name != "now"])
def test_what_no_request_could_hold_counts_as_not_sent(attribute: str, value: Any) -> None:
    context = EvaluationContext.from_attributes({"now": 0, attribute: value})

    found = context.attributes.get(attribute)

    if attribute == "capability":
        assert found in (None, frozenset({"a"}), frozenset())
    else:
        assert found is None
    assert hash(context.delivery.platform) is not None


@pytest.mark.parametrize(("value", "text"), [(5, "5"), (1.5, "1.5"), (True, "true"), ("x", "x")])
def test_numbers_are_texts_as_in_a_request(value: Any, text: str) -> None:
    assert EvaluationContext.from_attributes({"now": 7, "custom.n": value}).attributes == {
        "now": 7,
        "custom.n": text,
    }
