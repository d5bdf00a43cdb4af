"""`backend reset-local`: exactly what is tracked, nothing outside its place."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from miniprogram.errors import MiniProgramError
from miniprogram.local_backend import tracking
from miniprogram.local_backend.reset import reset_local
from miniprogram.state.workspace_location import BackendWorkspace


@pytest.fixture
def published(workspace: BackendWorkspace, noon: datetime) -> BackendWorkspace:
    """shop 1.0.0 and 1.1.0 (with assets), tracked; bank 1.0.0, not tracked; rules of shop."""
    api = workspace.api_root
    for program_id, version in [("shop", "1.0.0"), ("shop", "1.1.0"), ("bank", "1.0.0")]:
        _write(api / "manifests" / program_id / "latest.json")
        _write(api / "manifests" / program_id / "versions" / f"{version}.json")
        _write(api / "screens" / program_id / version / "home.json")
        _write(api / "releases" / program_id / f"{version}.json")
    _write(api / "assets" / "shop" / "1.1.0" / "img" / "logo.png")
    _write(api / "rollout-rules" / "shop.json")
    tracking.record(workspace, "shop", "1.0.0", published_at=noon)
    tracking.record(workspace, "shop", "1.1.0", published_at=noon, has_assets=True)
    return workspace


def test_tracked_goes_and_untracked_stays(published: BackendWorkspace) -> None:
    report = reset_local(published)

    assert report.releases == (("shop", "1.0.0"), ("shop", "1.1.0"))
    left = sorted(p.relative_to(published.api_root).as_posix() for p in published.api_root.rglob("*.json"))
    assert left == [
        "manifests/bank/latest.json",
        "manifests/bank/versions/1.0.0.json",
        "releases/bank/1.0.0.json",
        "rollout-rules/shop.json",
        "screens/bank/1.0.0/home.json",
    ]
    assert not (published.root / ".mini_program" / "published_local_artifacts.json").exists()


def test_empty_parents_go_up_to_the_roots(published: BackendWorkspace) -> None:
    reset_local(published)

    for root in ("manifests", "screens", "assets"):
        assert not (published.api_root / root / "shop").exists()
        assert (published.api_root / root).is_dir()


def test_pointers_are_removed_first(published: BackendWorkspace) -> None:
    removed = [path.relative_to(published.api_root).as_posix() for path in reset_local(published).removed]

    assert removed == [
        "manifests/shop/latest.json",
        "manifests/shop/versions/1.0.0.json",
        "manifests/shop/versions/1.1.0.json",
        "screens/shop/1.0.0",
        "screens/shop/1.1.0",
        "releases/shop/1.0.0.json",
        "assets/shop/1.1.0",
        "releases/shop/1.1.0.json",
    ]


def test_second_reset_finds_nothing(published: BackendWorkspace) -> None:
    reset_local(published)

    assert reset_local(published).removed == ()


def test_repeating_after_a_part_is_gone_finishes(published: BackendWorkspace) -> None:
    (published.api_root / "manifests" / "shop" / "latest.json").unlink()

    reset_local(published)

    assert not (published.api_root / "manifests" / "shop").exists()


def test_files_beside_the_tracked_ones_keep_their_folder(published: BackendWorkspace) -> None:
    note = published.api_root / "manifests" / "shop" / "notes.txt"
    note.write_text("mine")

    reset_local(published)

    assert note.read_text() == "mine"


@pytest.mark.parametrize(
    ("member", "place"),
    [
        ("latestManifestPath", "../../../precious"),
        ("latestManifestPath", "backend/api/manifests"),
        ("versionedManifestPath", "backend/api/screens/shop/1.0.0/home.json"),
        ("screensDirectoryPath", "backend/api/screens"),
        ("screensDirectoryPath", "backend/api/screens/shop/.."),
        ("screensDirectoryPath", "backend/api/screens/../../../precious"),
        ("assetsDirectoryPath", "backend"),
    ],
    ids=["outside", "root", "wrong-root", "screens-root", "dots", "dots-out", "assets"],
)
def test_path_outside_its_place_stops_everything(published: BackendWorkspace, member: str, place: str) -> None:
    path = published.root / ".mini_program" / "published_local_artifacts.json"
    document = json.loads(path.read_bytes())
    document["artifacts"][0][member] = str(published.root / place)
    path.write_text(json.dumps(document))

    with pytest.raises(MiniProgramError, match="nothing was deleted"):
        reset_local(published)

    assert (published.api_root / "manifests" / "shop" / "latest.json").exists()
    assert path.exists()


def test_folder_that_leads_out_through_a_symlink_stops_everything(
    published: BackendWorkspace, tmp_path: Path
) -> None:
    precious = tmp_path / "precious"
    (published.api_root / "screens" / "shop").rename(precious)
    (published.api_root / "screens" / "shop").symlink_to(precious, target_is_directory=True)

    with pytest.raises(MiniProgramError, match="nothing was deleted"):
        reset_local(published)

    assert (precious / "1.0.0" / "home.json").exists()


def test_symlink_in_the_place_of_a_release_is_removed_not_followed(
    published: BackendWorkspace, tmp_path: Path
) -> None:
    precious = tmp_path / "precious"
    (published.api_root / "screens" / "shop" / "1.0.0").rename(precious)
    (published.api_root / "screens" / "shop" / "1.0.0").symlink_to(precious, target_is_directory=True)

    reset_local(published)

    assert (precious / "home.json").exists()
    assert not (published.api_root / "screens" / "shop").exists()


def _write(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{}")
