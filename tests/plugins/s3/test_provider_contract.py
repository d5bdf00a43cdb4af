"""The S3 provider against what every cloud provider must do, with our own delivery server before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from miniprogram.documents.store_ledger import ObjectStoreLedger
from miniprogram.seams.cloud_provider import CloudProvider
from miniprogram.testing import AdmissionLedgerContract, CloudProviderContract
from miniprogram_s3.provider import S3Provider
from miniprogram_s3.s3_store import S3ObjectStore
from testbed import servers
from testbed.s3_accounts import REGION

pytestmark = pytest.mark.process


@pytest.fixture
def port(account: Any, command_line: Callable[..., Any]) -> int:
    """The port of the environment `prod`, which is configured where the provider's context says."""
    account.make_bucket()
    chosen = servers.free_port()
    call = command_line(account)
    call("env", "init")
    where = ["--provider", "s3", "--bucket", account.bucket, "--region", REGION]
    code, _, err = call("env", "configure", "prod", *where, "--port", str(chosen))
    assert (code, err) == (0, "")
    return chosen


class TestS3Provider(CloudProviderContract):
    @pytest.fixture(autouse=True)
    def _account(self, account: Any, port: int) -> Iterator[None]:
        self.account, self.port = account, port
        yield
        self._destroy()

    def make_provider(self) -> CloudProvider:
        return S3Provider(self.account.settings(port=self.port), self.account.context())


class TestAdmissionsInABucket(AdmissionLedgerContract):
    @pytest.fixture(autouse=True)
    def _account(self, account: Any) -> None:
        account.make_bucket()
        self.account, self.clients = account, account.clients()

    def make_ledger(self) -> Any:
        """Sixteen at once through one small server take longer than a host would wait."""
        store, settings = S3ObjectStore.of(self.account.settings(), self.clients), self.account.settings()
        return ObjectStoreLedger(store, settings.address().keys, patience_s=30.0)

    def open_again(self, ledger: Any) -> Any:
        return self.make_ledger()
