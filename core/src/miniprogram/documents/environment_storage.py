"""The storage of an environment: its store, the keys in it, and what its provider can do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.delivery.evaluation.ledger import AdmissionLedger
from miniprogram.documents.index_memory import IndexMemory
from miniprogram.seams.object_store import ObjectStore

ENVIRONMENT_CHAIN = "~environment"
"""The audit trail of what is about no mini-program. No mini-program can be called so."""


@dataclass(frozen=True, slots=True)
class EnvironmentStorage:
    """A store and its keys. `cannot` names what its delivery is not able to do."""

    store: ObjectStore
    keys: Keys = field(default_factory=lambda: Keys("cloud"))
    environment: str = "local"
    api_base_url: str | None = None
    cannot: dict[str, str] = field(default_factory=dict)
    ledger: Callable[[], AdmissionLedger] | None = None
    """Opens what counts admissions to windows; None where nothing does."""

    index_memory: IndexMemory | None = None
    """What lists remember of the index from one to the next; None in a command, which lists once."""

    def open_ledger(self) -> AdmissionLedger | None:
        return None if self.ledger is None else self.ledger()
