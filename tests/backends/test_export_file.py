"""The file of exports and imports: whole, private, checked to the last record before any is used."""

from __future__ import annotations

import json
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from miniprogram.backends.cloud import record_spool
from miniprogram.backends.cloud.export_file import read_export, write_export
from miniprogram.errors import DocumentError, MiniProgramError, StoreError
from miniprogram.seams.data_store import Group, Record
from miniprogram.testing.publisher_backend import MemoryDataStore

COMMAND = "publisher-backend memory data export"
HEADER = {"schemaVersion": 2, "command": COMMAND, "provider": "memory", "miniProgramId": "shop"}
RECORDS: list[dict[str, Any]] = [{"group": "app", "name": "home", "icon": b"\x00", "big": 2**70}]


def export(path: Path) -> dict[str, Any]:
    write_export(path, MemoryDataStore(RECORDS), ("app", "redemptions"), HEADER, command=COMMAND)
    document: dict[str, Any] = json.loads(path.read_bytes())
    return document


def read(path: Path) -> list[Any]:
    with read_export(path, MemoryDataStore(), provider="memory", program_id="shop") as checked:
        return list(checked.entries())


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "new" / "export.json"
    export(path)
    assert [entry.record for entry in read(path)] == RECORDS
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    export(path)
    assert [other.name for other in path.parent.iterdir()] == ["export.json"]


def test_a_plain_file_of_an_older_tool_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    record = {"group": "app", "name": "home", "payload": {"$binary": "just a key"}}
    path.write_text(json.dumps({**HEADER, "schemaVersion": 1, "records": [record]}))
    assert [entry.record for entry in read(path)] == [record]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"schemaVersion": 3}, "schemaVersion must be 1 or 2"),
        ({"schemaVersion": True}, "schemaVersion"),
        ({"provider": "aws"}, "provider is 'aws'"),
        ({"miniProgramId": "other"}, "miniProgramId is 'other'"),
        ({"records": {}}, "records must be a list"),
        ({"records": []}, "not those that were exported"),
        ({"recordsSha256": None, "records": ["x"]}, r"records\[0\] must be an object"),
        ({"recordsSha256": None, "records": [{"group": "moon"}]}, r"records\[0\]: group must be"),
        ({"recordsSha256": None, "records": [{"$binary": "aGk="}]}, r"records\[0\]: it must be an object"),
        ({"recordsSha256": None, "records": [RECORDS[0] | {"icon": {"$binary": "!"}}]}, "base64"),
        ({"recordsSha256": None, "records": [{"group": "app", "name": "a"}] * 2}, "app / a stands twice"),
    ],
    ids=str,
)
def test_what_does_not_fit_is_named(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    path = tmp_path / "export.json"
    document = export(path) | change
    path.write_text(json.dumps(document, default=str))
    with pytest.raises(DocumentError, match=words) as failure:
        read(path)
    assert str(path) in str(failure.value)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'{"a": NaN}', b'{"a":1,"a":2}'])
def test_a_file_that_is_no_document_is_one_sentence(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "export.json"
    path.write_bytes(body)
    with pytest.raises(DocumentError, match=r"export\.json"):
        read(path)
    with pytest.raises(DocumentError, match="does not exist"):
        read(tmp_path / "nowhere.json")


def test_a_file_that_is_no_export_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_text('{"id": "shop"}')
    with pytest.raises(MiniProgramError, match="in the way"):
        export(path)
    assert path.read_text() == '{"id": "shop"}'


def test_an_export_is_sorted_pretty_json_with_its_digest_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    records = [{"group": "app", "name": name, "text": "a\nb"} for name in ("b", "a\x00", "a", "ä", "a b")]
    write_export(path, MemoryDataStore(records), ("app", "redemptions"), HEADER, command=COMMAND)
    document = json.loads(path.read_bytes())
    assert [each["name"] for each in document["records"]] == sorted(each["name"] for each in records)
    assert list(document)[-2:] == ["records", "recordsSha256"]
    assert (document["appRecordCount"], document["redemptionCount"], document["itemCount"]) == (5, 0, 5)
    assert path.read_bytes() == json.dumps(document, indent=2, ensure_ascii=False).encode() + b"\n"


def test_an_export_without_records_is_one_too(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    write_export(path, MemoryDataStore(), ("app",), HEADER, command=COMMAND)
    assert path.read_bytes() == json.dumps(json.loads(path.read_bytes()), indent=2).encode() + b"\n"
    assert read(path) == []


def test_a_digest_before_the_records_counts_as_well(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    document = export(path)
    path.write_text(json.dumps({"recordsSha256": document.pop("recordsSha256"), **document}))
    assert [entry.record for entry in read(path)] == RECORDS
    document["records"].append(document["records"][0] | {"name": "other"})
    path.write_text(json.dumps({"recordsSha256": "0" * 64, **document}))
    with pytest.raises(DocumentError, match="not those that were exported"):
        read(path)


class BurningStore(MemoryDataStore):
    def read(self, group: Group) -> Iterator[Record]:
        yield from super().read(group)
        raise StoreError("the store burns")


def test_a_store_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    export(path)
    before = path.read_bytes()
    with pytest.raises(StoreError):
        write_export(path, BurningStore(RECORDS), ("app",), HEADER, command=COMMAND)
    assert (path.read_bytes(), len(list(tmp_path.iterdir()))) == (before, 1)


def test_a_full_disk_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class FullDisk:
        def execute(self, *_: object) -> object:
            raise sqlite3.OperationalError("database or disk is full")

        close = execute

    monkeypatch.setattr(record_spool.sqlite3, "connect", lambda *_, **__: FullDisk())
    with pytest.raises(MiniProgramError, match="temporary file") as failure:
        export(tmp_path / "export.json")
    assert "TMPDIR" in (failure.value.hint or "")
