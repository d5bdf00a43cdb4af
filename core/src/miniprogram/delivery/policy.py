"""Capability policies: what a request must say about itself before it gets a manifest."""

from __future__ import annotations

from typing import NamedTuple

from miniprogram.delivery.context import DeliveryContext
from miniprogram.delivery.documents import Document, parse_object
from miniprogram.delivery.envelopes import Members
from miniprogram.delivery.fields import optional_flag, text_list


class CapabilityPolicy(NamedTuple):
    """`capability-policies/<id>.json`."""

    requires_context: bool
    enforces_capabilities: bool
    required_parameters: tuple[str, ...]

    def missing(self, context: DeliveryContext) -> list[str]:
        """Required parameters the context lacks, in the policy's order."""
        if not self.requires_context:
            return []
        return [name for name in self.required_parameters if not context.has(name)]

    def echo(self) -> Members:
        """As inspections show it."""
        return {
            "requireContextForLatest": self.requires_context,
            "enforceManifestCapabilities": self.enforces_capabilities,
            "requiredQueryParameters": list(self.required_parameters),
        }


def compile_policy(document: Document) -> CapabilityPolicy:
    """Raises BrokenDocument naming the member that has the wrong type."""
    members = parse_object(document, unique_keys=True)
    return CapabilityPolicy(
        optional_flag(document, members, "requireContextForLatest", default=False),
        optional_flag(document, members, "enforceManifestCapabilities", default=False),
        text_list(document, members, "requiredQueryParameters"),
    )
