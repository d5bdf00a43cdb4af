"""The stand-in for Firestore as Google's own clients see it."""

from __future__ import annotations

import math
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from google.api_core import exceptions
from google.api_core.datetime_helpers import DatetimeWithNanoseconds
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import And, FieldFilter, Or
from google.cloud.firestore_v1.types import Document, Value, Write

from testbed.google.firestore.service import FirestoreService

EVERYTHING = {
    "null": None,
    "true": True,
    "whole": 2**62,
    "double": -0.5,
    "text": "žluťoučký 🐎",
    "bytes": b"\x00\xff",
    "moment": DatetimeWithNanoseconds(2030, 1, 2, 3, 4, 5, nanosecond=678901000, tzinfo=UTC),
    "point": firestore.GeoPoint(48.2, 16.4),
    "list": [1, "two", {"three": 3}],
    "map": {"a": {"b": {"c": []}}, "empty": {}},
}


def test_every_kind_of_value_comes_back(client: firestore.Client) -> None:
    document = client.document("kinds/all")
    document.set({**EVERYTHING, "other": client.document("kinds/other"), "nan": math.nan})
    found = document.get().to_dict()
    assert math.isnan(found.pop("nan"))
    assert found.pop("other").path == "kinds/other"
    assert found == EVERYTHING


def test_timestamps_are_kept_to_the_microsecond(client: firestore.Client) -> None:
    client.document("t/1").set({"at": DatetimeWithNanoseconds(2030, 1, 1, nanosecond=123456789, tzinfo=UTC)})
    assert client.document("t/1").get().get("at").rfc3339() == "2030-01-01T00:00:00.123456Z"


def test_a_document_is_created_once(client: firestore.Client) -> None:
    client.document("c/1").create({"a": 1})
    with pytest.raises(exceptions.AlreadyExists):
        client.document("c/1").create({"a": 2})
    assert client.document("c/1").get().to_dict() == {"a": 1}


def test_a_stale_update_time_is_refused(client: firestore.Client) -> None:
    document = client.document("c/1")
    first = document.set({"a": 1})
    second = document.set({"a": 2})
    with pytest.raises(exceptions.FailedPrecondition):
        document.update({"a": 3}, option=client.write_option(last_update_time=first.update_time))
    document.update({"a": 4}, option=client.write_option(last_update_time=second.update_time))
    with pytest.raises(exceptions.FailedPrecondition):
        document.delete(option=client.write_option(last_update_time=first.update_time))
    assert document.get().to_dict() == {"a": 4}


def test_a_missing_document_is_not_updated(client: firestore.Client) -> None:
    with pytest.raises(exceptions.NotFound):
        client.document("c/none").update({"a": 1})


def test_half_a_batch_is_never_stored(client: firestore.Client) -> None:
    client.document("b/2").set({"old": True})
    batch = client.batch()
    batch.set(client.document("b/1"), {"new": True})
    batch.create(client.document("b/2"), {"new": True})
    batch.set(client.document("b/3"), {"new": True})
    with pytest.raises(exceptions.AlreadyExists):
        batch.commit()
    assert [each.id for each in client.collection("b").stream()] == ["2"]


def test_a_batch_has_at_most_500_writes(client: firestore.Client) -> None:
    for many, fits in ((500, True), (501, False)):
        batch = client.batch()
        for index in range(many):
            batch.set(client.document(f"many{many}/{index}"), {})
        if fits:
            assert len(batch.commit()) == 500
        else:
            with pytest.raises(exceptions.InvalidArgument, match="500"):
                batch.commit()
    assert client.collection("many501").count().get()[0][0].value == 0


def test_a_document_has_at_most_a_mebibyte(client: firestore.Client) -> None:
    document = client.document("large/1")
    name = "projects/x/databases/(default)/documents/large/1".replace("x", client.project)
    room = 1_048_576 - len(name) - 32 - len("text") - 1 - 1
    document.set({"text": "x" * room})
    with pytest.raises(exceptions.InvalidArgument, match="exceeds the maximum"):
        document.set({"text": "x" * (room + 1)})


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"a": [[1]]}, "array"),
        ({"a": {"b": [{"c": [1, [2]]}]}}, "array"),
        ({"__a__": 1}, "reserved"),
        ({"a": {"__b__": 1}}, "reserved"),
        ({"x" * 1501: 1}, "1500"),
    ],
)
def test_what_cannot_be_stored_is_refused(client: firestore.Client, fields: dict[str, object], said: str) -> None:
    write = Write(update=Document(name=f"{client._database_string}/documents/r/1"))
    for name, value in fields.items():
        write.update.fields[name] = _value(value)
    with pytest.raises(exceptions.InvalidArgument, match=said):
        client._firestore_api.commit({"database": client._database_string, "writes": [write]})
    assert not client.document("r/1").get().exists


def _value(plain: object) -> Value:
    if isinstance(plain, list):
        return Value(array_value={"values": [_value(each) for each in plain]})
    if isinstance(plain, dict):
        return Value(map_value={"fields": {name: _value(each) for name, each in plain.items()}})
    return Value(integer_value=plain)


@pytest.mark.parametrize("path", ["a/..", "a/.", "a/__b__", f"a/{'x' * 1501}"])
def test_reserved_and_long_ids_are_refused(client: firestore.Client, path: str) -> None:
    with pytest.raises(exceptions.InvalidArgument):
        client.document(path).set({})


def test_nesting_has_a_bound(client: firestore.Client) -> None:
    def nested(levels: int) -> dict[str, object]:
        return {"a": nested(levels - 1)} if levels else {}

    client.document("d/1").set(nested(20))
    with pytest.raises(exceptions.InvalidArgument, match="20"):
        client.document("d/2").set(nested(21))


def test_a_merge_touches_only_its_fields(client: firestore.Client) -> None:
    document = client.document("m/1")
    document.set({"a": {"b": 1, "c": 2}, "d.e": 3, "f": 4})
    document.set({"a": {"b": 9}, "g": 5}, merge=True)
    document.update({"`d.e`": 7, "f": firestore.DELETE_FIELD, "a.x.y": 1})
    assert document.get().to_dict() == {"a": {"b": 9, "c": 2, "x": {"y": 1}}, "d.e": 7, "g": 5}


def test_transforms(client: firestore.Client) -> None:
    document = client.document("m/1")
    document.set({"n": 1, "tags": ["a", "b"], "text": "x", "high": 5, "low": 5})
    document.update(
        {
            "n": firestore.Increment(2.5),
            "tags": firestore.ArrayUnion(["b", "c", "c"]),
            "text": firestore.Increment(3),
            "new": firestore.ArrayRemove(["z"]),
            "at": firestore.SERVER_TIMESTAMP,
            "high": firestore.Maximum(9),
            "low": firestore.Minimum(9),
        }
    )
    found = document.get().to_dict()
    assert abs((found.pop("at") - datetime.now(UTC)).total_seconds()) < 60
    assert found == {"n": 3.5, "tags": ["a", "b", "c"], "text": 3, "new": [], "high": 9, "low": 5}
    document.update({"tags": firestore.ArrayRemove(["a", "c"])})
    assert document.get().get("tags") == ["b"]


def test_counting_under_contention_loses_nothing(client: firestore.Client) -> None:
    counter = client.document("n/1")
    counter.set({"n": 0})

    @firestore.transactional
    def add(transaction: firestore.Transaction) -> None:
        found = counter.get(transaction=transaction)
        transaction.update(counter, {"n": found.get("n") + 1})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: add(client.transaction(max_attempts=50)), range(12)))
    assert counter.get().get("n") == 12


@pytest.mark.parametrize("change", ["written", "deleted", "created", "found"])
def test_a_transaction_notices_a_rival(client: firestore.Client, change: str) -> None:
    """What it read is changed between its reading and its commit: it runs again, and only then commits."""
    client.document("r/known").set({"n": 1})
    runs = []

    @firestore.transactional
    def work(transaction: firestore.Transaction) -> None:
        known = client.document("r/known").get(transaction=transaction)
        client.document("r/absent").get(transaction=transaction)
        count = len(list(client.collection("r").stream(transaction=transaction)))
        if not runs:
            rival = threading.Thread(target=_rival, args=(client, change))
            rival.start()
            rival.join()
        runs.append(count)
        transaction.set(client.document("out/1"), {"seen": count, "known": known.exists})

    work(client.transaction())
    assert len(runs) == 2
    assert client.document("out/1").get().get("seen") == runs[1]


def _rival(client: firestore.Client, change: str) -> None:
    if change == "written":
        client.document("r/known").set({"n": 2})
    elif change == "deleted":
        client.document("r/known").delete()
    else:
        client.document({"created": "r/absent", "found": "r/more"}[change]).set({})


def test_a_read_only_transaction_writes_nothing(client: firestore.Client) -> None:
    transaction = client.transaction(read_only=True)
    with pytest.raises((exceptions.InvalidArgument, ValueError)):
        firestore.transactional(lambda each: each.set(client.document("x/1"), {}))(transaction)
    assert not client.document("x/1").get().exists


class TestQueries:
    @pytest.fixture
    def people(self, client: firestore.Client) -> firestore.CollectionReference:
        rows = {
            "a": {"n": 1, "tags": ["x"]},
            "b": {"n": 2.5, "tags": ["x", "y"]},
            "c": {"n": 3, "tags": []},
            "d": {"n": "text"},
            "e": {"n": None},
            "f": {"n": math.nan},
            "g": {},
        }
        for name, row in rows.items():
            client.document(f"people/{name}").set(row)
        client.document("people/a/below/1").set({"n": 1})
        client.document("other/z/below/2").set({"n": 2})
        return client.collection("people")

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            (FieldFilter("n", ">", 1), "bc"),
            (FieldFilter("n", "<=", 2.5), "ab"),
            (FieldFilter("n", "==", 1.0), "a"),
            (FieldFilter("n", "==", None), "e"),
            (FieldFilter("n", "==", math.nan), "f"),
            (FieldFilter("n", "!=", 1), "fbcd"),
            (FieldFilter("n", ">=", "a"), "d"),
            (FieldFilter("n", "in", [1, "text"]), "ad"),
            (FieldFilter("n", "not-in", [1, 3]), "fbd"),
            (FieldFilter("tags", "array_contains", "x"), "ab"),
            (FieldFilter("tags", "array_contains_any", ["y", "z"]), "b"),
            (Or([FieldFilter("n", "==", 1), FieldFilter("n", "==", 3)]), "ac"),
            (And([FieldFilter("n", ">", 1), FieldFilter("n", "<", 3)]), "b"),
        ],
    )
    def test_filters(self, people: firestore.CollectionReference, asked: FieldFilter, found: str) -> None:
        assert "".join(each.id for each in people.where(filter=asked).stream()) == found

    def test_types_have_an_order_and_what_lacks_the_field_is_not_found(
        self, people: firestore.CollectionReference
    ) -> None:
        assert "".join(each.id for each in people.order_by("n").stream()) == "efabcd"
        down = people.order_by("n", direction=firestore.Query.DESCENDING)
        assert "".join(each.id for each in down.stream()) == "dcbafe"

    def test_cursors_limits_and_offsets(self, people: firestore.CollectionReference) -> None:
        ordered = people.order_by("n")
        assert [each.id for each in ordered.start_after({"n": 1}).limit(2).stream()] == ["b", "c"]
        assert [each.id for each in ordered.start_at({"n": 1}).end_before({"n": 3}).stream()] == ["a", "b"]
        assert [each.id for each in ordered.offset(4).stream()] == ["c", "d"]
        after = people.document("c").get()
        assert [each.id for each in people.order_by("__name__").start_after(after).stream()] == list("defg")
        assert [each.id for each in ordered.limit_to_last(2).get()] == ["c", "d"]

    def test_selected_fields(self, people: firestore.CollectionReference) -> None:
        assert people.where(filter=FieldFilter("n", "==", 1)).select(["tags"]).get()[0].to_dict() == {
            "tags": ["x"]
        }

    def test_collection_groups(self, client: firestore.Client, people: firestore.CollectionReference) -> None:
        assert people.id == "people"
        group = client.collection_group("below")
        assert [each.reference.path for each in group.stream()] == ["other/z/below/2", "people/a/below/1"]
        with pytest.raises(exceptions.FailedPrecondition, match="index"):
            list(group.where(filter=FieldFilter("n", "==", 1)).stream())

    def test_a_composite_index_is_missing(self, people: firestore.CollectionReference) -> None:
        asked = people.where(filter=FieldFilter("tags", "array_contains", "x")).order_by("n")
        with pytest.raises(exceptions.FailedPrecondition, match="index"):
            list(asked.stream())

    def test_aggregations(self, people: firestore.CollectionReference) -> None:
        numbers = people.where(filter=FieldFilter("n", ">", 0))
        assert numbers.count().get()[0][0].value == 3
        assert numbers.sum("n").get()[0][0].value == 6.5
        assert numbers.avg("n").get()[0][0].value == pytest.approx(6.5 / 3)

    def test_pages_of_a_list(self, people: firestore.CollectionReference) -> None:
        assert [each.id for each in people.list_documents(page_size=3)] == list("abcdefg")

    def test_partitions_cover_everything_once(self, client: firestore.Client) -> None:
        for index in range(30):
            client.document(f"owner/{index % 3}/part/{index:02}").set({})
        parts = list(client.collection_group("part").get_partitions(4))
        found = [each.id for part in parts for each in part.query().stream()]
        assert len(parts) > 2
        assert sorted(found) == [f"{index:02}" for index in range(30)]


def test_bulk_writes_stand_alone(client: firestore.Client) -> None:
    client.document("w/1").set({})
    refused = []
    writer = client.bulk_writer()
    writer.on_write_error(lambda failure, _: refused.append(failure.code) or False)
    writer.create(client.document("w/1"), {"new": 1})
    writer.create(client.document("w/2"), {"new": 1})
    writer.close()
    assert refused == [6]
    assert sorted(each.id for each in client.collection("w").stream()) == ["1", "2"]


def test_collections_are_listed(client: firestore.Client) -> None:
    client.document("z/1").set({})
    client.document("a/1/b/2").set({})
    assert [each.id for each in client.collections()] == ["a", "z"]
    assert [each.id for each in client.document("a/1").collections()] == ["b"]


def test_what_it_does_not_have_it_says(served: tuple[FirestoreService, str], client: firestore.Client) -> None:
    service, _ = served
    assert service.calls
    with pytest.raises(exceptions.MethodNotImplemented):
        list(client._firestore_api.execute_pipeline({"database": client._database_string}))
