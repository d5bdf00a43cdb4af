"""From the domain to the policy that delivery reads (docs/reference/delivery-policy.md)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from miniprogram.delivery.evaluation.buckets import salted_digest
from miniprogram.delivery.evaluation.policy.parse import FORMAT_VERSION, read_policy
from miniprogram.delivery.evaluation.policy.strict_object import PolicyError
from miniprogram.refusals import Refused
from miniprogram.releases.model.document import Override, ReleaseDocument, TargetRecord
from miniprogram.releases.model.release import Release
from miniprogram.releases.model.segments import Segment
from miniprogram.releases.model.states import Overlay, State
from miniprogram.releases.model.switches import Switch
from miniprogram.targets import Kind

Members = dict[str, Any]

_PILOTED = frozenset({State.PILOT, State.PREPARED, State.GRAYSCALE})
_LINKED = frozenset({State.APPROVED, *_PILOTED})


def compile_policy(document: ReleaseDocument) -> Members | None:
    """The policy of `document`, None while nothing in it concerns a host. Raises Refused when it would not do."""
    targets = [_target(document, record) for record in document.targets if record.opened]
    if not targets and not document.switches and not document.withdrawn_versions:
        return None
    policy: Members = {
        "formatVersion": FORMAT_VERSION,
        "revision": document.revision,
        "compiledAt": document.updated_at_utc,
        # with switches only, who gets which version is not yet ours to say
        "otherwise": document.otherwise if targets else "legacy",
        "segments": {segment.name: _segment(segment) for segment in document.segments},
        "withdrawnVersions": list(document.withdrawn_versions),
        "targets": targets,
        "switches": {switch.key: _switch(switch) for switch in document.switches},
    }
    _check(policy)
    return policy


def _check(policy: Members) -> None:
    try:
        read_policy(policy)
    except PolicyError as error:
        raise Refused("policy", f"delivery would not take this: {error}") from error


def _target(document: ReleaseDocument, record: TargetRecord) -> Members:
    served = [each for each in document.releases if each.target == record.target and _is_served(each, record)]
    overrides = [each for each in document.overrides if each.target == record.target]
    return {
        "hostApp": record.target.host_app,
        "environment": record.target.environment,
        "releases": {each.id: _release(each) for each in served},
        "entries": [
            *_overrides(overrides, served),
            *(entry for each in served for entry in _entries(document, each, record)),
        ],
        "forcedVersions": list(record.forced_versions),
        **({"rollBackToEmbedded": True} if record.embedded else {}),
        **({"otherwise": "legacy"} if document.otherwise == "legacy" and not record.refuses_others else {}),
    }


def _is_served(release: Release, record: TargetRecord) -> bool:
    return release.state in _LINKED or release.id in (record.full, record.fallback)


def _release(release: Release) -> Members:
    state = {Overlay.PAUSED: "paused", Overlay.HALTED: "halted", None: "live"}[release.overlay]
    upgrade = release.configuration.upgrade
    members: Members = {"version": release.version, "kind": release.kind, "state": state}
    members["upgrade"] = {"mode": upgrade.mode, "network": upgrade.network}
    if upgrade.minimum_version is not None:
        members["upgrade"]["minimumVersion"] = upgrade.minimum_version
    if release.configuration.audience is not None:
        members["audience"] = release.configuration.audience
    return members


def _entries(document: ReleaseDocument, release: Release, record: TargetRecord) -> Iterator[Members]:
    if release.id == record.full:
        yield {"step": "link", "release": release.id}
        yield {"step": "full", "release": release.id}
    elif release.id == record.fallback:
        yield {"step": "fallback", "release": release.id}
    else:
        yield from _partial_entries(document, release)


def _partial_entries(document: ReleaseDocument, release: Release) -> Iterator[Members]:
    if release.kind is not Kind.OFFICIAL or release.state in _PILOTED:
        yield {"step": "link", "release": release.id}
    if release.testers and release.state in _PILOTED:
        digests = [salted_digest(release.salt, tester) for tester in release.testers]
        yield {"step": "pilot", "release": release.id, "testers": {"salt": release.salt, "digests": digests}}
    if release.state is State.GRAYSCALE:
        yield from _grayscale(document, release)


def _grayscale(document: ReleaseDocument, release: Release) -> Iterator[Members]:
    window, share = release.configuration.window, release.grayscale
    if window is not None:
        yield {
            "step": "window",
            "release": release.id,
            "window": {
                "id": window_id(document.mini_program_id, release),
                "start": window.start,
                "end": window.end,
                "maxUsers": window.max_users,
                "onEnd": window.on_end,
            },
        }
    if share.basis_points or share.keep_admitted:
        entry = {
            "step": "grayscale",
            "release": release.id,
            "basisPoints": share.basis_points,
            "salt": release.salt,
        }
        yield {**entry, "keepAdmittedBasisPoints": share.keep_admitted} if share.keep_admitted else entry


def window_id(program_id: str, release: Release) -> str:
    """What the ledger counts a release's window under."""
    return f"{program_id}:{release.target}:{release.id}"


def _overrides(overrides: list[Override], served: list[Release]) -> Iterator[Members]:
    ids = {release.id for release in served}
    for override in overrides:
        if override.release is not None and override.release not in ids:
            continue
        entry: Members = {"step": override.kind, "audience": override.audience}
        if override.release is not None:
            entry["release"] = override.release
        yield {**entry, "reason": override.reason} if override.kind == "deny" else entry


def _segment(segment: Segment) -> Members:
    members: Members = {"version": segment.version, "kind": segment.kind}
    members |= {"key": segment.key} if segment.kind == "ids" else {"patterns": list(segment.patterns)}
    return {**members, "caseInsensitive": True} if segment.case_insensitive else members


def _switch(switch: Switch) -> Members:
    rules = [_rule(switch, index) for index in range(len(switch.rules))]
    members: Members = {"type": switch.type, "default": switch.default, "enabled": switch.enabled, "rules": rules}
    if switch.host_app is not None:
        members["hostApp"] = switch.host_app
    if switch.environment is not None:
        members["environment"] = switch.environment
    return members


def _rule(switch: Switch, index: int) -> Members:
    rule = switch.rules[index]
    members: Members = {"value": rule.value}
    if rule.audience is not None:
        members["audience"] = rule.audience
    if rule.basis_points is not None:
        members |= {"basisPoints": rule.basis_points, "salt": rule.salt or switch.key}
    return members
