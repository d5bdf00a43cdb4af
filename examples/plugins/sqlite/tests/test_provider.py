"""What every store and provider must do comes from `miniprogram.testing`; this says how to make ours.

Deploying starts the delivery server, which finds the provider as it is installed: `pip install -e .`
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from miniprogram.delivery.evaluation.ledger import AdmissionLedger
from miniprogram.documents.store_ledger import ObjectStoreLedger
from miniprogram.seams.change_feed import ChangeFeed
from miniprogram.seams.cloud_provider import CloudProvider, ProviderContext
from miniprogram.seams.object_store import ObjectStore
from miniprogram.testing import (
    AdmissionLedgerContract,
    ChangeFeedContract,
    CloudProviderContract,
    ObjectStoreContract,
)

from miniprogram_sqlite.change_feed import SqliteChangeFeed
from miniprogram_sqlite.provider import SqliteProvider
from miniprogram_sqlite.settings import SqliteSettings
from miniprogram_sqlite.store import MOST_CHANGES, SqliteObjectStore


class TestStore(ObjectStoreContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.root = tmp_path

    def make_store(self) -> ObjectStore:
        return SqliteObjectStore(self.root / "programs.db")

    def open_again(self, store: ObjectStore) -> ObjectStore:
        return self.make_store()


class TestProvider(CloudProviderContract):
    @pytest.fixture(autouse=True)
    def _environment(
        self, miniprogram_environment: Callable[..., ProviderContext], miniprogram_free_port: int
    ) -> Iterator[None]:
        given = {"file": "programs.db", "port": miniprogram_free_port}
        self.settings = SqliteSettings.model_validate(given)
        self.context = miniprogram_environment("sqlite", **given)
        yield
        self.make_provider().deployment().destroy(lambda _: None)

    def make_provider(self) -> CloudProvider:
        return SqliteProvider(self.settings, self.context)


class TestChangeFeed(ChangeFeedContract):
    many = 2 * MOST_CHANGES  # at once: the file keeps fewer

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.root = tmp_path

    def make_store(self) -> ObjectStore:
        return SqliteObjectStore(self.root / "programs.db")

    def make_feed(self) -> ChangeFeed:
        return SqliteChangeFeed(SqliteObjectStore(self.root / "programs.db"))

    def make_broken_feed(self) -> ChangeFeed:
        return SqliteChangeFeed(SqliteObjectStore(self.root / "no folder" / "programs.db"))


class TestLedger(AdmissionLedgerContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.root = tmp_path

    def make_ledger(self) -> AdmissionLedger:
        keys = SqliteSettings(file="programs.db").store_address("programs.db", "local").keys
        return ObjectStoreLedger(SqliteObjectStore(self.root / "programs.db"), keys, patience_s=30.0)

    def open_again(self, ledger: AdmissionLedger) -> AdmissionLedger:
        return self.make_ledger()


def test_names_are_found_without_reading_what_is_below(tmp_path: Path) -> None:
    store = SqliteObjectStore(tmp_path / "programs.db")
    for key in ("a/b/1", "a/b/2", "a/b0", "a/b-", "a/b", "a/c/\u00e9", "b"):
        store.put(key, b"")

    assert list(store.list_names("a/")) == ["b", "b-", "b/", "b0", "c/"]
    assert list(store.list_names("a/", after="b/")) == ["b0", "c/"]
    assert list(store.list_names("a/", after="b/1")) == ["b0", "c/"]
