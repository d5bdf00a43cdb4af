"""Names in a policy: audiences and segments, and the conditions that use them."""

from __future__ import annotations

from typing import Any

from miniprogram.delivery.evaluation.conditions.model import Condition, ConditionError
from miniprogram.delivery.evaluation.conditions.operators import Test
from miniprogram.delivery.evaluation.conditions.parse import parse_condition
from miniprogram.delivery.evaluation.policy.parse_segments import OpenList, parse_segment
from miniprogram.delivery.evaluation.policy.strict_object import PolicyError, StrictObject


class Audiences:
    """The segments and audiences of one policy, by name. Every method raises PolicyError."""

    def __init__(self, members: StrictObject, open_list: OpenList) -> None:
        self._segments: dict[str, Test] = {}
        self._audiences: dict[str, tuple[Condition, str]] = {}
        for name, value, path in members.named("segments"):
            self._segments[name] = parse_segment(StrictObject(value, path), open_list)
        for name, tree, path in members.named("audiences"):
            self._audiences[name] = self._condition(tree, path), f"audiences.{name}"

    def audience(self, members: StrictObject) -> tuple[Condition | None, str]:
        """A member's audience, and where its clauses stand."""
        value = members.raw("audience")
        if value is None:
            return None, ""
        if not isinstance(value, str):
            return self._condition(value, members.member_path("audience")), "audience"
        if value not in self._audiences:
            raise members.error("audience", f"{value!r} is not one of the audiences")
        return self._audiences[value]

    def segment(self, members: StrictObject, name: str) -> Test:
        """The segment that a member names."""
        try:
            return self._find_segment(members.text(name))
        except ValueError as error:
            raise members.error(name, str(error)) from None

    def _condition(self, tree: Any, path: str) -> Condition:
        try:
            return parse_condition(tree, self._find_segment)
        except ConditionError as error:
            raise PolicyError(f"{path}.{error.path}" if error.path else path, error.reason) from None

    def _find_segment(self, name: str) -> Test:
        if name not in self._segments:
            raise ValueError(f"{name!r} is not one of the segments")
        return self._segments[name]
