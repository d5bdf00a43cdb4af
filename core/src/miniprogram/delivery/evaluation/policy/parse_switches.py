"""Switches of a policy: values of one type, chosen by audience and percentage."""

from __future__ import annotations

import sys
from typing import Any

from miniprogram.delivery.evaluation.buckets import WHOLE
from miniprogram.delivery.evaluation.conditions.audience_index import AudienceIndex
from miniprogram.delivery.evaluation.policy.model import ENVIRONMENTS, CompiledSwitch, CompiledSwitchRule
from miniprogram.delivery.evaluation.policy.parse_audiences import Audiences
from miniprogram.delivery.evaluation.policy.strict_object import PolicyError, StrictObject

_LARGEST_NUMBER = sys.float_info.max
_JSON_TYPES: dict[str, tuple[type, ...]] = {
    "boolean": (bool,),
    "string": (str,),
    "number": (int, float),
    "json": (dict, list, str, int, float, bool, type(None)),
}


def parse_switch(key: str, value: Any, path: str, audiences: Audiences) -> CompiledSwitch:
    """The switch `key`. Raises PolicyError."""
    members = StrictObject(value, path)
    kind = members.choice("type", tuple(_JSON_TYPES))
    default = members.raw("default")
    _must_be(kind, default, members.member_path("default"))
    found = members.items("rules", lambda item, item_path: _rule(item, item_path, kind, audiences))
    rules = tuple(rule for rule, _ in found)
    switch = CompiledSwitch(
        key,
        kind,
        default,
        members.flag("enabled", default=True),
        members.text("hostApp") if members.has("hostApp") else None,
        members.choice("environment", ENVIRONMENTS) if members.has("environment") else None,
        rules,
        AudienceIndex([rule.audience.required if rule.audience else {} for rule in rules]),
    )
    members.done()
    return switch


def _rule(item: Any, path: str, kind: str, audiences: Audiences) -> CompiledSwitchRule:
    members = StrictObject(item, path)
    value = members.raw("value")
    _must_be(kind, value, members.member_path("value"))
    audience, audience_path = audiences.audience(members)
    is_partial = members.has("basisPoints")
    rule = CompiledSwitchRule(
        value,
        audience,
        audience_path,
        members.whole("basisPoints", 0, WHOLE) if is_partial else WHOLE,
        members.text("salt") if is_partial else "",
    )
    members.raw("salt")
    members.done()
    return rule


def _must_be(kind: str, value: Any, path: str) -> None:
    is_flag_for_number = kind == "number" and isinstance(value, bool)
    if is_flag_for_number or not isinstance(value, _JSON_TYPES[kind]):
        raise PolicyError(path, f"must be of the switch's type, {kind}")
    number: Any = value
    if kind == "number" and not -_LARGEST_NUMBER <= number <= _LARGEST_NUMBER:
        raise PolicyError(path, "must be a number that every host can hold, at most about 1.8e308")
