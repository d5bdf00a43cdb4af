"""Verdicts on one request for a program, and the refusals that several routes share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple

from miniprogram.delivery.evaluation.decision import Decision
from miniprogram.delivery.evaluation.errors import BrokenDocument
from miniprogram.delivery.evaluation.refusals import DELIVERY_ERROR, Members, Refusal, broken
from miniprogram.delivery.evaluation.versions.manifest import ManifestT

if TYPE_CHECKING:
    from miniprogram.delivery.evaluation.release_decision import VisitorMembers
    from miniprogram.delivery.evaluation.rules.rollout_rules import Rollout


class Granted(NamedTuple, Generic[ManifestT]):
    """The host gets this version."""

    decision: Decision
    manifest: ManifestT
    further: VisitorMembers | None = None
    """What differs from visitor to visitor, where a release was chosen."""


class Denied(NamedTuple):
    """The host gets none; `decision` is the version that had been chosen by then, if any."""

    refusal: Refusal
    decision: Decision | None = None


def withdrawn(program_id: str, version: str) -> Refusal:
    """Nobody gets this version: only disabled rules name it, or it was removed."""
    return precondition(
        "delivery_rule_disabled",
        f"Version {version} of mini-program {program_id} is switched off.",
        {"miniProgramId": program_id, "resolvedVersion": version, "decisionReason": "version_withdrawn"},
    )


def broken_document(program_id: str, error: BrokenDocument, details: Members | None = None) -> Refusal:
    """A stored document of the program cannot be used. `details` replace the usual ones."""
    message = f"Mini-program {program_id} cannot be delivered: {error.key} is not usable ({error.reason})."
    return broken(message, error.details if details is None else details)


def host_not_declared(program_id: str, rollout: Rollout, host_app: str | None, further: Members) -> Refusal:
    """The rules name hosts, and not this one."""
    named = f"for host {host_app}" if host_app else "without a hostApp"
    details: Members = {
        "miniProgramId": program_id,
        "hostApp": host_app,
        "decisionReason": "host_not_declared",
        "declaredDefaultVersion": rollout.default_version,
        **rollout.evaluated.members,
        "declaredHostApps": rollout.declared_hosts,
        **further,
    }
    return precondition("host_not_enabled", f"Mini-program {program_id} is not available {named}.", details)


def context_required(program_id: str, missing: list[str], details: Members) -> Refusal:
    message = f"Mini-program {program_id} needs these query parameters: {', '.join(missing)}."
    return Refusal(400, "manifest_context_required", message, DELIVERY_ERROR, details)


def precondition(code: str, message: str, details: Members) -> Refusal:
    return Refusal(412, code, message, DELIVERY_ERROR, details)
