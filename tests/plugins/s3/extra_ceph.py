"""The store contract on Ceph, a whole S3 server with quirks of its own. Run by `make test-extra`.

It honours preconditions only in buckets without versions, and only with etags that are not quoted.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from miniprogram.errors import StoreError
from miniprogram.testing import ObjectStoreContract
from miniprogram_s3.conditional_writes import ConditionalWrites
from miniprogram_s3.probing import probe
from miniprogram_s3.s3_store import S3ObjectStore
from testbed import servers


@pytest.fixture(scope="module")
def ceph_url(server_logs: Path) -> Iterator[str]:
    with (
        tempfile.TemporaryDirectory(prefix="c") as folder,  # sockets lie in it: its path has to be short
        servers.ceph(Path(folder) / "c", server_logs / "ceph.log") as url,
    ):
        yield url


@pytest.fixture
def ceph_account(ceph_url: str, account_at: Callable[..., Any]) -> Any:
    return replace(account_at(ceph_url, key="test", secret="testsecret"), knows_regions=False)


class TestOnCeph(ObjectStoreContract):
    @pytest.fixture(autouse=True)
    def _account(self, ceph_account: Any) -> None:
        self.account = ceph_account

    def make_store(self) -> S3ObjectStore:
        self.account = replace(self.account, bucket=f"shop-{secrets.token_hex(6)}")
        self.account.make_bucket(versioned=False)
        self.clients = self.account.clients()
        return self._open()

    def open_again(self, store: Any) -> S3ObjectStore:
        return self._open()

    def _open(self) -> S3ObjectStore:
        return S3ObjectStore.of(self.account.settings(require_versions=False), self.clients)


def test_its_etags_are_found_to_be_unquoted(ceph_account: Any) -> None:
    ceph_account.make_bucket(versioned=False)
    s3 = ceph_account.clients().s3

    assert probe(s3, ceph_account.bucket, "metadata") == ConditionalWrites(
        quoted_etags=False, conditional_delete=False, conditional_multipart=False
    )
    assert s3.list_objects_v2(Bucket=ceph_account.bucket)["KeyCount"] == 0


def test_a_bucket_with_versions_is_refused_there(ceph_account: Any) -> None:
    ceph_account.make_bucket()
    store = S3ObjectStore.of(ceph_account.settings(), ceph_account.clients())

    with pytest.raises(StoreError, match="ignores preconditions") as failed:
        store.put("a", b"")
    assert "--no-require-versions" in str(failed.value.hint)


def test_a_wrong_secret_is_told(ceph_account: Any) -> None:
    environ = {**ceph_account.environ, "AWS_SECRET_ACCESS_KEY": "wrong"}

    with pytest.raises(StoreError, match="S3 refuses the signature"):
        S3ObjectStore.of(ceph_account.settings(), replace(ceph_account, environ=environ).clients()).get("a")
