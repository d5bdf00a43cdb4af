"""Reading the delivery policy (docs/reference/delivery-policy.md). Strict: every slip is named with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from typing import Any

from miniprogram.delivery.evaluation.buckets import WHOLE, salted_digest
from miniprogram.delivery.evaluation.conditions.audience_index import AudienceIndex
from miniprogram.delivery.evaluation.conditions.model import Condition, ConditionError
from miniprogram.delivery.evaluation.conditions.operators import Test
from miniprogram.delivery.evaluation.conditions.parse import parse_condition
from miniprogram.delivery.evaluation.conditions.patterns import compile_pattern
from miniprogram.delivery.evaluation.path_segments import is_safe_segment
from miniprogram.delivery.evaluation.policy.model import (
    ANY_HOST,
    ENVIRONMENTS,
    STEPS,
    CompiledRelease,
    CompiledSwitch,
    CompiledSwitchRule,
    CompiledTarget,
    CompiledUpgrade,
    CompiledWindow,
    Entry,
    ReleasePolicy,
    release_decision,
)
from miniprogram.delivery.evaluation.policy.strict_object import PolicyError, StrictObject

__all__ = ["PolicyError", "read_policy"]

OpenList = Callable[[str], Container[str]]
"""The ids behind an object key; called when a decision first needs them."""

FORMAT_VERSION = 1
KINDS = ("official", "trial", "test")
STATES = ("live", "paused", "halted")
MODES = ("silent", "prompt_once", "prompt_always", "forced")
NETWORKS = ("any", "wifi")
ON_END = ("stop", "promote", "revert")

_ONLY_OFFICIAL = frozenset({"window", "grayscale", "full", "fallback"})
_digest = re.compile(r"[0-9a-f]{64}").fullmatch
_JSON_TYPES: dict[str, tuple[type, ...]] = {
    "boolean": (bool,),
    "string": (str,),
    "number": (int, float),
    "json": (dict, list, str, int, float, bool, type(None)),
}


def read_policy(policy: Any, *, open_list: OpenList | None = None, path: str = "policy") -> ReleasePolicy:
    """The compiled `policy`. Raises PolicyError for the first member that is not as documented.

    Id lists are opened through `open_list` when a decision asks them, not here; without it they hold nobody.
    """
    return _Reader(open_list or _no_list).policy(StrictObject(policy, path))


def _no_list(_key: str) -> Container[str]:
    return ()


class _Reader:
    """Reads one policy: audiences and segments by name, then what uses them."""

    def __init__(self, open_list: OpenList) -> None:
        self._open_list = open_list
        self._segments: dict[str, Test] = {}
        self._audiences: dict[str, tuple[Condition, str]] = {}

    def policy(self, members: StrictObject) -> ReleasePolicy:
        if members.raw("formatVersion") != FORMAT_VERSION:
            raise members.error("formatVersion", f"must be {FORMAT_VERSION}")
        revision = members.whole("revision", 0, 2**53)
        compiled_at = members.text("compiledAt") if members.has("compiledAt") else None
        for name, value, path in members.named("segments"):
            self._segments[name] = _segment(StrictObject(value, path), self._open_list)
        for name, tree, path in members.named("audiences"):
            self._audiences[name] = self._condition(tree, path), f"audiences.{name}"
        targets: dict[tuple[str, str], CompiledTarget] = {}
        for target, path in members.items("targets", lambda item, path: self._target(item, path, revision)):
            if (target.host_app, target.environment) in targets:
                raise PolicyError(path, f"there is another target for {target.host_app} {target.environment}")
            targets[target.host_app, target.environment] = target
        policy = ReleasePolicy(
            revision,
            compiled_at,
            members.choice("otherwise", ("refuse", "legacy"), "refuse") == "legacy",
            frozenset(version.text for version in members.versions("withdrawnVersions")),
            targets,
            tuple(self._switch(key, value, path) for key, value, path in members.named("switches")),
        )
        members.done()
        return policy

    def _condition(self, tree: Any, path: str) -> Condition:
        try:
            return parse_condition(tree, self._find_segment)
        except ConditionError as error:
            raise PolicyError(f"{path}.{error.path}" if error.path else path, error.reason) from None

    def _find_segment(self, name: str) -> Test:
        if name not in self._segments:
            raise ValueError(f"{name!r} is not one of the segments")
        return self._segments[name]

    def _audience(self, members: StrictObject) -> tuple[Condition | None, str]:
        """A member's audience, and where its clauses stand."""
        value = members.raw("audience")
        if value is None:
            return None, ""
        if not isinstance(value, str):
            return self._condition(value, members.member_path("audience")), "audience"
        if value not in self._audiences:
            raise members.error("audience", f"{value!r} is not one of the audiences")
        return self._audiences[value]

    def _target(self, value: Any, path: str, revision: int) -> CompiledTarget:
        members = StrictObject(value, path)
        host_app = members.text("hostApp")
        if host_app != ANY_HOST and not is_safe_segment(host_app):
            raise members.error("hostApp", "may hold letters, digits, '.', '_' and '-' only, or be '*'")
        environment = members.choice("environment", ENVIRONMENTS)
        releases = {key: self._release(key, item, item_path) for key, item, item_path in members.named("releases")}
        found = members.items("entries", lambda item, item_path: self._entry(item, item_path, releases, revision))
        entries = sorted((entry for entry, _ in found), key=_rank)
        forced = tuple(sorted(members.versions("forcedVersions")))
        members.done()
        return CompiledTarget(host_app, environment, tuple(entries), forced)

    def _release(self, release_id: str, value: Any, path: str) -> CompiledRelease:
        members = StrictObject(value, path)
        version = members.version("version")
        if not is_safe_segment(version.text):
            raise members.error("version", "cannot be addressed, because of its build metadata")
        audience, audience_path = self._audience(members)
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

    def _entry(self, value: Any, path: str, releases: dict[str, CompiledRelease], revision: int) -> Entry:
        members = StrictObject(value, path)
        step = members.choice("step", STEPS)
        release = _named_release(members, step, releases)
        audience, audience_path = self._audience(members) if step in {"deny", "pin"} else (None, "")
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
            kept_basis_points=members.whole("keepAdmittedBasisPoints", 0, WHOLE, 0) if step == "grayscale" else 0,
            salt=members.text("salt") if step == "grayscale" else "",
            decision=None if step == "deny" or release is None else release_decision(step, release, revision),
        )
        members.done()
        return entry

    def _testers(self, entry: StrictObject) -> Test:
        members = StrictObject(entry.raw("testers"), entry.member_path("testers"))
        if sum(members.has(name) for name in ("digests", "ids", "segment")) != 1:
            raise PolicyError(members.path, "must have exactly one of digests, ids and segment")
        test: Test
        if members.has("segment"):
            try:
                test = self._find_segment(members.text("segment"))
            except ValueError as error:
                raise members.error("segment", str(error)) from None
        elif members.has("ids"):
            test = frozenset(text.strip().lower() for text in members.texts("ids")).__contains__
        else:
            test = _digest_test(members, ignore_case=False)
        members.done()
        return test

    def _switch(self, key: str, value: Any, path: str) -> CompiledSwitch:
        members = StrictObject(value, path)
        kind = members.choice("type", tuple(_JSON_TYPES))
        default = members.raw("default")
        _must_be(kind, default, members.member_path("default"))
        rules = tuple(
            rule
            for rule, _ in members.items("rules", lambda item, item_path: self._switch_rule(item, item_path, kind))
        )
        switch = CompiledSwitch(
            key,
            kind,
            default,
            members.flag("enabled", default=True),
            members.text("hostApp") if members.has("hostApp") else None,
            members.choice("environment", ENVIRONMENTS) if members.has("environment") else None,
            rules,
            AudienceIndex([rule.audience.required if rule.audience else {} for rule in rules]),
        )
        members.done()
        return switch

    def _switch_rule(self, item: Any, path: str, kind: str) -> CompiledSwitchRule:
        members = StrictObject(item, path)
        value = members.raw("value")
        _must_be(kind, value, members.member_path("value"))
        audience, audience_path = self._audience(members)
        is_partial = members.has("basisPoints")
        rule = CompiledSwitchRule(
            value,
            audience,
            audience_path,
            members.whole("basisPoints", 0, WHOLE) if is_partial else WHOLE,
            members.text("salt") if is_partial else "",
        )
        members.raw("salt")
        members.done()
        return rule


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


def _segment(members: StrictObject, open_list: OpenList) -> Test:
    kind = members.choice("kind", ("ids", "inline", "regex"))
    members.whole("version", 0, 2**53)
    ignore_case = members.flag("caseInsensitive", default=False)
    test: Test
    if kind == "ids":
        test = _list_test(members, open_list, ignore_case=ignore_case)
    elif kind == "inline":
        test = _digest_test(members, ignore_case=ignore_case)
    else:
        test = _pattern_test(members, ignore_case=ignore_case)
    members.done()
    return test


def _list_test(members: StrictObject, open_list: OpenList, *, ignore_case: bool) -> Test:
    key = members.text("key")
    if not all(is_safe_segment(part) for part in key.split("/")):
        raise members.error("key", f"{key!r} is not an object key of plain segments")
    if ignore_case:
        return lambda text: text.lower() in open_list(key)
    return lambda text: text in open_list(key)


def _digest_test(members: StrictObject, *, ignore_case: bool) -> Test:
    salt = members.text("salt")
    digests = frozenset(members.texts("digests"))
    if not all(map(_digest, digests)):
        raise members.error("digests", "must be SHA-256 digests, each 64 lower-case hexadecimal digits")
    if ignore_case:
        return lambda text: salted_digest(salt, text.lower()) in digests
    return lambda text: salted_digest(salt, text) in digests


def _pattern_test(members: StrictObject, *, ignore_case: bool) -> Test:
    try:
        tests = [compile_pattern(text, ignore_case=ignore_case) for text in members.texts("patterns")]
    except ValueError as error:
        raise members.error("patterns", str(error)) from None
    return lambda text: any(test(text) for test in tests)


def _must_be(kind: str, value: Any, path: str) -> None:
    is_flag_for_number = kind == "number" and isinstance(value, bool)
    if is_flag_for_number or not isinstance(value, _JSON_TYPES[kind]):
        raise PolicyError(path, f"must be of the switch's type, {kind}")
