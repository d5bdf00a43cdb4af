from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from miniprogram.keys.lifecycle import PolicyLocation
from miniprogram.seams.object_store import ObjectStore
from miniprogram.stores.filesystem import FilesystemObjectStore
from miniprogram.stores.memory import MemoryObjectStore

NOON = datetime(2030, 1, 2, 12, tzinfo=UTC)


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture
def later() -> datetime:
    return NOON + timedelta(hours=1)


@pytest.fixture(params=["memory", "filesystem"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    return MemoryObjectStore() if request.param == "memory" else FilesystemObjectStore(tmp_path / "store")


@pytest.fixture
def location(store: ObjectStore) -> PolicyLocation:
    return PolicyLocation(store, "metadata/access_keys/shop.json", "shop")
