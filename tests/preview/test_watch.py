"""Which changes count, and that every kind of save is noticed."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Semaphore

import pytest

from miniprogram.project.output.output_folder import output_folder
from miniprogram.project.watching.sources import is_source, take_snapshot
from miniprogram.project.watching.watcher import ProgramWatcher

pytestmark = pytest.mark.slow

WAIT_S = 10
QUIET_S = 0.4


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("manifest.json", True),
        ("stac/screens/home.json", True),
        ("stac/components/deep/card.py", True),
        ("assets/logo.png", True),
        ("assets/build/logo.png", True),
        ("lib/default_stac_options.dart", True),
        ("lib/host_action_helpers.dart", True),
        ("README.md", False),
        ("pubspec.lock", False),
        ("stac", False),
        ("stac/.build/screens/home.json", False),
        ("stac/screens/.home.json.swp", False),
        ("stac/screens/home.json~", False),
        ("stac/screens/__pycache__/home.pyc", False),
        ("stac/node_modules/x.json", False),
        ("stac/screens/build/x.json", True),
        (".mini_program/preview_host/lib/main.dart", False),
        (".dart_tool/x", False),
        ("build/x", False),
        ("backend/mock/data/home.json", False),
        ("out/screens/home.json", False),
        ("lib/out/x.json", False),
    ],
)
def test_only_sources_count(tmp_path: Path, path: str, counts: bool) -> None:
    output = tmp_path / ("lib/out" if path.startswith("lib/out") else "out")

    assert is_source(tmp_path / path, tmp_path, output) is counts


def test_what_lies_elsewhere_does_not_count(tmp_path: Path) -> None:
    assert not is_source(tmp_path.parent / "manifest.json", tmp_path, tmp_path / "out")


class Changes:
    """Counts what a watcher tells."""

    def __init__(self) -> None:
        self._told = Semaphore(0)

    def tell(self) -> None:
        self._told.release()

    def wait(self) -> bool:
        return self._told.acquire(timeout=WAIT_S)

    def settle(self) -> None:
        """Forget what was told, once it is quiet."""
        while self._told.acquire(timeout=QUIET_S):
            pass

    def is_quiet(self) -> bool:
        return not self._told.acquire(timeout=QUIET_S)


@pytest.fixture
def changes(root: Path) -> Iterator[Changes]:
    (root / "pubspec.yaml").write_text("name: shop\n")
    (root / "lib").mkdir()
    changes = Changes()
    watcher = ProgramWatcher(root, output=lambda: output_folder(root), changed=changes.tell)
    watcher.start()
    probe = root / "stac" / "probe.md"
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:  # both watchers need a moment before they see anything
        probe.write_text(str(time.monotonic()))
        (root / "manifest.json").touch()
        if not changes.is_quiet():
            break
    changes.settle()
    yield changes
    watcher.stop()


def save_in_place(path: Path) -> None:
    path.write_text(path.read_text() + " ")


def save_aside(path: Path) -> None:
    """As editors do: write a new file, then give it the old one's name."""
    fresh = path.with_name(f".{path.name}.swp")
    fresh.write_text(path.read_text() + " ")
    fresh.replace(path)


def save_with_backup(path: Path) -> None:
    """As others do: move the old file away first."""
    text = path.read_text()
    path.rename(path.with_name(f"{path.name}~"))
    path.write_text(text + " ")


@pytest.mark.parametrize("name", ["manifest.json", "stac/screens/shop_home.json"])
@pytest.mark.parametrize("save", [save_in_place, save_aside, save_with_backup])
def test_every_way_of_saving_is_noticed(root: Path, changes: Changes, name: str, save: object) -> None:
    assert callable(save)
    save(root / name)

    assert changes.wait()


def test_files_that_come_and_go_are_noticed(root: Path, changes: Changes) -> None:
    folder = root / "stac" / "components" / "cards"
    folder.mkdir(parents=True)
    changes.settle()
    (folder / "card.py").write_text("x = 1\n")
    assert changes.wait()
    changes.settle()
    (folder / "card.py").unlink()
    assert changes.wait()


def test_a_source_folder_may_be_replaced(root: Path, changes: Changes) -> None:
    shutil.copytree(root / "stac", root / "copy")
    shutil.rmtree(root / "stac")
    (root / "copy").rename(root / "stac")
    assert changes.wait()
    changes.settle()

    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:  # the new folder is watched a moment after it came
        save_in_place(root / "stac" / "screens" / "shop_home.json")
        if not changes.is_quiet():
            return
    pytest.fail("the new folder is not watched")


def test_what_is_no_source_stays_quiet(root: Path, changes: Changes) -> None:
    for name in ("README.md", "stac/.build/screens/x.json", ".mini_program/preview_host/x", "assets/.hidden"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")

    assert changes.is_quiet()


class Deaf:
    """Stands in for the system's own watching: it ends in some way, or never tells anything."""

    def __init__(self, error: Exception | None) -> None:
        self._error = error

    def __call__(self, *paths: Path, stop_event: Event, **options: object) -> Iterator[object]:
        if self._error is not None:
            raise self._error
        while not stop_event.wait(0.02):
            pass
        yield from ()


DEAF = {
    "too many watches": OSError(28, "OS file watch limit reached"),
    "an error of the library": RuntimeError("error in underlying watcher"),
    "not allowed": PermissionError(13, "Permission denied"),
    "silent": None,
}


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def watch(root: Path, said: list[str]) -> Iterator[Callable[[], Changes]]:
    """Starts a watcher that looks itself ten times a second."""
    started: list[ProgramWatcher] = []

    def start() -> Changes:
        changes = Changes()
        watcher = ProgramWatcher(
            root, output=lambda: output_folder(root), changed=changes.tell, say=said.append, relaxed_s=0.1
        )
        watcher.start()
        started.append(watcher)
        return changes

    yield start
    for watcher in started:
        watcher.stop()


@pytest.mark.parametrize("name", ["manifest.json", "stac/screens/shop_home.json"])
@pytest.mark.parametrize("save", [save_in_place, save_aside, save_with_backup])
@pytest.mark.parametrize("error", DEAF.values(), ids=DEAF)
def test_where_the_system_is_deaf_we_look_ourselves_and_say_so(
    root: Path,
    watch: Callable[[], Changes],
    said: list[str],
    monkeypatch: pytest.MonkeyPatch,
    error: Exception | None,
    save: Callable[[Path], None],
    name: str,
) -> None:
    monkeypatch.setattr("watchfiles.watch", Deaf(error))
    changes = watch()

    save(root / name)
    assert changes.wait()
    changes.settle()
    save(root / name)
    assert changes.wait()

    (line,) = said
    assert line.startswith("The system does not tell of changes here (")
    assert (str(error) if error else f"it told nothing of {name}") in line


@pytest.mark.parametrize("is_deaf", [True, False], ids=["deaf", "hearing"])
def test_a_folder_that_goes_and_comes_back_is_followed(
    root: Path, watch: Callable[[], Changes], said: list[str], monkeypatch: pytest.MonkeyPatch, is_deaf: bool
) -> None:
    if is_deaf:
        monkeypatch.setattr("watchfiles.watch", Deaf(None))
    changes = watch()
    aside = root.with_name("aside")

    root.rename(aside)
    until(lambda: any(line.startswith(f"{root} is gone") for line in said))
    shutil.copytree(aside, root)
    until(lambda: any(line.startswith(f"{root} is back") for line in said))
    changes.settle()
    save_in_place(root / "stac" / "screens" / "shop_home.json")

    assert changes.wait()


def until(question: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        if question():
            return
        time.sleep(0.02)
    pytest.fail("it never came about")


def test_what_the_system_told_is_not_told_again(root: Path, watch: Callable[[], Changes], said: list[str]) -> None:
    changes = watch()
    changes.settle()
    for number in range(5):
        (root / "stac" / "screens" / f"s{number}.json").write_text("{}")
        time.sleep(0.05)
    assert changes.wait()
    changes.settle()

    time.sleep(1)

    assert (changes.is_quiet(), said) == (True, [])


def test_a_link_in_a_circle_ends(root: Path) -> None:
    (root / "stac" / "screens" / "again").symlink_to(root / "stac")

    found = take_snapshot(root, output_folder(root))

    assert str(root / "stac" / "screens" / "shop_home.json") in found
    assert len(found) < 10
