"""A chosen version and why it was chosen, in the forms the wire needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from miniprogram.delivery.documents.document import content_tag, to_json
from miniprogram.delivery.evaluation.delivery_context import DeliveryContext
from miniprogram.delivery.evaluation.refusals import Members
from miniprogram.delivery.http.messages import HeaderPairs, header_value


class Evaluated(NamedTuple):
    """The rules a decision had before it: how many have an id, and which. Shared by all decisions of a file."""

    members: Members
    encoded: bytes
    """The same members as JSON text that continues an object."""


def evaluated(rule_ids: Sequence[str]) -> Evaluated:
    """For the rules of one document, in their order."""
    members: Members = {"evaluatedRuleCount": len(rule_ids)}
    if rule_ids:
        members["evaluatedRuleIds"] = list(rule_ids)
    return Evaluated(members, b"," + to_json(members)[1:-1])


NO_RULES = evaluated(())


class Decision:
    """Which version, how it was selected and for what reason. Made once per rule, pointer or pin.

    `rules` is None for a plain catalog pointer, whose metadata has neither counts nor context. `manifest_key` is
    where the manifest lies when a release record (`release_key`) says so; None for the layout's usual place.
    """

    __slots__ = (
        "_encoded",
        "_rules",
        "headers",
        "manifest_key",
        "members",
        "mode",
        "reason",
        "release_key",
        "tag",
        "version",
    )

    def __init__(
        self,
        mode: str,
        reason: str,
        version: str,
        further: Members,
        rules: Evaluated | None,
        *,
        manifest_key: str | None = None,
        release_key: str | None = None,
    ) -> None:
        self.mode, self.reason, self.version = mode, reason, version
        self.manifest_key, self.release_key = manifest_key, release_key
        own = {"selectionMode": mode, "decisionReason": reason, "resolvedVersion": version, **further}
        self.members: Members = own if rules is None else {**own, **rules.members}
        self._rules = rules
        self._encoded = to_json({"responseType": "manifest_delivery_metadata", "statusCode": 200, **own})[:-1]
        self.tag = content_tag(self.metadata_start())[:16]
        self.headers = _headers(mode, reason, version, further.get("matchedRuleId"))

    def fields(self, context: DeliveryContext) -> Members:
        """The decision as error details and inspections show it."""
        return dict(self.members) if self._rules is None else {**self.members, "deliveryContext": context.echo()}

    def metadata_start(self) -> bytes:
        """`deliveryMetadata` as JSON, up to what depends on the request."""
        return self._encoded if self._rules is None else self._encoded + self._rules.encoded

    def metadata_end(self, context: DeliveryContext, trace_id: str, further: bytes = b"") -> bytes:
        """The rest of `deliveryMetadata`. `trace_id` needs no escaping; `further`: members after a comma."""
        trace = trace_id.encode("ascii")
        if self._rules is None:
            return b'%b,"traceId":"%b"}' % (further, trace)
        return b'%b,"deliveryContext":%b,"traceId":"%b"}' % (further, context.encoded, trace)


def _headers(mode: str, reason: str, version: str, rule_id: str | None) -> HeaderPairs:
    headers = (
        ("x-mini-program-version", header_value(version)),
        ("x-mini-program-selection-mode", mode),
        ("x-mini-program-decision-reason", reason),
    )
    return headers if rule_id is None else (*headers, ("x-mini-program-matched-rule-id", header_value(rule_id)))
