"""What a decision asks about a program. Where the answers come from is not evaluation's business."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol, TypeVar

from miniprogram.delivery.evaluation.decision import Decision
from miniprogram.delivery.evaluation.rules.capability_policy import CapabilityPolicy
from miniprogram.delivery.evaluation.rules.rollout_rules import Rollout
from miniprogram.delivery.evaluation.versions.manifest import Manifest

if TYPE_CHECKING:
    from miniprogram.delivery.evaluation.policy.model import ReleasePolicy

_ManifestT_co = TypeVar("_ManifestT_co", bound=Manifest, covariant=True)


class Program(Protocol[_ManifestT_co]):
    """One program. Every method raises BrokenDocument for a document that is not what it must be."""

    @property
    def id(self) -> str: ...

    def rollout(self) -> Rollout | None: ...

    def policy(self) -> CapabilityPolicy | None: ...

    def release_policy(self) -> ReleasePolicy | None:
        """What its releases come to; None when the program has none."""
        ...

    def link_keys(self) -> Mapping[str, bytes]:
        """Secrets of signed links by key id; empty when there are none."""
        ...

    def pointed_at(self) -> Decision:
        """The version the pointer names. Raises MissingDocument when there is none, or it leads nowhere."""
        ...

    def is_offline(self) -> bool:
        """Whether the program was disabled by taking its pointer away."""
        ...

    def manifest(self, decision: Decision) -> _ManifestT_co:
        """The manifest of the version decided on. Raises MissingDocument."""
        ...
