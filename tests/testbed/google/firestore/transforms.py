"""Field transforms: what the service computes itself while it writes."""

from __future__ import annotations

from typing import Any

from google.cloud.firestore_v1 import types
from testbed.google.firestore import values
from testbed.google.firestore.refusals import invalid

Value = types.Value.pb()
_LEAST, _MOST = -(2**63), 2**63 - 1


def applied(transform: Any, now: Any, before: Any | None) -> tuple[Any, Any]:
    """The new value of a field, and the result that the answer tells."""
    which = transform.WhichOneof("transform_type")
    if which == "set_to_server_value":
        made = Value(timestamp_value=now)
        return made, made
    if which == "increment":
        made = _sum(before, transform.increment)
        return made, made
    if which in ("maximum", "minimum"):
        made = _extreme(before, getattr(transform, which), largest=which == "maximum")
        return made, made
    if which in ("append_missing_elements", "remove_all_from_array"):
        return _array(before, getattr(transform, which), add=which == "append_missing_elements"), Value(
            null_value=0
        )
    raise invalid("A transform has no kind.")


def _is_number(value: Any | None) -> bool:
    return value is not None and value.WhichOneof("value_type") in ("integer_value", "double_value")


def _number(value: Any) -> int | float:
    number: int | float = getattr(value, value.WhichOneof("value_type"))
    return number


def _sum(before: Any | None, operand: Any) -> Any:
    if not _is_number(operand):
        raise invalid("increment must have a number.")
    if before is None or not _is_number(before):
        return operand
    total = _number(before) + _number(operand)
    if isinstance(total, float):
        return Value(double_value=total)
    return Value(integer_value=max(_LEAST, min(_MOST, total)))


def _extreme(before: Any | None, operand: Any, *, largest: bool) -> Any:
    if not _is_number(operand):
        raise invalid("maximum and minimum must have a number.")
    if before is None or not _is_number(before):
        return operand
    if values.is_nan(before) or values.is_nan(operand):
        return Value(double_value=float("nan"))
    one, other = _number(before), _number(operand)
    takes_operand = other > one if largest else other < one
    return operand if takes_operand else before


def _array(before: Any | None, operand: Any, *, add: bool) -> Any:
    present = before is not None and before.WhichOneof("value_type") == "array_value"
    kept = list(before.array_value.values) if before is not None and present else []
    if add:
        for member in operand.values:
            if not any(values.same(member, each) for each in kept):
                kept.append(member)
    else:
        kept = [each for each in kept if not any(values.same(each, member) for member in operand.values)]
    made = Value()
    made.array_value.SetInParent()
    made.array_value.values.extend(kept)
    return made
