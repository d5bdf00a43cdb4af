"""The records of a publisher backend in Firestore: the contract, what it cannot hold, writes that stop midway."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import firestore

from miniprogram.backends.tagged_values import Tagged, from_json, to_json
from miniprogram.errors import MiniProgramError
from miniprogram.seams.data_store import Record
from miniprogram.testing.data_store_contract import DataStoreContract
from miniprogram_firebase.backend.firestore_calls import FirestoreCalls
from miniprogram_firebase.backend.records import FirestoreRecords
from miniprogram_firebase.backend.starter import record_names
from testbed.google.firestore.grpc_server import serving
from testbed.google.firestore.refusals import Refusal
from testbed.google.firestore.rest import FirestoreRest
from testbed.google.firestore.service import FirestoreService
from testbed.google.server import TOKEN, GoogleStandIn


@pytest.fixture
def database() -> Iterator[tuple[FirestoreService, str]]:
    service = FirestoreService()
    with GoogleStandIn().running() as stand_in:
        stand_in.services.append(FirestoreRest(service))
        yield service, stand_in.address


@pytest.fixture
def records(database: tuple[FirestoreService, str]) -> FirestoreRecords:
    return open_records(database[1])


def open_records(address: str, program: str = "shop") -> FirestoreRecords:
    environ = {"CLOUDSDK_API_ENDPOINT_OVERRIDES_FIRESTORE": address, "FIREBASE_TOKEN": TOKEN}
    calls = FirestoreCalls("shop-project", "prod", environ, sleep=lambda _: None)
    return FirestoreRecords(calls, program, pause=lambda _: None)


def redemption(user_id: str, coupon_id: str, **more: Any) -> Record:
    data = {"status": "redeemed", "userId": user_id, "couponId": coupon_id, **more}
    return {
        "collection": "redemptions",
        "documentId": record_names.redemption_id(user_id, coupon_id),
        "data": data,
    }


class TestFirestoreRecords(DataStoreContract):
    cannot: ClassVar = {
        "list": "it has a list in a list",
        "large": "it is beyond 64 bits",
    }

    @pytest.fixture(autouse=True)
    def _database(self, database: tuple[FirestoreService, str]) -> None:
        self.address = database[1]

    def make_store(self) -> FirestoreRecords:
        return open_records(self.address)

    def redemption(self, user_id: str, coupon_id: str) -> Record:
        return redemption(user_id, coupon_id)

    def with_member(self, record: Record, name: str, value: Any) -> Record:
        return {**record, "data": {**record["data"], name: value}}

    def member(self, record: Record, name: str) -> Any:
        return record["data"][name]


def test_what_google_wrote_is_exported_and_imported_without_loss(
    database: tuple[FirestoreService, str], records: FirestoreRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    service, _ = database
    data: dict[str, Any] = {
        "at": datetime(2030, 1, 2, 3, 4, 5, 678901, tzinfo=UTC),
        "place": firestore.GeoPoint(48.25, -16.5),
        "bytes": b"\x00\xff",
        "double": 2.0,
        "whole": 2,
        "nan": float("inf"),
        "map": {"list": [1, {"a": None}], "empty": {}},
    }
    with serving(service) as address:
        monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", address)
        client = firestore.Client(project="shop-project", credentials=AnonymousCredentials())
        own, foreign = (
            client.document("miniPrograms/shop/coupons/b"),
            "projects/other/databases/(default)/documents/a/b",
        )
        client.document("miniPrograms/shop/coupons/a").set({**data, "own": own})
        before = client.document("miniPrograms/shop/coupons/a").get().to_dict()

        [found] = records.read("app")
        assert found["data"]["own"] == Tagged("reference", "miniPrograms/shop/coupons/b")
        assert type(found["data"]["double"]) is float
        assert type(found["data"]["whole"]) is int
        client.document("miniPrograms/shop/coupons/a").delete()
        assert records.write([from_json(to_json(found))]) == []

        assert client.document("miniPrograms/shop/coupons/a").get().to_dict() == before
        client.close()
    foreign = {"name": "projects/other/databases/(default)/documents/a/b"}
    other = {**found, "data": {"ref": Tagged("reference", foreign)}}
    assert records.write([other]) == []
    [again] = records.read("app")
    assert again["data"] == other["data"]


def test_nanoseconds_travel_through_a_file() -> None:
    fine = Tagged("timestamp", "2030-01-02T03:04:05.678901234Z")
    assert from_json(to_json({"at": fine})) == {"at": fine}
    assert from_json({"$timestamp": "2030-01-02T03:04:05.678901000Z"}) == datetime(
        2030, 1, 2, 3, 4, 5, 678901, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ({"a": {"b": [1, [2]]}}, "data.a.b[1] is a list in a list"),
        ({"n": 2**63}, "data.n is a whole number beyond 64 bits"),
        ({"s": frozenset({"a"})}, "data.s holds a frozenset"),
        ({"t": [Tagged("moon", 1)]}, "data.t[0] is tagged $moon"),
    ],
)
def test_what_it_cannot_hold_is_named(records: FirestoreRecords, data: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match="data") as caught:
        records.group_of({"collection": "coupons", "documentId": "a", "data": data})
    assert named in str(caught.value)


@pytest.mark.parametrize("document_id", ["", "a/b", ".", "..", "__a__", "x" * 1501, None, 7])
def test_an_id_that_is_none_is_refused(records: FirestoreRecords, document_id: object) -> None:
    with pytest.raises(ValueError, match="documentId"):
        records.group_of({"collection": "coupons", "documentId": document_id, "data": {}})


def test_what_is_busy_is_tried_again_and_the_rest_is_not(
    database: tuple[FirestoreService, str], records: FirestoreRecords
) -> None:
    service, _ = database
    commits = service.database("projects/shop-project/databases/(default)")
    plain, tries = commits.commit, []

    def busy(writes: Any, transaction: bytes = b"") -> Any:
        tries.append(writes[0].update.name.rsplit("~")[-1])
        if tries[-1] == "c7" and tries.count("c7") < 3:
            raise Refusal("ABORTED", "busy")
        return plain(writes, transaction)

    commits.commit = busy  # type: ignore[method-assign]
    assert records.write([redemption("u", f"c{number}") for number in range(10)]) == []
    assert tries.count("c7") == 3
    assert len(tries) == 12
    assert records.count().redemptions == 10


def test_one_bad_record_does_not_hold_up_the_others(records: FirestoreRecords) -> None:
    large = redemption("u", "large", note="x" * 1_100_000)
    [left] = records.write([redemption("u", "a"), large, redemption("u", "b")])
    assert left.key == records.key_of(large)
    assert "exceeds the maximum" in left.reason
    assert records.count().redemptions == 2


def test_a_database_that_breaks_off_leaves_a_list_to_complete(
    database: tuple[FirestoreService, str], records: FirestoreRecords
) -> None:
    service, _ = database
    seen: list[str] = []

    def break_off(method: str, request: Any) -> None:
        del request
        seen.append(method)
        if method == "BatchWrite" and seen.count("BatchWrite") == 2:
            raise Refusal("PERMISSION_DENIED", "not any more")

    service.interruptions.append(break_off)
    wanted = [redemption("u", f"c{number:04}") for number in range(1200)]
    left = records.write(wanted)
    assert [each.key for each in left] == [records.key_of(record) for record in wanted[500:]]
    assert "roles/datastore.user" not in left[0].reason
    service.interruptions.clear()
    assert records.write(wanted) == []
    assert records.count().redemptions == 1200


def test_a_database_that_refuses_at_once_is_an_error(
    database: tuple[FirestoreService, str], records: FirestoreRecords
) -> None:
    service, _ = database

    def refuse(method: str, request: Any) -> None:
        raise Refusal("PERMISSION_DENIED", "The caller does not have permission")

    service.interruptions.append(refuse)
    with pytest.raises(MiniProgramError, match="has no access to the project") as caught:
        records.write([redemption("u", "c")])
    assert "roles/datastore.user" in (caught.value.hint or "")


def test_everything_below_the_program_counts(
    database: tuple[FirestoreService, str], records: FirestoreRecords
) -> None:
    records.write([redemption("u", "c")])
    open_records(database[1], "other").write([redemption("u", "c")])
    service, _ = database
    other = {"name": "projects/shop-project/databases/(default)/documents/miniPrograms/shop/notes/1", "fields": {}}
    request = service_write(other)
    list(service.answer("Commit", request))
    assert records.count_everything() == 2
    assert records.condition() == {"homeRecordCount": 0, "authSessionCount": 0, "couponCount": 0}


def service_write(document: dict[str, Any]) -> Any:
    from google.cloud.firestore_v1 import types

    write = types.Write.pb()(update=document)
    return types.CommitRequest.pb()(database="projects/shop-project/databases/(default)", writes=[write])
