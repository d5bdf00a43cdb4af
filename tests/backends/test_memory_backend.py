"""The fake for tests keeps the contract it stands for."""

from __future__ import annotations

import pytest

from miniprogram.seams.data_store import DataStore, Record
from miniprogram.testing.data_store_contract import DataStoreContract
from miniprogram.testing.publisher_backend import MemoryDataStore


class TestMemoryDataStore(DataStoreContract):
    @pytest.fixture(autouse=True)
    def _store(self) -> None:
        self.store = MemoryDataStore()

    def make_store(self) -> DataStore:
        return self.store

    def redemption(self, user_id: str, coupon_id: str) -> Record:
        return {"group": "redemptions", "name": f"{user_id!r} {coupon_id!r}"}
