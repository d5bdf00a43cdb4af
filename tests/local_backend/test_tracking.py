"""Which releases local publishes put into a workspace."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from miniprogram.errors import DocumentError
from miniprogram.local_backend import tracking
from miniprogram.state.workspace_location import BackendWorkspace


def test_record_has_the_reference_members(workspace: BackendWorkspace, noon: datetime) -> None:
    tracking.record(workspace, "shop", "1.0.0", published_at=noon)

    api = workspace.api_root
    assert json.loads((workspace.root / ".mini_program" / "published_local_artifacts.json").read_bytes()) == {
        "artifacts": [
            {
                "miniProgramId": "shop",
                "version": "1.0.0",
                "latestManifestPath": str(api / "manifests" / "shop" / "latest.json"),
                "versionedManifestPath": str(api / "manifests" / "shop" / "versions" / "1.0.0.json"),
                "screensDirectoryPath": str(api / "screens" / "shop" / "1.0.0"),
                "publishedAtUtc": "2030-01-02T12:00:00.000Z",
            }
        ]
    }


def test_one_record_a_release_sorted_as_texts(workspace: BackendWorkspace, noon: datetime) -> None:
    for program_id, version in [("shop", "2.0.0"), ("shop", "10.0.0"), ("bank", "1.0.0"), ("shop", "2.0.0")]:
        tracking.record(workspace, program_id, version, published_at=noon, digest=f"of {version}")

    keys = [found.key for found in tracking.records(workspace)]
    assert keys == [("bank", "1.0.0"), ("shop", "10.0.0"), ("shop", "2.0.0")]


def test_repeated_record_replaces_the_first(workspace: BackendWorkspace, noon: datetime) -> None:
    tracking.record(workspace, "shop", "1.0.0", published_at=noon, digest="old")
    tracking.record(workspace, "shop", "1.0.0", published_at=noon, digest="new", has_assets=True)

    found = tracking.find(workspace, "shop", "1.0.0")
    assert found is not None
    assert (found.digest, found.assets_directory_path) == ("new", str(workspace.api_root / "assets/shop/1.0.0"))
    assert tracking.find(workspace, "shop", "2.0.0") is None


def test_nothing_published_is_empty(workspace: BackendWorkspace) -> None:
    assert tracking.records(workspace) == ()


def test_broken_file_is_named_and_kept(workspace: BackendWorkspace, noon: datetime) -> None:
    path = workspace.root / ".mini_program" / "published_local_artifacts.json"
    path.write_text('{"artifacts": [{"miniProgramId": 5}]}')

    with pytest.raises(DocumentError, match=r"published_local_artifacts\.json: artifacts\.0\.miniProgramId"):
        tracking.record(workspace, "shop", "1.0.0", published_at=noon)

    assert path.read_text() == '{"artifacts": [{"miniProgramId": 5}]}'
