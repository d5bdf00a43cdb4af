"""A bucket of Cloud Storage against what every object store must do."""

from __future__ import annotations

from typing import Any

import pytest

from miniprogram.documents.store_ledger import ObjectStoreLedger
from miniprogram.seams.object_store import ObjectStore
from miniprogram.testing import AdmissionLedgerContract, ObjectStoreContract
from miniprogram_gcp.provider import GcpProvider


class TestGcsObjectStore(ObjectStoreContract):
    @pytest.fixture(autouse=True)
    def _place(self, place: Any) -> None:
        self.place = place

    def make_store(self) -> ObjectStore:
        store: ObjectStore = self.place.store()
        return store

    def open_again(self, store: ObjectStore) -> ObjectStore:
        return self.make_store()


class TestAdmissionsInABucket(AdmissionLedgerContract):
    @pytest.fixture(autouse=True)
    def _place(self, place: Any) -> None:
        self.place, self.store = place, place.store()

    def make_ledger(self) -> Any:
        """Sixteen at once through one small server take longer than a host would wait."""
        keys = GcpProvider(self.place.settings(), self.place.context()).address.keys
        return ObjectStoreLedger(self.store, keys, patience_s=30.0)

    def open_again(self, ledger: Any) -> Any:
        return self.make_ledger()
