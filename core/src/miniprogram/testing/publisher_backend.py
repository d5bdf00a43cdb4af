"""A publisher backend that is deployed nowhere, with records in memory."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from miniprogram.backends.cloud.seeding import coupon_id_of
from miniprogram.errors import MiniProgramError
from miniprogram.seams.backend_operator import BASE_URL, HEALTH_URL, BackendData, BackendState, Progress
from miniprogram.seams.data_store import Group, Key, Leftover, Record, RecordCounts, SeedData


class MemoryDataStore:
    """Implements DataStore: records with `group`, `name` and whatever else, by group and name.

    `refuse` names records that are never stored; with `failing` every question is answered with an error.
    """

    entries = "records"
    outlives_deployment = False

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self.records: dict[Key, Record] = {self.key_of(record): record for record in records}
        self.refuse: set[str] = set()
        self.foreign = 0
        self.failing = ""
        self.removed = False

    def condition(self) -> Mapping[str, object]:
        self._ask()
        return {"memoryStatus": "ACTIVE"}

    def count(self) -> RecordCounts:
        self._ask()
        groups = [group for group, _ in self.records]
        return RecordCounts(groups.count("app"), groups.count("redemptions"))

    def count_everything(self) -> int:
        return self.count().total + self.foreign

    def read(self, group: Group) -> Iterator[Record]:
        self._ask()
        return (copy.deepcopy(record) for key, record in self.records.items() if key[0] == group)

    def seed_records(self, seed: SeedData, *, at: str) -> list[Record]:
        documents = {"home": seed.home, "session": seed.session}
        documents |= {f"coupon-{coupon_id_of(coupon)}": coupon for coupon in seed.coupons}
        return [{"group": "app", "name": name, "payload": each, "at": at} for name, each in documents.items()]

    def group_of(self, record: Record) -> Group:
        group = record.get("group")
        if group not in ("app", "redemptions") or not isinstance(record.get("name"), str):
            raise ValueError("group must be app or redemptions, and name a text")
        return "app" if group == "app" else "redemptions"

    def key_of(self, record: Record) -> Key:
        return (record["group"], record["name"])

    def write(self, records: Sequence[Record]) -> list[Leftover]:
        self._ask()
        left = [Leftover(self.key_of(record), "no room") for record in records if record["name"] in self.refuse]
        stored = [record for record in records if record["name"] not in self.refuse]
        self.records |= {self.key_of(record): copy.deepcopy(record) for record in stored}
        return left

    def discard(self, *, confirmed: bool) -> Literal["removed", "kept", "gone"]:
        if not confirmed and self.count_everything():
            return "kept"
        self.records.clear()
        self.removed = True
        return "removed"

    def _ask(self) -> None:
        if self.failing:
            raise MiniProgramError(self.failing)


@dataclass
class MemoryBackend:
    """Implements BackendOperator. Without `store` it is one that keeps no data."""

    backend_root: Path
    store: MemoryDataStore | None = None
    outputs: Mapping[str, str] = field(
        default_factory=lambda: {BASE_URL: "http://backend.test/", HEALTH_URL: "http://backend.test/health"}
    )
    deployed: bool = False

    location_members: Mapping[str, str] = field(default_factory=lambda: {"cell": "cell-1", "region": "memory"})
    recorded: Mapping[str, str] = field(
        default_factory=lambda: {"cell": "cell-1", "region": "memory", "bucket": "b"}
    )
    deploy_keys: tuple[str, ...] = ("cell",)
    outputs_hide: tuple[str, ...] = ("region",)

    @property
    def data_folder(self) -> Path:
        return self.backend_root / "data"

    def check_source(self) -> None:
        if not self.backend_root.is_dir():
            raise MiniProgramError(f"{self.backend_root} is missing")

    def deploy(self, progress: Progress) -> BackendState:
        progress("deploying")
        self.deployed = True
        return self.state()

    def state(self) -> BackendState:
        if not self.deployed:
            return BackendState(False, {}, {"cellExists": False}, {"reason": None}, "there is no cell cell-1")
        return BackendState(True, self.outputs, {"cellExists": True}, {"reason": "fine"})

    def data(self, state: BackendState) -> BackendData:
        facts = {"storageMode": "memory" if self.store else None}
        if not state.exists or self.store is None:
            return BackendData(None, state.missing or "it keeps no data", facts, {"memoryStatus": None})
        return BackendData(self.store, "", facts, {"memoryStatus": None})

    def logs(self, *, since_s: float, follow: bool) -> Iterator[str]:
        del since_s, follow
        yield "a line"

    def destroy(self, progress: Progress) -> None:
        progress("destroying")
        self.deployed = False
