"""Decisions and contexts as HTTP answers carry them: `deliveryMetadata`, headers, parts of entity tags.

What does not depend on the request is encoded once and kept with the decision or context it was made of.
"""

from __future__ import annotations

from miniprogram.delivery.documents.cache.document import content_tag, to_json
from miniprogram.delivery.documents.contents.stored_manifest import StoredManifest
from miniprogram.delivery.evaluation.context.delivery_context import DeliveryContext
from miniprogram.delivery.evaluation.decision import Decision, EvaluatedRules
from miniprogram.delivery.http.messages import HeaderPairs, header_value
from miniprogram.delivery.http.responses.gzip_prefix import GzipPrefix

_MOST_PREFIXES = 64
"""Kept per manifest: usually a rule or two lead to it."""


class DecisionMetadata:
    """One decision, encoded. `start` is `deliveryMetadata` up to what depends on the request."""

    __slots__ = ("echoes_context", "headers", "start", "tag")  # a named tuple would cost a start ten times as much

    def __init__(self, start: bytes, headers: HeaderPairs, *, echoes_context: bool) -> None:
        self.start = start
        self.tag = content_tag(start)[:16]
        self.headers = headers
        self.echoes_context = echoes_context

    def end(self, context: DeliveryContext, trace_id: str, further: bytes = b"") -> bytes:
        """The rest of `deliveryMetadata`. `trace_id` needs no escaping; `further`: members after a comma."""
        trace = trace_id.encode("ascii")
        if not self.echoes_context:
            return b'%b,"traceId":"%b"}' % (further, trace)
        return b'%b,"deliveryContext":%b,"traceId":"%b"}' % (further, context_echo(context).encoded, trace)


class ContextEcho:
    """A delivery context as JSON, and its part of entity tags."""

    __slots__ = ("encoded", "tag")

    def __init__(self, context: DeliveryContext) -> None:
        self.encoded = to_json(context.echo())
        self.tag = content_tag(self.encoded)[:16]


def decision_metadata(decision: Decision) -> DecisionMetadata:
    """`decision`, encoded."""
    found: DecisionMetadata | None = decision.rendered
    if found is None:
        found = decision.rendered = _encode(decision)
    return found


def context_echo(context: DeliveryContext) -> ContextEcho:
    """`context`, encoded."""
    found: ContextEcho | None = context.rendered
    if found is None:
        found = context.rendered = ContextEcho(context)
    return found


def manifest_prefix(manifest: StoredManifest, metadata: DecisionMetadata) -> GzipPrefix:
    """The stored text with `deliveryMetadata` begun as last member; `metadata.end` and `}` follow."""
    prefix: GzipPrefix | None = manifest.rendered.get(metadata.tag)
    if prefix is None:
        if len(manifest.rendered) >= _MOST_PREFIXES:
            manifest.rendered.clear()
        prefix = GzipPrefix(b'%b"deliveryMetadata":%b' % (manifest.opened, metadata.start))
        manifest.rendered[metadata.tag] = prefix
    return prefix


def _encode(decision: Decision) -> DecisionMetadata:
    members = {"responseType": "manifest_delivery_metadata", "statusCode": 200, **decision.own_members}
    rules = decision.rules
    start = to_json(members)[:-1] + (b"" if rules is None else _rules(rules))
    return DecisionMetadata(start, _headers(decision), echoes_context=rules is not None)


def _rules(rules: EvaluatedRules) -> bytes:
    """As JSON text that continues an object."""
    found: bytes | None = rules.rendered
    if found is None:
        found = rules.rendered = b"," + to_json(rules.members)[1:-1]
    return found


def _headers(decision: Decision) -> HeaderPairs:
    headers = (
        ("x-mini-program-version", header_value(decision.version)),
        ("x-mini-program-selection-mode", decision.mode),
        ("x-mini-program-decision-reason", decision.reason),
    )
    rule_id = decision.own_members.get("matchedRuleId")
    return headers if rule_id is None else (*headers, ("x-mini-program-matched-rule-id", header_value(rule_id)))
