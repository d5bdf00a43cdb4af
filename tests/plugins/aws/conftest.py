"""What the AWS tests share: accounts whose settings and clients are those of AWS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pytest

from miniprogram_aws.sdk.client import AwsClients
from miniprogram_aws.settings import AwsSettings
from miniprogram_s3.client import S3Clients
from miniprogram_s3.settings import S3StoreSettings
from testbed.s3_accounts import (  # noqa: F401 - fixtures are found here
    Account,
    _no_aws_of_this_machine,
    account,
    account_at,
    command_line,
    fault_proxy_url,
    faults,
    ministack_url,
    moto_account,
    moto_url,
    scripted,
    server_logs,
)


@dataclass(frozen=True)
class AwsAccount(Account):
    settings_class: ClassVar[type[S3StoreSettings]] = AwsSettings
    clients_class: ClassVar[type[S3Clients]] = AwsClients


@pytest.fixture
def account_class() -> type[Account]:
    return AwsAccount
