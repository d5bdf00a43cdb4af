"""Reading the delivery policy (docs/reference/delivery-policy.md). Strict: every slip is named with its path."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from miniprogram.delivery.evaluation.buckets import WHOLE
from miniprogram.delivery.evaluation.conditions.operators import Test
from miniprogram.delivery.evaluation.path_segments import is_safe_segment
from miniprogram.delivery.evaluation.policy.model import (
    ANY_HOST,
    ENVIRONMENTS,
    STEPS,
    CompiledRelease,
    CompiledTarget,
    CompiledUpgrade,
    CompiledWindow,
    Entry,
    ReleasePolicy,
    release_decision,
)
from miniprogram.delivery.evaluation.policy.parse_audiences import Audiences
from miniprogram.delivery.evaluation.policy.parse_segments import OpenList, digest_test
from miniprogram.delivery.evaluation.policy.parse_switches import parse_switch
from miniprogram.delivery.evaluation.policy.strict_object import PolicyError, StrictObject

__all__ = ["PolicyError", "read_policy"]

FORMAT_VERSION = 1
KINDS = ("official", "trial", "test")
STATES = ("live", "paused", "halted")
MODES = ("silent", "prompt_once", "prompt_always", "forced")
NETWORKS = ("any", "wifi")
OTHERWISE = ("refuse", "legacy")
ON_END = ("stop", "promote", "revert")

_ONLY_OFFICIAL = frozenset({"window", "grayscale", "full", "fallback"})


def read_policy(policy: Any, *, open_list: OpenList | None = None, path: str = "policy") -> ReleasePolicy:
    """The compiled `policy`. Raises PolicyError for the first member that is not as documented.

    Id lists are opened through `open_list` when a decision asks them, not here; without it they hold nobody.
    """
    members = StrictObject(policy, path)
    if members.raw("formatVersion") != FORMAT_VERSION:
        raise members.error("formatVersion", f"must be {FORMAT_VERSION}")
    revision = members.whole("revision", 0, 2**53)
    compiled_at = members.text("compiledAt") if members.has("compiledAt") else None
    audiences = Audiences(members, open_list or _no_list)
    parsed = ReleasePolicy(
        revision,
        compiled_at,
        members.choice("otherwise", OTHERWISE, "refuse") == "legacy",
        frozenset(version.text for version in members.versions("withdrawnVersions")),
        _targets(members, _TargetReader(audiences, revision)),
        tuple(parse_switch(key, value, path, audiences) for key, value, path in members.named("switches")),
    )
    members.done()
    return parsed


def _no_list(_key: str) -> Container[str]:
    return ()


def _targets(members: StrictObject, reader: _TargetReader) -> dict[tuple[str, str], CompiledTarget]:
    targets: dict[tuple[str, str], CompiledTarget] = {}
    for target, path in members.items("targets", reader.target):
        if (target.host_app, target.environment) in targets:
            raise PolicyError(path, f"there is another target for {target.host_app} {target.environment}")
        targets[target.host_app, target.environment] = target
    return targets


class _TargetReader:
    """Reads the targets of one policy."""

    def __init__(self, audiences: Audiences, revision: int) -> None:
        self._audiences = audiences
        self._revision = revision

    def target(self, value: Any, path: str) -> CompiledTarget:
        members = StrictObject(value, path)
        host_app = members.text("hostApp")
        if host_app != ANY_HOST and not is_safe_segment(host_app):
            raise members.error("hostApp", "may hold letters, digits, '.', '_' and '-' only, or be '*'")
        environment = members.choice("environment", ENVIRONMENTS)
        releases = {key: self._release(key, item, item_path) for key, item, item_path in members.named("releases")}
        found = members.items("entries", lambda item, item_path: self._entry(item, item_path, releases))
        entries = sorted((entry for entry, _ in found), key=_rank)
        forced = tuple(sorted(members.versions("forcedVersions")))
        refuses = members.choice("otherwise", OTHERWISE, "refuse") == "refuse"
        rolls_back = members.flag("rollBackToEmbedded", default=False)
        members.done()
        return CompiledTarget(
            host_app,
            environment,
            tuple(entries),
            forced,
            refuses_others=refuses,
            rolls_back_to_embedded=rolls_back,
        )

    def _release(self, release_id: str, value: Any, path: str) -> CompiledRelease:
        members = StrictObject(value, path)
        version = members.version("version")
        if not is_safe_segment(version.text):
            raise members.error("version", "cannot be addressed, because of its build metadata")
        audience, audience_path = self._audiences.audience(members)
        release = CompiledRelease(
            release_id,
            version,
            members.choice("kind", KINDS, "official"),
            members.choice("state", STATES, "live"),
            audience,
            audience_path,
            _upgrade(members),
        )
        members.done()
        return release

    def _entry(self, value: Any, path: str, releases: dict[str, CompiledRelease]) -> Entry:
        members = StrictObject(value, path)
        step = members.choice("step", STEPS)
        release = _named_release(members, step, releases)
        audience, audience_path = self._audiences.audience(members) if step in {"deny", "pin"} else (None, "")
        if step in {"deny", "pin"} and audience is None:
            raise members.error("audience", f"is required for {step}")
        if step == "deny":
            members.raw("reason")
        entry = Entry(
            step,
            release,
            audience,
            audience_path,
            is_tester=self._testers(members) if step == "pilot" else None,
            window=_window(members) if step == "window" else None,
            basis_points=members.whole("basisPoints", 0, WHOLE) if step == "grayscale" else 0,
            keep_admitted_basis_points=members.whole("keepAdmittedBasisPoints", 0, WHOLE, 0)
            if step == "grayscale"
            else 0,
            salt=members.text("salt") if step == "grayscale" else "",
            decision=None
            if step == "deny" or release is None
            else release_decision(step, release, self._revision),
        )
        members.done()
        return entry

    def _testers(self, entry: StrictObject) -> Test:
        members = StrictObject(entry.raw("testers"), entry.member_path("testers"))
        if sum(members.has(name) for name in ("digests", "ids", "segment")) != 1:
            raise PolicyError(members.path, "must have exactly one of digests, ids and segment")
        test: Test
        if members.has("segment"):
            test = self._audiences.segment(members, "segment")
        elif members.has("ids"):
            test = frozenset(text.strip().lower() for text in members.texts("ids")).__contains__
        else:
            test = digest_test(members, ignore_case=False)
        members.done()
        return test


def _rank(entry: Entry) -> tuple[int, tuple[Any, ...]]:
    """Step, then the highest version; sorting keeps the order of the file among equals."""
    return STEPS.index(entry.step), () if entry.release is None else (_Descending(entry.release.version.key),)


class _Descending:
    """A sort key turned round."""

    __slots__ = ("key",)

    def __init__(self, key: Any) -> None:
        self.key = key

    def __lt__(self, other: _Descending) -> bool:
        return bool(other.key < self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Descending) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


def _named_release(
    members: StrictObject, step: str, releases: dict[str, CompiledRelease]
) -> CompiledRelease | None:
    if step == "deny" and not members.has("release"):
        return None
    name = members.text("release")
    if name not in releases:
        raise members.error("release", f"{name!r} is not one of the target's releases")
    release = releases[name]
    if step in _ONLY_OFFICIAL and release.kind != "official":
        raise members.error("release", f"{name!r} is a {release.kind} release; it cannot stand in {step}")
    return release


def _upgrade(release: StrictObject) -> CompiledUpgrade:
    if not release.has("upgrade"):
        return CompiledUpgrade()
    members = StrictObject(release.raw("upgrade"), release.member_path("upgrade"))
    upgrade = CompiledUpgrade(
        members.choice("mode", MODES, "silent"),
        members.choice("network", NETWORKS, "any"),
        members.version("minimumVersion") if members.has("minimumVersion") else None,
    )
    members.done()
    return upgrade


def _window(entry: StrictObject) -> CompiledWindow:
    members = StrictObject(entry.raw("window"), entry.member_path("window"))
    window = CompiledWindow(
        members.text("id"),
        members.time_ms("start"),
        members.time_ms("end"),
        members.whole("maxUsers", 1, 2**53),
        members.choice("onEnd", ON_END, "stop"),
    )
    if window.end_ms <= window.start_ms:
        raise members.error("end", "must be after start")
    members.done()
    return window
