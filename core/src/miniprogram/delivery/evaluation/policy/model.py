"""The releases of one program, compiled: targets, entries, switches. Made by `policy_document`, never changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from miniprogram.delivery.evaluation.conditions.audience_index import AudienceIndex
from miniprogram.delivery.evaluation.conditions.model import Condition
from miniprogram.delivery.evaluation.decision import NO_RULES, Decision
from miniprogram.delivery.evaluation.versions.semver import Version

STEPS = ("deny", "pin", "link", "pilot", "window", "grayscale", "full", "fallback")
"""In the order they are asked."""

REASONS = {
    "pin": "operator_pin",
    "link": "signed_link",
    "pilot": "pilot_tester",
    "window": "window_admission",
    "grayscale": "grayscale_percentage",
    "full": "full_release",
    "fallback": "fallback_release",
}
"""`decisionReason` by step."""
ROLLED_BACK = "rolled_back_to_embedded"
"""`decisionReason` where no entry is for the visitor, and hosts are directed to what they were built with."""

ENVIRONMENTS = ("development", "test", "sandbox", "production")
ANY_HOST = "*"


class CompiledUpgrade(NamedTuple):
    """How a host moves to a release: mode, network, and the version below which it must."""

    mode: str = "silent"
    network: str = "any"
    minimum: Version | None = None


class CompiledRelease(NamedTuple):
    """A version on a target. `audience` None is everybody."""

    id: str
    version: Version
    kind: str
    state: str
    audience: Condition | None
    audience_path: str
    upgrade: CompiledUpgrade


class CompiledWindow(NamedTuple):
    """First come, first admitted, from `start_ms` until before `end_ms`."""

    id: str
    start_ms: int
    end_ms: int
    max_users: int
    on_end: str


class Entry(NamedTuple):
    """One way to get a release. Members that are not of its step are None, 0 or blank."""

    step: str
    release: CompiledRelease | None
    audience: Condition | None = None
    audience_path: str = ""
    is_tester: Callable[[str], bool | None] | None = None
    window: CompiledWindow | None = None
    basis_points: int = 0
    keep_admitted_basis_points: int = 0
    salt: str = ""
    decision: Decision | None = None

    @property
    def version(self) -> str | None:
        return None if self.release is None else self.release.version.text


class CompiledTarget:
    """What one host app gets in one environment. `entries` are in the order they are asked."""

    __slots__ = (
        "entries",
        "environment",
        "forced_versions",
        "host_app",
        "index",
        "refuses_others",
        "rolls_back_to_embedded",
    )

    def __init__(
        self,
        host_app: str,
        environment: str,
        entries: tuple[Entry, ...],
        forced_versions: tuple[Version, ...],
        *,
        refuses_others: bool = True,
        rolls_back_to_embedded: bool = False,
    ) -> None:
        self.host_app = host_app
        self.environment = environment
        self.entries = entries
        self.forced_versions = forced_versions
        self.refuses_others = refuses_others
        """Whether whom no entry is for gets nothing, rather than what rules and pointer give."""
        self.rolls_back_to_embedded = rolls_back_to_embedded
        """Whether whom no entry is for is directed to the version that the host was built with."""
        self.index = AudienceIndex([_required(entry) for entry in entries])


class CompiledSwitchRule(NamedTuple):
    """Who gets `value`: an audience, a percentage, or both."""

    value: Any
    audience: Condition | None
    audience_path: str
    basis_points: int
    salt: str


class CompiledSwitch(NamedTuple):
    """A named value that depends on who asks. `host_app` and `environment` None are all."""

    key: str
    type: str
    default: Any
    enabled: bool
    host_app: str | None
    environment: str | None
    rules: tuple[CompiledSwitchRule, ...]
    audiences: AudienceIndex


class ReleasePolicy(NamedTuple):
    """A whole policy."""

    revision: int
    compiled_at: str | None
    is_legacy_otherwise: bool
    withdrawn: frozenset[str]
    targets: Mapping[tuple[str, str], CompiledTarget]
    switches: tuple[CompiledSwitch, ...]

    def target(self, host_app: str | None, environment: str) -> CompiledTarget | None:
        """The host's own target, else the one for hosts without."""
        own = self.targets.get((host_app, environment)) if host_app is not None else None
        return own or self.targets.get((ANY_HOST, environment))

    def serves_host(self, host_app: str) -> bool:
        """Whether the host has a target in any environment."""
        return any(self.target(host_app, environment) is not None for environment in ENVIRONMENTS)


def release_decision(step: str, release: CompiledRelease, revision: int) -> Decision:
    """The decision an entry leads to; made once."""
    further = {"matchedReleaseId": release.id, "policyRevision": revision}
    return Decision("release", REASONS[step], release.version.text, further, NO_RULES)


def _required(entry: Entry) -> Mapping[str, frozenset[str]]:
    """What both the entry's and the release's audience insist on."""
    own = {} if entry.audience is None else entry.audience.required
    release = entry.release
    if entry.step == "deny" or release is None or release.audience is None:
        return own
    return {**release.audience.required, **own}
