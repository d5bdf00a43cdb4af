"""A symlink or a submodule in the branch is never followed, at any level and to anywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from miniprogram.errors import MiniProgramError
from miniprogram.testing.samples import PNG, sample_release
from miniprogram_github_pages.target import PagesTarget

pytestmark = pytest.mark.process

Make = Callable[..., PagesTarget]

RELEASE = sample_release(assets={"img/logo.png": PNG})
LEVELS = [
    *(
        "public",
        "public/app",
        "public/app/manifests",
        "public/app/manifests/shop",
        "public/app/manifests/shop/versions",
    ),
    *("public/app/screens", "public/app/screens/shop/1.0.0", "public/app/assets/shop/1.0.0/img"),
    *(
        "public/app/metadata",
        "public/app/metadata/releases/shop",
        "public/app/metadata/catalog",
        "public/app/discovery",
    ),
    *("public/app/manifests/shop/latest.json", "public/app/manifests/shop/versions/1.0.0.json"),
    *("public/app/screens/shop/1.0.0/shop_home.json", "public/app/assets/shop/1.0.0/img/logo.png"),
    *("public/app/screens/shop/1.0.0/more.json", "public/app/metadata/releases/shop/1.0.0.json"),
    *("public/app/metadata/catalog/shop.json", "public/app/discovery/mini-programs.json"),
    *("public/app/PUBLISH_INSTRUCTIONS.md", "public/app/.nojekyll", ".nojekyll"),
]


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "file").write_text("{}")
    return folder


@pytest.fixture
def push_entry(clone: Path, git: Any) -> Callable[[str, str, str], None]:
    """Commits `path` with a mode and an object on the branch, without any work tree."""

    def push(path: str, mode: str, object_id: str) -> None:
        git(clone, "update-index", "--add", "--cacheinfo", f"{mode},{object_id},{path}")
        commit = git(clone, "commit-tree", git(clone, "write-tree"), "-m", "Link")
        git(clone, "push", "-q", "origin", f"+{commit}:refs/heads/gh-pages")

    return push


LINKS = [
    *((level, "/folder") for level in LEVELS),
    *((level, kind) for level in LEVELS[:3] for kind in ("/file", "../folder", "../file", "/nowhere", "inside")),
    *((level, kind) for level in LEVELS if level.endswith(".json") for kind in ("/file", "../file")),
]


@pytest.mark.parametrize(("level", "target_of_link"), LINKS)
def test_a_symlink_is_refused_at_every_level(
    target: Make,
    clone: Path,
    outside: Path,
    git: Any,
    remote: Path,
    push_entry: Any,
    level: str,
    target_of_link: str,
    tmp_path: Path,
) -> None:
    up = "../" * (level.count("/") + 1)
    points_to = {
        "/folder": str(outside),
        "/file": str(outside / "file"),
        "../folder": f"{up}outside",
        "../file": f"{up}outside/file",
        "/nowhere": "/nowhere/at/all",
        "inside": f"{up[3:]}README.md",
    }[target_of_link]
    (tmp_path / "link").write_text(points_to)
    push_entry(level, "120000", git(clone, "hash-object", "-w", str(tmp_path / "link")))
    before, found = git(remote, "rev-parse", "gh-pages"), _everything(outside)

    for attempt in (target(dir="public/app").plan, target(dir="public/app").publish):
        with pytest.raises(MiniProgramError, match="is a symlink in the branch, and none is followed"):
            attempt(RELEASE)

    assert git(remote, "rev-parse", "gh-pages") == before
    assert _everything(outside) == found


@pytest.mark.parametrize("level", LEVELS)
def test_a_submodule_is_refused_at_every_level(
    target: Make, clone: Path, git: Any, remote: Path, push_entry: Any, level: str
) -> None:
    push_entry(level, "160000", git(clone, "rev-parse", "HEAD"))
    before = git(remote, "rev-parse", "gh-pages")
    with pytest.raises(MiniProgramError, match="is a submodule in the branch"):
        target(dir="public/app").publish(RELEASE)
    assert git(remote, "rev-parse", "gh-pages") == before


@pytest.mark.parametrize("level", [level for level in LEVELS if "." not in level])
def test_a_file_in_the_way_of_a_folder_is_refused(
    target: Make, clone: Path, git: Any, remote: Path, push_entry: Any, level: str
) -> None:
    push_entry(level, "100644", git(clone, "rev-parse", "HEAD:README.md"))
    before = git(remote, "rev-parse", "gh-pages")
    with pytest.raises(MiniProgramError, match=r"is a file in the branch|has a file"):
        target(dir="public/app").publish(RELEASE)
    assert git(remote, "rev-parse", "gh-pages") == before


def test_links_of_others_beside_ours_stay(
    target: Make, clone: Path, git: Any, push_entry: Any, tmp_path: Path, require_served: Any, remote: Path
) -> None:
    (tmp_path / "link").write_text("/etc/passwd")
    link = git(clone, "hash-object", "-w", str(tmp_path / "link"))
    for path in ("CNAME", "app/manifests/other", "app/screens/shop/0.9.0", "docs"):
        push_entry(path, "120000", link)
    receipt = target(dir="app").publish(RELEASE)
    require_served(RELEASE, "app")
    assert receipt.delivery_api_base_url is None
    assert git(remote, "ls-tree", "-r", "gh-pages").count("120000 blob") == 4


def _everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
