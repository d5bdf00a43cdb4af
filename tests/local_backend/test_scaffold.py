"""`backend init`: the tree, the records, and what is there already."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from miniprogram.errors import DocumentError, MiniProgramError
from miniprogram.local_backend.scaffold import default_root, init_workspace
from miniprogram.state.state_file import NewerSchemaError

FOLDERS = [
    "backend/api/assets",
    "backend/api/capability-policies",
    "backend/api/manifests",
    "backend/api/rollout-rules",
    "backend/api/screens",
    "backend/api/secure-api-policies",
    "backend/api/themes",
    "backend/pipelines",
    "backend/storage",
]


def test_tree_is_the_contracts_and_usable(tmp_path: Path, home: Path, noon: datetime) -> None:
    report = init_workspace(tmp_path / "b", home=home, now=noon)

    assert [folder for folder in FOLDERS if not (tmp_path / "b" / folder).is_dir()] == []
    assert report.workspace.usable
    assert "backend/local_backend_service/service.json" in report.written


def test_both_records_say_where_it_is(tmp_path: Path, home: Path, noon: datetime) -> None:
    root = tmp_path / "b"
    init_workspace(root, home=home, now=noon)

    local = json.loads((root / ".mini_program" / "backend_workspace.json").read_bytes())
    assert local == json.loads((home / ".mini_program" / "global_backend_workspace.json").read_bytes())
    assert local == {
        "schemaVersion": 1,
        "backendRootPath": str(root),
        "apiRootPath": str(root / "backend" / "api"),
        "serviceDirectoryPath": str(root / "backend" / "local_backend_service"),
        "initializedAtUtc": "2030-01-02T12:00:00.000Z",
        "updatedAtUtc": "2030-01-02T12:00:00.000Z",
    }


def test_second_init_writes_no_file_and_keeps_the_first_time(tmp_path: Path, home: Path, noon: datetime) -> None:
    init_workspace(tmp_path / "b", home=home, now=noon)

    report = init_workspace(tmp_path / "b", home=home, now=noon + timedelta(days=1))

    assert report.written == ()
    local = json.loads((tmp_path / "b" / ".mini_program" / "backend_workspace.json").read_bytes())
    assert local["initializedAtUtc"] == "2030-01-02T12:00:00.000Z"
    assert local["updatedAtUtc"] == "2030-01-03T12:00:00.000Z"


def test_published_things_survive_a_second_init(tmp_path: Path, home: Path, noon: datetime) -> None:
    workspace = init_workspace(tmp_path / "b", home=home, now=noon).workspace
    screen = workspace.api_root / "screens" / "shop" / "1.0.0" / "home.json"
    screen.parent.mkdir(parents=True)
    screen.write_text("{}")

    init_workspace(tmp_path / "b", home=home, now=noon, force=True)

    assert screen.read_text() == "{}"


def test_differing_files_are_named_before_anything_is_written(tmp_path: Path, home: Path, noon: datetime) -> None:
    entry = tmp_path / "b" / "backend" / "local_backend_service" / "service.json"
    entry.parent.mkdir(parents=True)
    entry.write_text("mine")

    with pytest.raises(MiniProgramError, match=r"backend/local_backend_service/service\.json"):
        init_workspace(tmp_path / "b", home=home, now=noon)

    assert entry.read_text() == "mine"
    assert sorted(path.name for path in (tmp_path / "b").rglob("*") if path.is_file()) == ["service.json"]


def test_force_overwrites_differing_files(tmp_path: Path, home: Path, noon: datetime) -> None:
    entry = tmp_path / "b" / "backend" / "local_backend_service" / "service.json"
    entry.parent.mkdir(parents=True)
    entry.write_text("mine")

    init_workspace(tmp_path / "b", home=home, now=noon, force=True)

    assert json.loads(entry.read_bytes()) == {"schemaVersion": 1, "service": "miniprogram"}


def test_file_where_a_folder_must_go_is_named(tmp_path: Path, home: Path, noon: datetime) -> None:
    (tmp_path / "b").write_text("a file")

    with pytest.raises(MiniProgramError, match="b"):
        init_workspace(tmp_path / "b", home=home, now=noon)


def test_broken_record_needs_force(tmp_path: Path, home: Path, noon: datetime) -> None:
    record = tmp_path / "b" / ".mini_program" / "backend_workspace.json"
    record.parent.mkdir(parents=True)
    record.write_text("{")

    with pytest.raises(DocumentError, match=r"backend_workspace\.json"):
        init_workspace(tmp_path / "b", home=home, now=noon)

    assert init_workspace(tmp_path / "b", home=home, now=noon, force=True).workspace.usable


def test_record_of_a_newer_release_is_never_overwritten(tmp_path: Path, home: Path, noon: datetime) -> None:
    record = home / ".mini_program" / "global_backend_workspace.json"
    record.parent.mkdir(parents=True)
    record.write_text('{"schemaVersion": 7}')

    with pytest.raises(NewerSchemaError):
        init_workspace(tmp_path / "b", home=home, now=noon, force=True)

    assert record.read_text() == '{"schemaVersion": 7}'


@pytest.mark.parametrize(
    ("platform", "environ", "expected"),
    [
        ("linux", {"LOCALAPPDATA": "/local"}, "home/.mini_program/backend"),
        ("darwin", {}, "home/.mini_program/backend"),
        ("win32", {"LOCALAPPDATA": "local"}, "local/mini_program/backend"),
        ("win32", {}, "home/AppData/Local/mini_program/backend"),
    ],
    ids=["linux", "mac", "windows", "windows-bare"],
)
def test_default_root_is_the_platforms(
    platform: str, environ: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", platform)

    assert default_root(Path("home"), environ) == Path(expected)
