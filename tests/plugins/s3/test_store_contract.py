"""The store contract, on every S3 server of the test bed."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

import pytest

from miniprogram.testing import ObjectStoreContract
from miniprogram_s3.s3_store import S3ObjectStore


class _OnAServer(ObjectStoreContract):
    """A bucket for each store. A second store knows nothing of the first one's probing and connections."""

    account: Any
    versioned = True

    def make_store(self) -> S3ObjectStore:
        self.account = replace(self.account, bucket=f"shop-{secrets.token_hex(6)}")
        self.account.make_bucket(versioned=self.versioned)
        self.clients = self.account.clients()
        return self._open()

    def open_again(self, store: Any) -> S3ObjectStore:
        return self._open()

    def _open(self) -> S3ObjectStore:
        return S3ObjectStore.of(self.account.settings(require_versions=self.versioned), self.clients)


class TestOnMiniStack(_OnAServer):
    @pytest.fixture(autouse=True)
    def _account(self, account: Any) -> None:
        self.account = account


class TestOnMoto(_OnAServer):
    @pytest.fixture(autouse=True)
    def _account(self, moto_account: Any) -> None:
        self.account = moto_account

    def test_a_folder_without_objects_has_no_name(self) -> None:
        """In buckets with versions, moto gives a folder for the mark that a deletion leaves, which S3 does not."""
        self.versioned = False
        super().test_a_folder_without_objects_has_no_name()
