"""Switches: named values that depend on who asks."""

from __future__ import annotations

from typing import Any, NamedTuple

from miniprogram.delivery.evaluation.buckets import WHOLE, is_inside
from miniprogram.delivery.evaluation.context.evaluation_context import EvaluationContext
from miniprogram.delivery.evaluation.policy.model import CompiledSwitch, CompiledSwitchRule, ReleasePolicy


class SwitchValue(NamedTuple):
    """A switch as one visitor sees it. `reason`: `rule`, `default` or `disabled`; `rule` counts from 0."""

    value: Any
    type: str
    reason: str
    rule: int | None = None


def switch_values(policy: ReleasePolicy, context: EvaluationContext) -> dict[str, SwitchValue]:
    """Every switch that is for the visitor's host and environment, by key."""
    host_app, environment = context.attributes.get("hostApp"), context.environment
    return {
        switch.key: _evaluate(switch, context)
        for switch in policy.switches
        if switch.host_app in {None, host_app} and switch.environment in {None, environment}
    }


def _evaluate(switch: CompiledSwitch, context: EvaluationContext) -> SwitchValue:
    if not switch.enabled:
        return SwitchValue(switch.default, switch.type, "disabled")
    for position in switch.audiences.candidates(context.attributes):
        rule = switch.rules[position]
        if _holds(rule, context):
            return SwitchValue(rule.value, switch.type, "rule", position)
    return SwitchValue(switch.default, switch.type, "default")


def _holds(rule: CompiledSwitchRule, context: EvaluationContext) -> bool:
    if rule.audience is not None and not rule.audience.matches(context.attributes):
        return False
    return rule.basis_points == WHOLE or is_inside(rule.salt, context.key, rule.basis_points)
