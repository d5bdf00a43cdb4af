"""Discovery by the index: the same answer as by the documents, in a number of requests that does not grow."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delivery.documents.failing_store import KEY, Store, digest_of, pointer, version_of
from miniprogram.delivery.documents.contents.program_index import (
    IndexedPointer,
    ProgramIndex,
    ProgramRow,
    ShardReference,
    format_index,
    format_rows,
    summary_of,
)
from miniprogram.delivery.documents.profile import cloud_profile
from miniprogram.delivery.evaluation.rules.strictness import COMPATIBLE, STRICT, Strictness
from miniprogram.delivery.http.messages import Request
from miniprogram.delivery.http.service import DeliveryService
from testbed.examples import examples

INDEX = "metadata/index/programs.json"
CATALOG = "/api/discovery/mini-programs"


def full_policy(version: str, *, host: str = "wallet", withdrawn: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "formatVersion": 1,
        "revision": 1,
        "withdrawnVersions": list(withdrawn),
        "targets": [
            {
                "hostApp": host,
                "environment": "production",
                "releases": {"r": {"version": version}},
                "entries": [{"step": "full", "release": "r"}],
            }
        ],
    }


def program(name: str, kind: str) -> tuple[dict[str, Any], ProgramRow]:
    """The documents of a program and its row. `kind` says what is special about it."""
    objects = version_of(name, "1.0.0") | version_of(name, "1.1.0")
    for version in ("1.0.0", "1.1.0"):
        objects[f"artifacts/{name}/{version}/manifest.json"] |= {
            "title": f"Title of {name}",
            "sdkVersionRange": "^2.0.0",
        }
    row = ProgramRow(
        name,
        IndexedPointer("1.0.0", f"artifacts/{name}/1.0.0/manifest.json", f"metadata/releases/{name}/1.0.0.json"),
        manifests={"1.0.0": summary_of(objects[f"artifacts/{name}/1.0.0/manifest.json"])},
    )
    objects[f"metadata/catalog/{name}.json"] = pointer(name, "1.0.0")
    if kind in ("released", "own", "withdrawn"):
        policy = full_policy("1.1.0", withdrawn=("1.1.0",) if kind == "withdrawn" else ())
        objects[f"metadata/releases/{name}.json"] = {"policy": policy}
        summary = summary_of(objects[f"artifacts/{name}/1.1.0/manifest.json"])
        row = row._replace(
            policy="own" if kind == "own" else policy, manifests={**row.manifests, "1.1.0": summary}
        )
    elif kind == "ruled":
        rule = {"id": "b", "hostApp": "bank", "version": "1.1.0"}
        objects[f"metadata/rollout-rules/{name}.json"] = {"defaultVersion": "1.0.0", "rules": [rule]}
    elif kind == "locked":
        objects[f"metadata/access_keys/{name}.json"] = {"keys": [{"sha256": digest_of(KEY)}]}
    elif kind == "particular":
        objects[f"metadata/capability-policies/{name}.json"] = {
            "requireContextForLatest": True, "requiredQueryParameters": ["platform"],
        }  # fmt: skip
    elif kind == "disabled":
        del objects[f"metadata/catalog/{name}.json"]
        row = row._replace(pointer=None)
    elif kind == "broken":
        objects[f"metadata/releases/{name}.json"] = b"{"
        row = row._replace(unreadable="no JSON")
    return objects, row


KINDS = ("plain", "released", "own", "withdrawn", "ruled", "locked", "particular", "disabled", "broken")
QUERIES = [
    "",
    "hostApp=wallet",
    "hostApp=bank",
    "hostApp=wallet&platform=ios",
    "sdkVersion=1.0.0",
    "sdkVersion=2.1.0",
    "pinnedVersion=1.1.0",
    "hostApp=wallet&pinnedVersion=1.0.0&userId=ann",
    "locale=..",
]


def service(
    objects: dict[str, Any], strictness: Strictness = STRICT, **options: Any
) -> tuple[DeliveryService, Store]:
    store = Store(objects)
    options.setdefault("max_staleness_s", 3600.0)
    profile = cloud_profile(strictness=strictness, requires_access_keys=options.pop("requires_access_keys", False))
    return DeliveryService(store, profile, report=lambda *_: None, **options), store


def answer(delivery: DeliveryService, query: str = "", **headers: str) -> tuple[int, dict[str, Any]]:
    names = {"x-request-id": "t", **{name.replace("_", "-"): value for name, value in headers.items()}}
    response = delivery.handle(Request("GET", CATALOG, query, names))
    return response.status, json.loads(response.body)


@given(
    st.lists(st.sampled_from(KINDS), max_size=8),
    st.sampled_from(QUERIES),
    st.sampled_from([STRICT, COMPATIBLE]),
    st.sampled_from(["", KEY, "wrong"]),
    st.booleans(),
    st.integers(1, 4),
)
@settings(max_examples=examples(150), deadline=None)
def test_the_index_and_the_documents_give_the_same_answer(
    chosen: list[str], query: str, strictness: Strictness, key: str, keys_required: bool, shard_size: int
) -> None:
    made = [program(f"p{number}", kind) for number, kind in enumerate(chosen)]
    objects = {name: value for documents, _ in made for name, value in documents.items()}
    rows = [row for _, row in made]
    headers = {"x_mini_program_access_key": key} if key else {}
    expected = answer(service(objects, strictness, requires_access_keys=keys_required)[0], query, **headers)

    parts = [rows[at : at + shard_size] for at in range(0, len(rows), shard_size)]
    shards = {f"metadata/index/programs/{number}.json": format_rows(part) for number, part in enumerate(parts)}
    references = tuple(
        ShardReference(name, part[0].id, len(part)) for name, part in zip(shards, parts, strict=True)
    )
    for index in (ProgramIndex(tuple(rows)), ProgramIndex(shards=references)):
        indexed = objects | shards | {INDEX: format_index(index)}
        assert (
            answer(service(indexed, strictness, requires_access_keys=keys_required)[0], query, **headers)
            == expected
        )


def many(count: int, **documents: Any) -> dict[str, Any]:
    made = [program(f"p{number:05}", "plain") for number in range(count)]
    objects = {name: value for files, _ in made for name, value in files.items()}
    return objects | {INDEX: format_index(ProgramIndex(tuple(row for _, row in made)))} | documents


@pytest.mark.parametrize("count", [1, 100, 2_000])
def test_a_list_takes_as_many_requests_for_many_programs_as_for_one(count: int) -> None:
    delivery, store = service(many(count))

    status, body = answer(delivery)
    assert (status, body["entryCount"]) == (200, count)
    assert len(store.asked) <= 2 * 3, "a marker and a read of the index, a marker and a list of what is beside it"
    assert len(set(store.asked)) <= 3

    store.asked = []
    assert answer(delivery, "hostApp=wallet")[1]["entryCount"] == count
    assert store.asked == []


def test_ten_thousand_programs_are_listed_from_two_documents_and_a_page_in_no_time() -> None:
    rows = [program(f"p{number:05}", "plain")[1] for number in range(10_000)]
    halves = rows[:5_000], rows[5_000:]
    shards = {f"metadata/index/programs/{number}.json": format_rows(half) for number, half in enumerate(halves)}
    references = tuple(ShardReference(name, half[0].id, 5_000) for name, half in zip(shards, halves, strict=True))
    delivery, store = service(shards | {INDEX: format_index(ProgramIndex(shards=references))})
    assert answer(delivery)[1]["entryCount"] == 10_000
    assert len(set(store.asked)) == 4

    store.asked = []
    started = time.process_time()
    _, body = answer(delivery, "limit=50&after=p07000")
    assert time.process_time() - started < 0.5
    assert [body["entries"][0]["id"], body["entries"][-1]["id"], body["nextAfter"]] == [
        "p07001",
        "p07050",
        "p07050",
    ]
    assert store.asked == []


def test_what_is_written_by_hand_holds_at_once() -> None:
    objects = many(3)
    delivery, store = service(objects, max_staleness_s=0.0)
    assert answer(delivery)[1]["entryCount"] == 3

    store.objects["metadata/rollout-rules/p00000.json"] = json.dumps({"defaultVersion": "1.1.0"}).encode()
    store.objects["metadata/access_keys/p00001.json"] = json.dumps({"keys": ["k"]}).encode()
    store.objects["metadata/capability-policies/p00002.json"] = json.dumps(
        {"requireContextForLatest": True, "requiredQueryParameters": ["tenantId"]}
    ).encode()
    entries = answer(delivery, "platform=ios")
    shown = {entry["id"]: entry["resolvedVersion"] for entry in answer(delivery, "tenantId=t")[1]["entries"]}

    assert shown == {"p00000": "1.1.0", "p00002": "1.0.0"}
    assert entries[0] == 400 or {entry["id"] for entry in entries[1]["entries"]} == {"p00000"}


def test_a_program_that_is_being_changed_is_read_from_its_documents() -> None:
    objects, row = program("shop", "plain")
    new, _ = program("fresh", "plain")
    stale = row._replace(manifests={"1.0.0": {"id": "shop", "version": "1.0.0", "title": "Old", "entry": "old"}})
    index = ProgramIndex((stale,), pending={"shop": ("now",), "fresh": ("now",), "never": ("now",)})
    _, body = answer(service(objects | new | {INDEX: format_index(index)})[0])

    assert [(entry["id"], entry["entry"]) for entry in body["entries"]] == [("fresh", "home"), ("shop", "home")]


def test_rows_that_are_gone_hide_those_of_shards() -> None:
    objects, row = program("shop", "plain")
    shard = {"metadata/index/programs/1.json": format_rows([row])}
    index = ProgramIndex((ProgramRow("shop"),), (ShardReference(next(iter(shard)), "shop", 1),))

    assert answer(service(objects | shard | {INDEX: format_index(index)})[0])[1]["entries"] == []


@pytest.mark.parametrize(
    "index",
    [b"{", b"[]", b'{"formatVersion": 2}', format_index(ProgramIndex(shards=(ShardReference("gone", "a", 1),)))],
)
def test_an_index_that_is_no_help_is_done_without(index: bytes) -> None:
    objects, _ = program("shop", "plain")

    assert [e["id"] for e in answer(service(objects | {INDEX: index})[0])[1]["entries"]] == ["shop"]


@pytest.mark.parametrize("with_index", [True, False])
@pytest.mark.parametrize("limit", [1, 2, 3, 7, 1000])
def test_pages_put_together_are_the_whole_list(with_index: bool, limit: int) -> None:
    made = [program(f"p{number}", kind) for number, kind in enumerate([*KINDS, *KINDS])]
    objects = {name: value for documents, _ in made for name, value in documents.items()}
    rows = sorted((row for _, row in made), key=lambda row: row.id)
    if with_index:
        objects[INDEX] = format_index(ProgramIndex(tuple(rows)))
    delivery, _ = service(objects)
    whole = {entry["id"] for entry in answer(delivery, "hostApp=wallet&platform=ios")[1]["entries"]}

    seen: list[str] = []
    query = f"hostApp=wallet&platform=ios&limit={limit}"
    after: str | None = ""
    while after is not None:
        status, body = answer(delivery, query + (f"&after={after}" if after else ""))
        assert status == 200
        assert len(body["entries"]) <= limit
        seen += [entry["id"] for entry in body["entries"]]
        after = body.get("nextAfter")
    assert seen == sorted(whole)


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=1001",
        "limit=-1",
        "limit=x",
        "limit=",
        "limit=99999999999",
        "limit=%EF%BC%91",
        "after=..",
        "after=a%2Fb",
    ],
)
def test_pages_that_cannot_be_are_named(query: str) -> None:
    status, body = answer(service({})[0], query)

    assert (status, body["errorCode"]) == (400, "invalid_request")
    assert query.partition("=")[0] in body["message"]


def test_a_page_looks_at_so_many_programs_only() -> None:
    """A caller without keys must not make a server look at every protected program for one entry."""
    made = [program(f"p{number:04}", "locked") for number in range(500)]
    objects = {name: value for documents, _ in made for name, value in documents.items()}
    delivery, store = service(objects)

    _, body = answer(delivery, "limit=1")
    assert body["entries"] == []
    assert body["nextAfter"] == "p0099"
    assert len({key for key in store.asked if "access_keys" in key}) == 100
