"""A chosen version and why it was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from miniprogram.delivery.evaluation.context.delivery_context import DeliveryContext
from miniprogram.delivery.evaluation.refusals import Members


class EvaluatedRules:
    """The rules a decision had before it: how many, and the ids of those that have one.

    Shared by all decisions of a document. `rendered`: a transport's own form of this, made once and kept here.
    """

    __slots__ = ("members", "rendered")

    def __init__(self, rule_ids: Sequence[str] = ()) -> None:
        self.members: Members = {"evaluatedRuleCount": len(rule_ids)}
        if rule_ids:
            self.members["evaluatedRuleIds"] = list(rule_ids)
        self.rendered: Any = None


NO_RULES = EvaluatedRules()


class Decision:
    """Which version, how it was selected and for what reason. Made once per rule, pointer or pin.

    `rules` is None for a plain catalog pointer, whose metadata has neither counts nor context. `manifest_key` is
    where the manifest lies when a release record (`release_key`) says so; None for the layout's usual key.
    """

    __slots__ = ("manifest_key", "mode", "own_members", "reason", "release_key", "rendered", "rules", "version")

    def __init__(
        self,
        mode: str,
        reason: str,
        version: str,
        further: Members,
        rules: EvaluatedRules | None,
        *,
        manifest_key: str | None = None,
        release_key: str | None = None,
    ) -> None:
        self.mode, self.reason, self.version = mode, reason, version
        self.manifest_key, self.release_key = manifest_key, release_key
        self.own_members: Members = {
            "selectionMode": mode,
            "decisionReason": reason,
            "resolvedVersion": version,
            **further,
        }
        """What this decision alone says; `members` with what all of its document share."""
        self.rules = rules
        self.rendered: Any = None
        """A transport's own form of the decision, made once and kept here."""

    @property
    def members(self) -> Members:
        return self.own_members if self.rules is None else {**self.own_members, **self.rules.members}

    def fields(self, context: DeliveryContext) -> Members:
        """The decision as error details and inspections show it."""
        if self.rules is None:
            return dict(self.own_members)
        return {**self.members, "deliveryContext": context.echo()}
