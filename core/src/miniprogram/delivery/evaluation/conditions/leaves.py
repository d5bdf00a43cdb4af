"""One condition: an attribute, asked by one operator."""

from __future__ import annotations

from collections.abc import Callable

from miniprogram.delivery.evaluation.conditions.model import CAPABILITY, Clause, Context, Matches
from miniprogram.delivery.evaluation.conditions.operators import Test


def leaf_matches(attribute: str, operator: str, test: Test, inverted: bool) -> Matches:
    if attribute == CAPABILITY:
        return _of_many(operator, test, inverted)
    if inverted:

        def differs(context: Context) -> bool:
            value = context.get(attribute)
            return value is not None and test(value) is False

        return differs

    def holds(context: Context) -> bool:
        value = context.get(attribute)
        return value is not None and test(value) is True

    if operator == "in":  # None is in no list of texts, which saves a step

        def is_member(context: Context) -> bool:
            return test(context.get(attribute)) is True

        return is_member if getattr(test, "__self__", None) is not None else holds
    return holds


def _of_many(operator: str, test: Test, inverted: bool) -> Matches:
    """For an attribute with many values: one must pass; of what is negative, all must."""
    is_negative = inverted != (operator in {"not_in", "version_out_of_range"})

    def matches(context: Context) -> bool:
        values = context.get(CAPABILITY)
        if not values:
            return False
        outcomes = [test(value) for value in values]
        wanted = not inverted
        return all(found is wanted for found in outcomes) if is_negative else wanted in outcomes

    return matches


def leaf_explainer(
    attribute: str, operator: str, matches: Matches, inverted: bool
) -> Callable[[Context, str], Clause]:
    text = f"{attribute} {operator}" + (" (inverted)" if inverted else "")

    def explain(context: Context, path: str) -> Clause:
        return Clause(path, text, matches(context), context.get(attribute) in (None, "", (), frozenset()))

    return explain
