"""What the tests of the S3 plugin share."""

from __future__ import annotations

import pytest

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


@pytest.fixture
def account_class() -> type[Account]:
    return Account
