"""The AWS provider against what every cloud provider must do."""

from __future__ import annotations

from typing import Any

import pytest

from miniprogram.seams.cloud_provider import CloudProvider
from miniprogram.testing import CloudProviderContract
from miniprogram_aws.provider import open_provider


class TestAwsProvider(CloudProviderContract):
    @pytest.fixture(autouse=True)
    def _account(self, account: Any) -> None:
        account.make_bucket()
        self.account = account

    def make_provider(self) -> CloudProvider:
        return open_provider(self.account.settings(), self.account.context())


class TestCountingAwsProvider(TestAwsProvider):
    def make_provider(self) -> CloudProvider:
        return open_provider(self.account.settings(admission_table=True), self.account.context())
