"""`release why`: what one visitor gets on a target, and what became of every way to get it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from miniprogram.delivery.documents.cache.document import Document
from miniprogram.delivery.documents.contents.link_keys import compile_link_keys
from miniprogram.delivery.evaluation.buckets import stickiness_name
from miniprogram.delivery.evaluation.conditions.model import Clause
from miniprogram.delivery.evaluation.context.evaluation_context import EvaluationContext
from miniprogram.delivery.evaluation.context.links import Link, read_link
from miniprogram.delivery.evaluation.ledger import AdmissionLedger
from miniprogram.delivery.evaluation.policy.choose import Choice, Verdict, choose_release, examine
from miniprogram.delivery.evaluation.policy.model import CompiledTarget, ReleasePolicy
from miniprogram.delivery.evaluation.policy.parse import read_policy
from miniprogram.delivery.evaluation.policy.switches import switch_values
from miniprogram.delivery.evaluation.policy.upgrades import Upgrade, upgrade_to
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.models import FrozenModel
from miniprogram.refusals import NotFound
from miniprogram.releases.storage.id_lists import read_list
from miniprogram.releases.storage.release_documents import require_releases
from miniprogram.targets import Target

SwitchValue = bool | int | float | str | list[Any] | dict[str, Any] | None
"""The value of a switch: of a JSON switch anything that JSON has."""


class Tried(FrozenModel):
    """One way to get a release. `reason` is None when it holds; `clause` is where an audience was settled."""

    step: str
    release_id: str | None
    version: str | None
    holds: bool
    decides: bool
    reason: str | None = None
    clause: str | None = None
    asks: str | None = None
    attribute_missing: bool = False


class AdvisedUpgrade(FrozenModel):
    """How a host is to move to the version. `reason` says what made it forced, or that the release says so."""

    mode: str
    network: str
    reason: str
    minimum_version: str | None = None


class Why(FrozenModel):
    """The document of `release why --json`. `version` None: nothing, because of `decision_reason`.

    The reason `legacy`: no release is for the visitor, who gets what rollout rules or the published pointer give.
    """

    schema_version: int = 1
    command: str = "release why"
    environment_name: str
    mini_program_id: str
    host_app: str
    environment: str
    policy_revision: int
    version: str | None
    release_id: str | None
    step: str | None
    decision_reason: str
    stickiness_key: str | None
    upgrade: AdvisedUpgrade | None = None
    switches: dict[str, SwitchValue]
    tried: tuple[Tried, ...]


def why(
    storage: EnvironmentStorage,
    program_id: str,
    target: Target,
    attributes: Mapping[str, Any],
    *,
    now: datetime,
    link: str | None = None,
    ledger: AdmissionLedger | None = None,
) -> Why:
    """What delivery would answer, and why. Nothing is changed: windows are looked at, not entered.

    Raises NotFound while no release of the mini-program is out.
    """
    policy = open_policy(storage, require_releases(storage, program_id).policy, program_id)
    sent = {**attributes, "hostApp": target.host_app, "environment": str(target.environment)}
    context = EvaluationContext.from_attributes(
        {**sent, "now": int(now.timestamp() * 1000)},
        link_token=link,
        read_link=lambda token: _read(storage, program_id, token, now),
        ledger=ledger,
    )
    found = policy.target(target.host_app, target.environment)
    shared: dict[str, Any] = {
        "environment_name": storage.environment,
        "mini_program_id": program_id,
        "host_app": target.host_app,
        "environment": str(target.environment),
        "policy_revision": policy.revision,
        "stickiness_key": stickiness_name(attributes),
        "switches": {key: value.value for key, value in switch_values(policy, context).items()},
    }
    if found is None:
        reason = "legacy" if policy.is_legacy_otherwise else "no_target"
        return Why(**shared, version=None, release_id=None, step=None, decision_reason=reason, tried=())
    choice = choose_release(policy, found, context)
    release = choice.entry.release if choice.entry and choice.entry.step != "deny" else None
    return Why(
        **shared,
        version=release.version.text if release else None,
        release_id=release.id if release else None,
        step=choice.entry.step if choice.entry else None,
        decision_reason="legacy" if release is None and _is_left(found, choice) else choice.decision_reason,
        upgrade=_advised(upgrade_to(release, found.forced_versions, context.current_version)) if release else None,
        tried=tuple(_tried(each, decides=each.entry is choice.entry) for each in examine(policy, found, context)),
    )


def _advised(upgrade: Upgrade) -> AdvisedUpgrade:
    mode, network, reason, minimum = upgrade
    return AdvisedUpgrade(mode=mode, network=network, reason=reason, minimum_version=minimum)


def _is_left(target: CompiledTarget, choice: Choice) -> bool:
    """Whether whoever asks gets what rollout rules and pointer give."""
    return choice.entry is None and not target.refuses_others


def open_policy(storage: EnvironmentStorage, policy: dict[str, Any] | None, program_id: str) -> ReleasePolicy:
    """A compiled policy with its lists at hand. Raises NotFound when there is none yet."""
    if policy is None:
        raise NotFound(f"no release of {program_id} is out yet, so there is nothing to decide")

    @lru_cache
    def open_list(key: str) -> Any:
        return read_list(storage, key)

    return read_policy(policy, open_list=open_list)


def _read(storage: EnvironmentStorage, program_id: str, token: str, now: datetime) -> Link:
    key = storage.keys.link_keys_key(program_id)
    stored = storage.store.get(key)
    keys = compile_link_keys(Document(key, stored.body)) if stored is not None else {}
    return read_link(token, keys, int(now.timestamp() * 1000), program_id=program_id)


def _tried(verdict: Verdict, *, decides: bool) -> Tried:
    entry, reason, clause = verdict
    return Tried(
        step=entry.step,
        release_id=entry.release.id if entry.release else None,
        version=entry.version,
        holds=reason is None,
        decides=decides,
        reason=reason,
        **_clause(clause),
    )


def _clause(clause: Clause | None) -> dict[str, Any]:
    if clause is None:
        return {}
    return {"clause": clause.path, "asks": clause.text, "attribute_missing": clause.attribute_missing}
