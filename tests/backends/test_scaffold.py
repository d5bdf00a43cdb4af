"""Writing a starter: all of it or nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from miniprogram.backends.scaffold import scaffold_backend
from miniprogram.errors import MiniProgramError, ProjectError
from miniprogram.plugins.specs import BackendTemplateSpec

FILES = (
    "README.md",
    "data/coupons_list.json",
    "data/home_bootstrap.json",
    "data/session.json",
    "publisher_routes.py",
    "server.py",
)


def test_everything_is_written_and_listed(program: Path, mock_spec: BackendTemplateSpec) -> None:
    report = scaffold_backend(mock_spec, program, storage=None, force=False)
    assert report.created == FILES
    assert report.folder == program / "backend" / "mock"
    home = json.loads((report.folder / "data" / "home_bootstrap.json").read_text())
    assert "The 'Shop' $5" in home["title"]


def test_a_second_time_changes_nothing(program_with_backend: Path, mock_spec: BackendTemplateSpec) -> None:
    report = scaffold_backend(mock_spec, program_with_backend, storage="bundled", force=False)
    assert (report.created, report.replaced) == ((), ())


def test_a_changed_file_stops_it_before_anything_is_written(program: Path, mock_spec: BackendTemplateSpec) -> None:
    mine = program / "backend" / "mock" / "server.py"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    with pytest.raises(MiniProgramError, match=r"server\.py was changed"):
        scaffold_backend(mock_spec, program, storage=None, force=False)
    assert [path.name for path in mine.parent.iterdir()] == ["server.py"]
    assert scaffold_backend(mock_spec, program, storage=None, force=True).replaced == ("server.py",)


def test_a_storage_the_template_lacks_is_named(program: Path, mock_spec: BackendTemplateSpec) -> None:
    with pytest.raises(MiniProgramError, match="dynamodb"):
        scaffold_backend(mock_spec, program, storage="dynamodb", force=False)


def test_a_folder_that_leads_out_is_refused(program: Path, mock_spec: BackendTemplateSpec, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (program / "backend").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(MiniProgramError, match="leads out"):
        scaffold_backend(mock_spec, program, storage=None, force=False)
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize("manifest", [None, "[]", "{", '{"id": " "}', '{"id": 7}', '{"id":"a","id":"b"}'])
def test_a_folder_without_a_usable_manifest_is_refused(
    program: Path, mock_spec: BackendTemplateSpec, manifest: str | None
) -> None:
    path = program / "manifest.json"
    path.unlink() if manifest is None else path.write_text(manifest)
    with pytest.raises((ProjectError, MiniProgramError), match="manifest"):
        scaffold_backend(mock_spec, program, storage=None, force=False)
