"""The tables and the generated store on Amazon's own DynamoDB for development. Run by `make test-extra`."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from miniprogram.backends import backend_keys
from miniprogram.seams.backend_template import ProgramFacts
from miniprogram.seams.data_store import Record
from miniprogram.testing.admission_ledger import AdmissionLedgerContract
from miniprogram.testing.data_store_contract import DataStoreContract
from miniprogram_aws.backend.backend_template import AwsLambdaTemplate
from miniprogram_aws.backend.data_table import DataTable
from miniprogram_aws.function.admission_ledger import DynamoDbLedger
from testbed import servers

MakeTable = Callable[[], DataTable]

RACE = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
from os import environ
sys.path.insert(0, ".")
from store import open_store
stores = [open_store(environ) for _ in range(8)]
for store in stores:
    store.home()
with ThreadPoolExecutor(8) as pool:
    redeem = lambda n: stores[n % 8].redeem("ann", "coupon-10", f"2030-01-01T00:00:{n:02}Z")
    done = list(pool.map(redeem, range(40)))
print(json.dumps([[each.first, each.redeemed_at] for each in done]))
"""


@pytest.fixture(scope="module")
def dynamodb_url(server_logs: Path) -> Iterator[str]:
    with servers.dynamodb_local(server_logs / "dynamodb.log") as url:
        yield url


@pytest.fixture
def account(dynamodb_url: str, account_at: Callable[..., Any]) -> Any:
    return account_at(dynamodb_url, key="AKIAEXAMPLEEXAMPLE03")


@pytest.fixture
def make_table(account: Any) -> MakeTable:
    name = f"backend-{secrets.token_hex(6)}"
    client = account.clients().client("dynamodb")
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    )
    return lambda: DataTable(client, name, "shop", region="eu-west-1")


class TestAdmissions(AdmissionLedgerContract):
    @pytest.fixture(autouse=True)
    def _table(self, account: Any) -> None:
        self.name = f"shop-{secrets.token_hex(6)}-admissions"
        self.dynamodb = account.clients().client("dynamodb")
        self.dynamodb.create_table(
            TableName=self.name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        )

    def make_ledger(self) -> DynamoDbLedger:
        return DynamoDbLedger(lambda: self.dynamodb, self.name, patience_s=30)

    def open_again(self, ledger: object) -> DynamoDbLedger:
        return self.make_ledger()


def redemption(user_id: str, coupon_id: str, **more: Any) -> Record:
    key = backend_keys.redemption_key(user_id, coupon_id)
    return {"pk": backend_keys.redemption_partition("shop"), "sk": key, "userId": user_id, **more}


class TestDataTable(DataStoreContract):
    @pytest.fixture(autouse=True)
    def _table(self, make_table: MakeTable) -> None:
        self.table = make_table

    def make_store(self) -> DataTable:
        return self.table()

    def redemption(self, user_id: str, coupon_id: str) -> Record:
        return redemption(user_id, coupon_id)


def test_pages_of_a_megabyte_are_read_to_the_end(make_table: MakeTable) -> None:
    table = make_table()
    assert table.write([redemption(f"u{number}", "c", body="x" * 300_000) for number in range(12)]) == []
    assert table.count().redemptions == table.count_everything() == len(list(table.read("redemptions"))) == 12


def test_one_item_that_is_too_large_keeps_no_other_from_being_stored(make_table: MakeTable) -> None:
    table = make_table()
    records = [redemption("small", "c"), redemption("large", "c", body="x" * 500_000), redemption("other", "c")]
    assert [left.key for left in table.write(records)] == [table.key_of(records[1])]
    assert table.count().redemptions == 2


def test_of_many_redemptions_at_once_one_is_first(make_table: MakeTable, account: Any, tmp_path: Path) -> None:
    for path, body in AwsLambdaTemplate().render(ProgramFacts("shop", "Shop"), "dynamodb").items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(body)
    environ = {"PUBLISHER_BACKEND_TABLE_NAME": make_table().name, "MINI_PROGRAM_ID": "shop", "PATH": "/usr/bin"}
    done = subprocess.run(
        [sys.executable, "-I", "-B", "-c", RACE],
        cwd=tmp_path / "src",
        env={**account.environ, **environ, "AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1"},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    replies = json.loads(done.stdout)
    assert sorted(first for first, _ in replies) == [False] * 39 + [True]
    assert len({at for _, at in replies}) == 1
