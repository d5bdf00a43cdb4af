"""Where the releases of an environment are kept: its store, and the keys in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from miniprogram.delivery.evaluation.ledger import AdmissionLedger
from miniprogram.seams.object_store import ObjectStore
from miniprogram.targets import Target

ENVIRONMENT_CHAIN = "~environment"
"""The audit trail of what is about no mini-program. No mini-program can be called so."""


@dataclass(frozen=True, slots=True)
class EnvironmentStorage:
    """A store and the two prefixes of the cloud layout. `cannot` names what its delivery is not able to do."""

    store: ObjectStore
    metadata_prefix: str
    artifacts_prefix: str
    environment: str = "local"
    api_base_url: str | None = None
    cannot: dict[str, str] = field(default_factory=dict)
    ledger: Callable[[], AdmissionLedger] | None = None
    """Opens what counts admissions to windows; None where nothing does."""

    def open_ledger(self) -> AdmissionLedger | None:
        return None if self.ledger is None else self.ledger()

    @property
    def programs(self) -> str:
        """What the keys of all release documents, and of what is finished, start with."""
        return f"{self.metadata_prefix}/releases/"

    def document(self, program_id: str) -> str:
        return f"{self.programs}{program_id}.json"

    def published(self, program_id: str, version: str) -> str:
        """The record a publish wrote."""
        return f"{self.programs}{program_id}/{version}.json"

    def attempts(self, program_id: str, version: str, target: Target) -> str:
        """What the keys of all finished attempts at a pair start with."""
        return f"{self.programs}{program_id}/{version}/{target.path}/"

    def finished(self, program_id: str, version: str, target: Target, attempt: int, revision: int) -> str:
        """Where the attempt that `revision` finished is put. Never written twice with other bytes."""
        return f"{self.attempts(program_id, version, target)}{attempt:04}-{revision:010}.json"

    def event(self, chain: str, seq: int) -> str:
        return f"{self.events(chain)}{seq:012}.json"

    def events(self, chain: str) -> str:
        return f"{self.metadata_prefix}/audit/{chain}/"

    def segment(self, program_id: str, name: str, version: int) -> str:
        """A list of ids, as the policy names it: below the metadata prefix."""
        return f"segments/{program_id}/{name}/{version}.ids"

    def link_keys(self, program_id: str) -> str:
        return f"{self.metadata_prefix}/link_keys/{program_id}.json"

    @property
    def settings(self) -> str:
        """The environment's own document: host apps, members, tokens."""
        return f"{self.metadata_prefix}/admin/environment.json"
