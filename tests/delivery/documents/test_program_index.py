"""The format of the index: what is written is read back, and nothing else is taken for an index."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniprogram.delivery.documents.cache.document import Document
from miniprogram.delivery.documents.contents.program_index import (
    MAX_POLICY_BYTES,
    IndexedPointer,
    ProgramIndex,
    ProgramRow,
    ShardReference,
    format_index,
    format_rows,
    merged_rows,
    parse_index,
    split_rows,
    summary_of,
)
from miniprogram.delivery.evaluation.errors import BrokenDocument

IDS = st.lists(st.from_regex(r"[a-z0-9_-]{1,12}", fullmatch=True), unique=True, max_size=30).map(sorted)
ROW = st.builds(
    ProgramRow,
    st.just("x"),
    st.none()
    | st.just(IndexedPointer("1.0.0", "artifacts/x/1.0.0/manifest.json", "metadata/releases/x/1.0.0.json")),
    st.none() | st.just({"formatVersion": 1, "revision": 3}) | st.just("own"),
    st.dictionaries(st.just("1.0.0"), st.fixed_dictionaries({"title": st.text(max_size=20)}), max_size=1),
    st.dictionaries(st.just("metadata/catalog/x.json"), st.text("0123456789abcdef", max_size=8), max_size=1),
    st.none() | st.text(min_size=1, max_size=20),
    st.dictionaries(st.just("updatedAtUtc"), st.text(max_size=5), max_size=1),
)


@given(IDS, st.data())
def test_rows_are_read_back(ids: list[str], data: st.DataObject) -> None:
    rows = tuple(data.draw(ROW)._replace(id=program_id) for program_id in ids)

    assert parse_index(Document("index", format_rows(rows))).rows == rows


@given(IDS, st.integers(100, 2_000))
def test_parts_hold_all_rows_in_order_and_stay_small(ids: list[str], max_bytes: int) -> None:
    rows = [ProgramRow(program_id, manifests={"1.0.0": {"title": program_id * 3}}) for program_id in ids]
    parts = list(split_rows(rows, max_bytes))

    assert [row for part in parts for row in part] == rows
    assert all(len(part) == 1 or len(format_rows(part)) <= max_bytes for part in parts if part)


def test_shards_are_read_back() -> None:
    shards = (ShardReference("metadata/index/1.json", "a", 2), ShardReference("metadata/index/2.json", "m", 3))

    assert parse_index(Document("index", format_index(ProgramIndex(shards=shards)))).shards == shards


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 3)),
    st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 3)),
)
def test_what_changed_stands_for_what_the_shards_say(stored: dict[str, int], changed: dict[str, int]) -> None:
    def rows(numbers: dict[str, int]) -> tuple[ProgramRow, ...]:
        # 0: the program is gone
        return tuple(
            ProgramRow(name, listing={"n": number} if number else {}) for name, number in sorted(numbers.items())
        )

    index = ProgramIndex(rows(changed), (ShardReference("s", "a", len(stored)),), {"a": ("mark",)})
    read = parse_index(Document("index", format_index(index)))
    shard = parse_index(Document("s", format_rows(rows(stored))))

    found = {row.id: row.listing["n"] for row in merged_rows(read, [shard])}

    assert found == {name: number for name, number in {**stored, **changed}.items() if number}
    assert list(found) == sorted(found)
    assert read.pending == {"a": ("mark",)}


def test_a_policy_that_is_too_large_for_a_row_stays_in_its_own_document() -> None:
    large = {"formatVersion": 1, "withdrawnVersions": ["1.0.0"] * MAX_POLICY_BYTES}

    assert parse_index(Document("index", format_rows([ProgramRow("a", policy=large)]))).rows[0].policy == "own"


def test_a_row_keeps_of_a_manifest_what_is_listed() -> None:
    assert summary_of({"id": "a", "title": "A", "screens": ["home"]}) == {"id": "a", "title": "A"}


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"formatVersion": 2, "programs": []},
        {"formatVersion": 1, "programs": [{}]},
        {"formatVersion": 1, "programs": [{"id": ".."}]},
        {"formatVersion": 1, "programs": [{"id": "b"}, {"id": "a"}]},
        {"formatVersion": 1, "programs": [{"id": "a"}, {"id": "a"}]},
        {"formatVersion": 1, "programs": ["a"]},
        {"formatVersion": 1, "programs": 7},
        {"formatVersion": 1, "programs": [{"id": "a", "policy": 3}]},
        {"formatVersion": 1, "programs": [{"id": "a", "manifests": []}]},
        {"formatVersion": 1, "programs": [{"id": "a", "manifests": {"1": 2}}]},
        {"formatVersion": 1, "programs": [{"id": "a", "pointer": {"version": "1"}}]},
        {
            "formatVersion": 1,
            "programs": [{"id": "a", "pointer": {"version": 1, "manifestKey": "m", "releaseKey": "r"}}],
        },
        {"formatVersion": 1, "shards": [{"key": "k"}]},
        {"formatVersion": 1, "shards": [{"key": 1, "first": "a", "count": 1}]},
    ],
    ids=lambda members: json.dumps(members)[18:70],
)
def test_what_is_no_index_is_refused(members: object) -> None:
    with pytest.raises(BrokenDocument):
        parse_index(Document("index", json.dumps(members).encode()))
