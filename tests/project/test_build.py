"""Building: what comes out, and what is left when it stops."""

from __future__ import annotations

import gc
import json
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from miniprogram.errors import ProjectError
from miniprogram.plugins.specs import ScreenSourceSpec
from miniprogram.project.build import BuildReport, build_program
from miniprogram.project.findings import BuildError
from miniprogram.project.location import ProgramLocation

Sources = Mapping[str, ScreenSourceSpec]
Write = Callable[[str, object], Path]
Build = Callable[[], BuildReport]
HELLO = {"type": "scaffold", "body": {"type": "text", "data": "Hello"}}


def test_screens_and_themes_become_json(build: Build, write: Write) -> None:
    write("stac/screens/account/settings.yaml", "type: text\ndata: Settings\n")
    write("stac/about.json", {"type": "text", "data": "About"})
    write("stac/themes/dark.json", {"brightness": "dark"})
    write("stac/components/part.json", {"type": "nonsense"})

    report = build()

    written = {
        path.relative_to(report.output_directory).as_posix() for path in report.output_directory.rglob("*.json")
    }
    assert written == {
        "screens/shop_home.json",
        "screens/settings.json",
        "screens/about.json",
        "themes/dark.json",
    }
    assert written == set(report.files)
    assert json.loads(report.entry_screen_path.read_bytes()) == HELLO
    assert report.entry_screen_path.read_bytes().startswith(b'{\n  "type"')


def test_unchanged_output_is_not_written_again(build: Build) -> None:
    first = build()
    before = first.entry_screen_path.stat()

    second = build()

    after = second.entry_screen_path.stat()
    assert (first.changed, second.changed) == (True, False)
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_one_changed_screen_leaves_the_others_alone(build: Build, write: Write) -> None:
    write("stac/screens/other.json", HELLO)
    report = build()
    before = report.entry_screen_path.stat()

    write("stac/screens/other.json", {"type": "text", "data": "new"})
    build()

    after = report.entry_screen_path.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_removed_screen_leaves_the_output(build: Build, write: Write) -> None:
    extra = write("stac/screens/other.json", HELLO)
    build()
    extra.unlink()

    report = build()

    assert [path.name for path in report.screens_directory.iterdir()] == ["shop_home.json"]


def test_errors_fail_the_build_and_keep_the_old_output(build: Build, write: Write) -> None:
    report = build()
    write("stac/screens/shop_home.json", {"type": "scaffold", "body": {"type": "txt", "data": "x"}})

    with pytest.raises(BuildError, match=r"stac/screens/shop_home\.json:1:31: .*\"text\"") as caught:
        build()

    assert caught.value.exit_code == 1
    assert json.loads(report.entry_screen_path.read_bytes()) == HELLO


def test_builds_at_the_same_time_all_end_whole(build: Build, location: ProgramLocation, write: Write) -> None:
    for index in range(20):
        write(f"stac/screens/s{index}.json", HELLO)
    failures: list[Exception] = []

    def try_to_build() -> None:
        try:
            build()
        except ProjectError as error:
            failures.append(error)

    threads = [threading.Thread(target=try_to_build) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert len(list((location.root / "stac" / ".build" / "screens").iterdir())) == 21
    assert [path.name for path in (location.root / "stac").iterdir() if path.name.startswith("..")] == []


def test_plugin_can_add_a_source(location: ProgramLocation, sources: Sources, write: Write) -> None:
    from miniprogram.seams.screen_source import ScreenDraft

    class Words:
        def load(self, program_root: Path, files: Any) -> Any:
            for file in files:
                yield ScreenDraft(file.stem, {"type": "text", "data": file.read_text("utf-8")}, file)

    write("stac/screens/words.say", "hi")
    more = {**sources, ".say": ScreenSourceSpec(".say", "words", lambda context: Words())}

    report = build_program(location, sources=more)

    assert json.loads(report.files["screens/words.json"]) == {"type": "text", "data": "hi"}


def test_output_that_is_a_file_is_named(build: Build, write: Write) -> None:
    write("stac/.build", "in the way")

    with pytest.raises(ProjectError, match=r"\.build is not a folder"):
        build()


def test_chosen_output_folder_is_used(build: Build, location: ProgramLocation, write: Write) -> None:
    write("lib/default_stac_options.dart", "StacOptions(outputDir: 'out/json')")

    report = build()

    assert report.entry_screen_path == location.root / "out" / "json" / "screens" / "shop_home.json"
    assert report.entry_screen_path.is_file()


@pytest.mark.parametrize("chosen", [".", "..", "stac", "stac/screens", "assets", "/"])
def test_output_folder_that_holds_sources_is_refused(
    build: Build, sources: Sources, write: Write, chosen: str
) -> None:
    write("lib/default_stac_options.dart", f"StacOptions(outputDir: '{chosen}')")

    with pytest.raises(ProjectError, match="holds sources"):
        build()


def test_output_folder_with_something_foreign_is_refused(build: Build, write: Write) -> None:
    write("lib/default_stac_options.dart", "StacOptions(outputDir: 'docs')")
    kept = write("docs/letter.txt", "dear")

    with pytest.raises(ProjectError, match=r"letter\.txt, which no build made"):
        build()

    assert kept.read_text("utf-8") == "dear"


@pytest.mark.parametrize("there", [True, False], ids=["empty", "missing"])
def test_program_without_screens_says_so(build: Build, location: ProgramLocation, there: bool) -> None:
    (location.root / "stac" / "screens" / "shop_home.json").unlink()
    if not there:
        (location.root / "stac" / "screens").rmdir()
        (location.root / "stac").rmdir()

    with pytest.raises(ProjectError, match=r"has no screens|is missing"):
        build()


def test_the_search_for_garbage_goes_on_after_a_build_and_leaves_out_what_others_froze(build: Build) -> None:
    gc.unfreeze()  # what the tests have frozen
    build()
    found = gc.isenabled(), gc.get_freeze_count()
    gc.freeze()  # as before, and as servers do before they fork
    build()

    assert found == (True, 0)
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0
