"""A branch as an object store, without a remote."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from miniprogram.errors import StoreError
from miniprogram.seams.object_store import ObjectStore
from miniprogram.testing.object_store_contract import ObjectStoreContract
from miniprogram_github_pages.repository.git import Git
from miniprogram_github_pages.repository.objects import GitObjects
from miniprogram_github_pages.repository.store import BranchStore
from miniprogram_github_pages.repository.tree import BranchTree

pytestmark = pytest.mark.process


@pytest.fixture(params=["sha1", "sha256"], scope="module")
def objects(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    git_environ: dict[str, str],
    git: Any,
) -> GitObjects:
    folder = tmp_path_factory.mktemp("repository")
    git(folder, "init", "-q", f"--object-format={request.param}", ".")
    return GitObjects(Git(folder, git_environ))


@pytest.mark.parametrize("root", ["", "public/app"])
class TestBranchStore(ObjectStoreContract):
    @pytest.fixture(autouse=True)
    def _objects(self, objects: GitObjects, root: str) -> None:
        self.objects, self.root = objects, root

    def make_store(self) -> ObjectStore:
        return BranchStore(BranchTree.of(self.objects, None), self.root, location="the branch")


def test_what_is_written_is_read_from_the_commit(objects: GitObjects) -> None:
    tree = BranchTree.of(objects, None)
    store = BranchStore(tree, "app", location="the branch")
    bodies = {f"a/{number % 7}/{number}.bin": bytes([number]) * number for number in range(150)}
    for key, body in bodies.items():
        store.put(key, body)

    first = objects.commit(tree.write(), None, "Zwölf – 十二")

    again = BranchStore(BranchTree.of(objects, first), "app", location="the branch")
    assert {info.key: info.size for info in again.list("")} == {key: len(body) for key, body in bodies.items()}
    for key in ("a/0/0.bin", "a/3/149.bin", "a/2/149.bin"):
        found = again.get(key)
        assert (found.body if found else None) == bodies.get(key)


def test_only_folders_on_the_way_are_read(objects: GitObjects, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = BranchTree.of(objects, None)
    for number in range(50):
        tree.put(f"screens/program_{number}/1.0.0/home.json", b"")
    read: list[str] = []
    read_folders = objects.read_folders
    later = BranchTree.of(objects, objects.commit(tree.write(), None, "Many"))
    monkeypatch.setattr(
        objects, "read_folders", lambda ids: read_folders(read.extend(wanted := list(ids)) or wanted)
    )

    later.put("screens/program_7/1.1.0/home.json", b"new")
    later.write()

    assert len(read) == 3


def test_folders_that_become_empty_go_and_others_stay(objects: GitObjects) -> None:
    tree = BranchTree.of(objects, None)
    for path in ("a/b/c/1", "a/d/2", "e f/\udcff", '"t"\ta\nb', "x"):
        tree.put(path, path.encode("utf-8", "surrogateescape"))
    changed = BranchTree.of(objects, objects.commit(tree.write(), None, "One"))
    changed.remove("a/b/c/1")
    changed.put("x", b"new")

    left = BranchTree.of(objects, objects.commit(changed.write(), None, "Two"))

    assert left.below("") == ['"t"\ta\nb', "a/d/2", "e f/\udcff", "x"]
    assert left.names("a/") == ["d/"]
    assert changed.difference(left) is None
    assert [left.entry(path) for path in left.below("")] == [changed.entry(path) for path in changed.below("")]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("a/b", "has a folder a/b"),
        ("a/b/c/d", "has a file a/b/c"),
        (".git/config", "git's own"),
        ("a/.GIT", "git's own"),
        ("a/git~1/x", "git's own"),
        ("a/.git. /x", "git's own"),
    ],
)
def test_what_git_cannot_hold_is_refused(objects: GitObjects, path: str, words: str) -> None:
    tree = BranchTree.of(objects, None)
    tree.put("a/b/c", b"")
    with pytest.raises(StoreError, match=words):
        tree.put(path, b"")
    assert tree.below("") == ["a/b/c"]


def test_a_folder_that_is_a_file_is_refused(objects: GitObjects) -> None:
    tree = BranchTree.of(objects, None)
    tree.put("app", b"")
    with pytest.raises(StoreError, match="app is a file in the branch"):
        BranchStore(tree, "app", location="the branch")


def test_bytes_that_are_there_already_are_not_stored_again(
    objects: GitObjects, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = BranchTree.of(objects, None)
    tree.put("one", b"same")
    next_tree = BranchTree.of(objects, objects.commit(tree.write(), None, "One"))
    next_tree.put("two", b"same")
    stored: list[dict[str, bytes]] = []
    write_files: Callable[..., None] = objects.write_files
    monkeypatch.setattr(objects, "write_files", lambda bodies: (stored.append(bodies), write_files(bodies)))

    next_tree.write()

    assert stored == [{}]
