"""State files: read strictly, replaced whole, locked while they change."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from miniprogram.errors import DocumentError, MiniProgramError
from miniprogram.state.state_file import NewerSchemaError, StateFile, StateModel

HOLDER = """
import sys
from filelock import FileLock
with FileLock(sys.argv[1] + ".lock"):
    print("held", flush=True)
    sys.stdin.read()
"""


class Counter(StateModel):
    schema_version: int = 1
    how_many: int
    note: str | None = None


@pytest.fixture
def file(tmp_path: Path) -> StateFile[Counter]:
    return StateFile(tmp_path / ".mini_program" / "counter.json", Counter, newest_schema=1)


def _put(file: StateFile[Counter], body: bytes) -> None:
    file.path.parent.mkdir(parents=True, exist_ok=True)
    file.path.write_bytes(body)


def test_no_file_reads_as_none(file: StateFile[Counter]) -> None:
    assert file.read() is None


def test_what_is_written_is_read(file: StateFile[Counter]) -> None:
    file.write(Counter(how_many=3, note="für"))

    assert file.read() == Counter(how_many=3, note="für")


def test_form_on_disk_is_two_space_camel_case_without_nulls(file: StateFile[Counter]) -> None:
    file.write(Counter(how_many=3))

    assert file.path.read_text("utf-8") == '{\n  "schemaVersion": 1,\n  "howMany": 3\n}'


def test_unknown_keys_survive_a_rewrite(file: StateFile[Counter]) -> None:
    _put(file, b'{"schemaVersion": 1, "howMany": 1, "fromTomorrow": {"a": [1]}}')

    file.update(lambda known: known.model_copy(update={"how_many": 2}) if known else Counter(how_many=0))

    assert json.loads(file.path.read_bytes()) == {"schemaVersion": 1, "howMany": 2, "fromTomorrow": {"a": [1]}}


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b"", "is not JSON"),
        (b'{"schemaVersion": 1, "howM', "is not JSON"),
        (b"[]", "must hold a JSON object, not a list"),
        (b'{"schemaVersion": 1}', "howMany is missing"),
        (b'{"schemaVersion": 1, "howMany": "many"}', "howMany"),
        (b'{"schemaVersion": "1", "howMany": 1}', "schemaVersion must be a whole number"),
        (b'{"schemaVersion": true, "howMany": 1}', "schemaVersion must be a whole number"),
        (b'{"schemaVersion": 2, "howMany": 1}', "written by a newer release"),
        (b'{"schemaVersion": 1, "howMany": 1, "howMany": 2}', "stands twice"),
        (b'{"schemaVersion": 1, "howMany": 1, "note": "\xff"}', "is not UTF-8"),
    ],
    ids=[
        "empty",
        "torn",
        "list",
        "missing",
        "type",
        "schema-text",
        "schema-bool",
        "newer",
        "duplicate-key",
        "not-utf8",
    ],
)
def test_unusable_file_is_named_and_kept(file: StateFile[Counter], body: bytes, complaint: str) -> None:
    _put(file, body)

    with pytest.raises(DocumentError, match=r"counter\.json") as caught:
        file.update(lambda _: Counter(how_many=9))

    assert complaint in str(caught.value)
    assert file.path.read_bytes() == body


def test_newer_release_has_an_error_of_its_own(file: StateFile[Counter]) -> None:
    _put(file, b'{"schemaVersion": 99, "howMany": 1}')

    with pytest.raises(NewerSchemaError):
        file.read()


def test_folder_in_its_place_is_an_error_not_an_absence(file: StateFile[Counter]) -> None:
    file.path.mkdir(parents=True)

    with pytest.raises(DocumentError, match=r"counter\.json"):
        file.read()


def test_file_where_the_state_folder_should_be_is_named(file: StateFile[Counter]) -> None:
    file.path.parent.write_text("in the way")

    assert file.read() is None
    with pytest.raises(MiniProgramError, match=r"counter\.json"):
        file.update(lambda _: Counter(how_many=1))


def test_failed_change_leaves_the_file_and_frees_the_lock(file: StateFile[Counter]) -> None:
    file.write(Counter(how_many=1))

    def change(_: Counter | None) -> Counter:
        raise MiniProgramError("changed my mind")

    with pytest.raises(MiniProgramError, match="changed my mind"):
        file.update(change)

    assert file.update(lambda _: Counter(how_many=2)).how_many == 2


def test_lock_of_another_process_is_respected_and_told(file: StateFile[Counter]) -> None:
    file.path.parent.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(file.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"held"

        with pytest.raises(MiniProgramError, match="being changed by another process"), file.locked(wait_s=0.1):
            pass

        other.communicate(b"done")
    with file.locked(wait_s=5):
        pass


def test_no_concurrent_change_is_lost(file: StateFile[Counter]) -> None:
    file.write(Counter(how_many=0))

    def add(known: Counter | None) -> Counter:
        assert known is not None
        return known.model_copy(update={"how_many": known.how_many + 1})

    _in_threads(8, lambda: file.update(add))

    assert file.read() == Counter(how_many=8)


def test_reader_never_sees_a_part(file: StateFile[Counter]) -> None:
    file.write(Counter(how_many=0, note="x" * 100_000))
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            file.write(Counter(how_many=1, note="y" * 200_000))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        lengths = {len((file.read() or Counter(how_many=0)).note or "") for _ in range(100)}
    finally:
        stop.set()
        writer.join()
    assert lengths <= {100_000, 200_000}


def test_removing_twice_is_fine(file: StateFile[Counter]) -> None:
    file.write(Counter(how_many=1))

    file.remove()
    file.remove()

    assert file.read() is None


def _in_threads(count: int, work: Callable[[], object]) -> None:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_what_a_killed_writer_left_is_taken_away_by_a_later_one(file: StateFile[Counter]) -> None:
    folder = file.path.parent
    folder.mkdir()
    old, fresh, other = (
        folder / name for name in (".counter.json.a.tmp", ".counter.json.b.tmp", ".other.json.a.tmp")
    )
    for path in (old, fresh, other):
        path.touch()
    for path in (old, other):
        os.utime(path, (0, 0))

    file.write(Counter(how_many=1))

    assert sorted(path.name for path in folder.iterdir()) == sorted([fresh.name, other.name, "counter.json"])
