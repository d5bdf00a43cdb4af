"""Capability policies: what a request must say about itself before it gets a manifest."""

from __future__ import annotations

from typing import NamedTuple

from miniprogram.delivery.evaluation.context.delivery_context import DeliveryContext
from miniprogram.delivery.evaluation.refusals import Members


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
