"""How a host is to move to the release it was given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from miniprogram.delivery.evaluation.policy.model import CompiledRelease
from miniprogram.delivery.evaluation.refusals import Members
from miniprogram.delivery.evaluation.versions.semver import Version, parse_sent


class Upgrade(NamedTuple):
    """Mode, network, what made it forced if the release itself did not, and the version below which it is."""

    mode: str
    network: str
    reason: str
    minimum: str | None

    def members(self) -> Members:
        """As `upgrade` of `deliveryMetadata`."""
        shown: Members = {"mode": self.mode, "network": self.network, "reason": self.reason}
        return shown if self.minimum is None else {**shown, "minimumVersion": self.minimum}


def upgrade_to(release: CompiledRelease, forced: Sequence[Version], current_version: str | None) -> Upgrade:
    """How a host with `current_version` moves to `release`.

    `forced`: versions of the target whose upgrade was forced, ascending.
    """
    policy = release.upgrade
    mode, reason = policy.mode, "release"
    current = _parsed(current_version)
    if current is not None:
        if current.key == release.version.key:
            mode, reason = "none", "up_to_date"
        elif policy.minimum is not None and current < policy.minimum:
            mode, reason = "forced", "below_minimum_version"
        elif any(current < version <= release.version for version in forced):
            mode, reason = "forced", "skipped_forced_release"
    return Upgrade(mode, policy.network, reason, None if policy.minimum is None else policy.minimum.text)


def _parsed(text: str | None) -> Version | None:
    try:
        return None if text is None else parse_sent(text)
    except ValueError:
        return None
