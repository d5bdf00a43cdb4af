"""The static folder: the exact layout, and what may never be removed."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from miniprogram.errors import PublishError, StoreError
from miniprogram.publish.folder.target import FolderTarget
from miniprogram.seams.publish_target import PublishTarget, TargetContext
from miniprogram.testing import (
    PNG,
    VersionKeepingContract,
    image_screen,
    sample_release,
    sample_screens,
)
from miniprogram_static.hooks import miniprogram_publish_targets
from miniprogram_static.settings import StaticSettings


class TestFolderTarget(VersionKeepingContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path / "site"

    def make_target(self) -> PublishTarget:
        return FolderTarget(self.folder)

    def read(self, name: str) -> bytes | None:
        path = self.folder / name
        return path.read_bytes() if path.is_file() else None

    def remove(self, name: str) -> None:
        (self.folder / name).unlink()


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return tmp_path / "site"


def files_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def test_the_folder_holds_the_layout_and_nothing_else(site: Path) -> None:
    screens = {"shop_home": image_screen()}
    release = sample_release(screens=screens, assets={"logo.png": PNG}, base_url="https://a.example/")

    receipt = FolderTarget(site).publish(release)

    assert files_in(site) == [
        ".nojekyll",
        "PUBLISH_INSTRUCTIONS.md",
        "assets/shop/1.0.0/logo.png",
        "discovery/mini-programs.json",
        "manifests/shop/latest.json",
        "manifests/shop/versions/1.0.0.json",
        "metadata/catalog/shop.json",
        "metadata/releases/shop/1.0.0.json",
        "screens/shop/1.0.0/shop_home.json",
    ]
    assert receipt.written == tuple(files_in(site))


def test_metadata_says_what_the_contract_wants(site: Path) -> None:
    FolderTarget(site).publish(sample_release(assets={"logo.png": PNG}))

    record = json.loads((site / "metadata/releases/shop/1.0.0.json").read_text())
    catalog = (site / "metadata/catalog/shop.json").read_text()
    bundle = record.pop("bundle")
    assert record == {
        "schemaVersion": 1,
        "provider": "static",
        "miniProgramId": "shop",
        "version": "1.0.0",
        "publishedAtUtc": "2030-01-02T12:00:00.123Z",
        "artifacts": {
            "manifestPath": "manifests/shop/versions/1.0.0.json",
            "latestManifestPath": "manifests/shop/latest.json",
            "screensBasePath": "screens/shop/1.0.0/",
            "assetsBasePath": "assets/shop/1.0.0/",
        },
    }
    assert bundle["digest"] == sample_release(assets={"logo.png": PNG}).bundle.digest
    assert json.loads(catalog) == {
        "schemaVersion": 1,
        "provider": "static",
        "miniProgramId": "shop",
        "latestVersion": "1.0.0",
        "updatedAtUtc": "2030-01-02T12:00:00.123Z",
        "releasePath": "metadata/releases/shop/1.0.0.json",
    }
    assert catalog.startswith('{\n  "schemaVersion"')
    assert catalog.endswith("}\n")


def test_discovery_lists_every_program_by_title(site: Path) -> None:
    for program_id in ("zoo", "coupon_center"):
        FolderTarget(site).publish(sample_release(program_id))
    FolderTarget(site).publish(sample_release("zoo", "1.1.0"))

    found = json.loads((site / "discovery/mini-programs.json").read_text())
    assert (found["responseType"], found["entryCount"]) == ("mini_program_catalog", 2)
    assert [(entry["title"], entry["resolvedVersion"]) for entry in found["entries"]] == [
        ("Coupon Center", "1.0.0"),
        ("Zoo", "1.1.0"),
    ]


@pytest.mark.parametrize("body", [b"", b"{", b'{"entries": [1, {"id": 2}, {}]}', b"[]"], ids=repr)
def test_a_broken_discovery_document_is_written_anew(site: Path, body: bytes) -> None:
    (site / "discovery").mkdir(parents=True)
    (site / "discovery/mini-programs.json").write_bytes(body)

    FolderTarget(site).publish(sample_release())

    assert json.loads((site / "discovery/mini-programs.json").read_text())["entryCount"] == 1


def test_the_instructions_name_the_program_and_how_to_reach_it(site: Path) -> None:
    FolderTarget(site).publish(sample_release(base_url="https://a.example/x/"))

    text = (site / "PUBLISH_INSTRUCTIONS.md").read_text()
    for part in ("MiniProgramEndpoint.public", "shop", "1.0.0", "https://a.example/x/manifests/shop/latest.json"):
        assert part in text


def test_a_screen_with_a_local_image_needs_a_base_url(site: Path) -> None:
    release = sample_release(screens={"shop_home": image_screen()}, assets={"logo.png": PNG})

    with pytest.raises(PublishError, match=r"screens/shop_home\.json shows assets/logo\.png") as caught:
        FolderTarget(site).publish(release)

    assert "--base-url" in (caught.value.hint or "")
    assert not site.exists()


def test_files_removed_by_hand_come_back(site: Path) -> None:
    FolderTarget(site).publish(sample_release())
    (site / "screens/shop/1.0.0/shop_home.json").unlink()

    receipt = FolderTarget(site).publish(sample_release())

    assert "screens/shop/1.0.0/shop_home.json" in receipt.written
    assert "screens/shop/1.0.0/shop_details.json" in receipt.unchanged


def test_clean_leaves_this_release_and_what_is_not_ours(site: Path) -> None:
    FolderTarget(site).publish(sample_release("old"))
    FolderTarget(site).publish(sample_release(version="2.0.0"))
    for name in ("README.md", "CNAME", "firebase.json", "other/file"):
        (site / name).parent.mkdir(exist_ok=True)
        (site / name).write_text("mine")
    (site / "screens" / "stray.txt").write_text("stray")
    target = FolderTarget(site, clean=True)

    plan = target.plan(sample_release())
    receipt = target.publish(sample_release())

    alone = site.parent / "alone"
    FolderTarget(alone).publish(sample_release())
    mine = ["README.md", "CNAME", "firebase.json", "other/file"]
    assert files_in(site) == sorted([*files_in(alone), *mine])
    assert json.loads((site / "discovery/mini-programs.json").read_text())["entryCount"] == 1
    assert "manifests/old/latest.json" in receipt.removed
    assert (plan.written, plan.removed) == (receipt.written, receipt.removed)
    assert not (site / "manifests" / "old").exists()
    assert not target.publish(sample_release()).changed


def test_clean_may_replace_a_version(site: Path) -> None:
    FolderTarget(site).publish(sample_release())
    other = sample_release(screens={"shop_home": {"type": "text", "data": "new"}})

    receipt = FolderTarget(site, clean=True).publish(other)

    assert json.loads((site / "screens/shop/1.0.0/shop_home.json").read_text())["data"] == "new"
    assert "screens/shop/1.0.0/shop_details.json" in receipt.removed


def test_a_failed_clean_publish_removes_nothing(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    FolderTarget(site).publish(sample_release("old"))
    before = files_in(site)

    def fail(*_: object, **__: object) -> None:
        raise StoreError("disk full")

    target = FolderTarget(site, clean=True)
    monkeypatch.setattr("miniprogram.stores.filesystem.FilesystemObjectStore.put", fail)
    with pytest.raises(StoreError):
        target.publish(sample_release())

    assert files_in(site) == before


def test_clean_removes_a_link_and_not_what_it_names(site: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("x")
    FolderTarget(site).publish(sample_release())
    (site / "screens" / "link").symlink_to(outside)

    FolderTarget(site, clean=True).publish(sample_release())

    assert not os.path.lexists(site / "screens" / "link")
    assert (outside / "kept").exists()


@pytest.fixture
def program(tmp_path: Path) -> Path:
    root = tmp_path / "work" / "shop"
    for name in ("stac/screens", "assets", "lib"):
        (root / name).mkdir(parents=True)
    (root / "assets" / "logo.png").write_bytes(PNG)
    return root


REFUSED: dict[str, tuple[Callable[[Path], Path], bool]] = {
    "the program": (lambda root: root, False),
    "the program by another way": (lambda root: root / "stac" / "..", False),
    "its assets": (lambda root: root / "assets", False),
    "inside its assets": (lambda root: root / "assets" / "site", False),
    "its screens": (lambda root: root / "stac" / "screens", False),
    "clean: around the program": (lambda root: root.parent, True),
    "clean: the file system": (lambda root: Path("/"), True),
}


@pytest.mark.parametrize(("output", "clean"), REFUSED.values(), ids=REFUSED)
def test_sources_are_out_of_reach(program: Path, output: Callable[[Path], Path], clean: bool) -> None:
    with pytest.raises(PublishError):
        FolderTarget(output(program), clean=clean, program_root=program)
    assert (program / "assets" / "logo.png").exists()


def test_a_link_to_the_program_is_the_program(program: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(program)

    with pytest.raises(PublishError, match="is the mini-program itself"):
        FolderTarget(tmp_path / "link", program_root=program)


def test_a_program_is_never_inside_a_published_folder(tmp_path: Path) -> None:
    program = tmp_path / "site" / "assets" / "shop"
    program.mkdir(parents=True)

    with pytest.raises(PublishError, match="in its assets/ folder"):
        FolderTarget(tmp_path / "site", program_root=program)


@pytest.mark.parametrize("place", ["public", "backend/firebase_hosting/public", "../site"])
def test_a_folder_beside_the_sources_is_fine(program: Path, place: str) -> None:
    FolderTarget(program / place, clean=True, program_root=program).publish(sample_release())

    assert (program / place / "manifests/shop/latest.json").is_file()


def test_clean_refuses_a_folder_that_no_publish_made(site: Path) -> None:
    (site / "assets").mkdir(parents=True)
    (site / "assets" / "photo.jpg").write_bytes(b"precious")

    with pytest.raises(PublishError, match="no publish made"):
        FolderTarget(site, clean=True)
    assert (site / "assets" / "photo.jpg").exists()


def test_clean_refuses_a_linked_folder(site: Path, tmp_path: Path) -> None:
    FolderTarget(site).publish(sample_release())
    (site / "screens").rename(tmp_path / "screens")
    (site / "screens").symlink_to(tmp_path / "screens")

    with pytest.raises(PublishError, match="symlink screens"):
        FolderTarget(site, clean=True)
    assert (tmp_path / "screens" / "shop").is_dir()


def test_a_file_is_no_folder(site: Path, program: Path) -> None:
    site.write_text("a file")

    with pytest.raises(PublishError, match="is not a folder"):
        FolderTarget(site, program_root=program)
    with pytest.raises(PublishError, match="is a file"):
        FolderTarget(site / "below", program_root=program)


def test_the_hook_opens_the_target_where_the_command_runs(tmp_path: Path) -> None:
    (spec,) = miniprogram_publish_targets()
    context = TargetContext(tmp_path, tmp_path, {}, tmp_path / "shop")

    target = spec.create(StaticSettings(output=Path("site")), context)

    assert target.publish(sample_release(screens=sample_screens())).location == str(tmp_path / "site")
