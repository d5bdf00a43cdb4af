"""Building: what comes out, what stops it, and what is left when it stops."""

from __future__ import annotations

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
from miniprogram.seams.screen_source import SourceContext

Sources = Mapping[str, ScreenSourceSpec]
Write = Callable[[str, object], Path]
Build = Callable[[], BuildReport]
HELLO = {"type": "scaffold", "body": {"type": "text", "data": "Hello"}}
LINK = {
    "type": "filledButton",
    "child": {"type": "text", "data": "Go"},
    "onPressed": {
        "actionType": "miniProgramNavigation",
        "action": "openMiniProgramScreen",
        "requestId": "go",
        "payload": {"screenId": "detail"},
    },
}


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


def test_warnings_do_not(build: Build, write: Write) -> None:
    write("stac/screens/notes.toml", "a = 1")

    report = build()

    assert [finding.code for finding in report.findings] == ["screen_source_unknown"]


def test_the_plugin_that_would_read_it_is_named(
    location: ProgramLocation, sources: Mapping[str, ScreenSourceSpec], write: Write
) -> None:
    write("stac/screens/notes.toml", "a = 1")
    sentence = "The plugin toml (acme-toml 1.0) is refused: miniprogram.toml does not name acme-toml."

    report = build_program(location, sources=sources, context=SourceContext(unusable_plugins=(sentence,)))

    assert [finding.suggestion for finding in report.findings] == [sentence]


def test_links_and_images_are_checked(build: Build, write: Write) -> None:
    image = {"type": "image", "src": "assets/logo.pgn", "imageType": "asset"}
    write("assets/logo.png", b"png")
    write("stac/screens/details.json", HELLO)
    write("stac/screens/shop_home.json", {"type": "column", "children": [LINK, image]})

    with pytest.raises(BuildError) as caught:
        build()

    text = str(caught.value)
    assert "details" in text
    assert "logo.png" in text


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"version": "1.0"}, "manifest_invalid_version"),
        ({"contractVersion": "one"}, "manifest_invalid_contract_version"),
        ({"sdkVersionRange": "1.x"}, "manifest_invalid_sdk_version_range"),
        ({"entry": " "}, "manifest_blank_entry"),
        ({"entry": "shop_hom"}, "entry_screen_missing"),
        ({"fallback": {"strategy": "hostRoute"}}, "manifest_host_route_fallback_missing_route"),
        ({"requiredCapabilities": ["secure_api"]}, "secure_api_entry_screen_must_not_cache"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_manifest_rules_are_build_errors(
    build: Build, write: Write, manifest: dict[str, Any], change: dict[str, Any], code: str
) -> None:
    write("manifest.json", {**manifest, **change})

    with pytest.raises(BuildError, match=code):
        build()


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"entry": 5}, "entry"),
        ({"requiredCapabilities": ["flying"]}, "requiredCapabilities"),
        ({"requiredCapabilities": None}, "requiredCapabilities"),
        ({"cachePolicy": {"manifest": "always"}}, "cachePolicy"),
        ({"cachePolicy": {"manifest": {"maxStaleSeconds": 0}}}, "cachePolicy"),
        ({"fallback": {"strategy": "panic"}}, "fallback"),
    ],
    ids=["entry type", "capability", "null list", "cache mode", "stale age", "strategy"],
)
def test_manifest_that_does_not_decode_names_the_place(
    build: Build, write: Write, manifest: dict[str, Any], change: dict[str, Any], place: str
) -> None:
    write("manifest.json", {**manifest, **change})

    with pytest.raises(ProjectError, match=rf"manifest_parse_failed manifest\.json:1:\d+: \$\.{place}"):
        build()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("stac/screens/bad.json", '{"type": "text", "type": "row"}', "stands twice"),
        ("stac/screens/bad.json", b"\xff\xfe", "UTF-8"),
        ("stac/screens/bad.json", "[" * 100_000, "nested too deeply"),
        ("stac/screens/bad.json", '{"type": "text"', "bad.json:1:1"),
        ("stac/screens/bad.json", "[1]", "JSON object"),
        ("stac/screens/bad.json", '{"type": "text", "data": NaN}', "NaN"),
        ("stac/screens/bad.json", b" " * (9 * 1024 * 1024), "larger than"),
        ("stac/screens/bad.yaml", "type: text\ntype: row\n", "stands twice"),
        ("stac/screens/bad.yaml", "type: [text\n", "bad.yaml:1:7"),
        ("stac/screens/bad.yaml", "- a\n", "one mapping"),
        ("stac/screens/bad.yaml", b"\xff", "UTF-8"),
        ("stac/screens/bad.yaml", "type: !!python/object:os.system x\n", "bad.yaml"),
        ("stac/screens/bad.yaml", "&a {type: text, more: *a}\n", "bad.yaml"),
        ("stac/screens/bad.yaml", "{type: text, 5: x}\n", "not a text"),
        ("stac/screens/bad.yaml", "[" * 3_000, "bad.yaml"),
    ],
    ids=[
        "duplicate key",
        "encoding",
        "deep",
        "cut off",
        "list",
        "nan",
        "oversized",
        "yaml duplicate key",
        "yaml syntax",
        "yaml list",
        "yaml encoding",
        "yaml tag",
        "yaml loop",
        "yaml number key",
        "yaml deep",
    ],
)
def test_unreadable_screens_are_named(build: Build, write: Write, name: str, content: object, said: str) -> None:
    write(name, content)

    with pytest.raises(ProjectError, match=r"stac/screens/bad\.|bad\.json") as caught:
        build()

    assert said in str(caught.value)


def test_findings_of_all_files_come_in_one_run(build: Build, write: Write) -> None:
    write("stac/screens/a.json", '{"type": "text"')
    write("stac/screens/b.json", "[1]")
    write("stac/screens/c.yaml", "type: [text\n")
    write("stac/screens/d.py", "import nothing_of_this_name\n")
    write("stac/screens/e.json", {"type": "txt", "data": "x"})
    write("stac/screens/f.yaml", "type: text\ndata: x\nstlye: {}\n")

    with pytest.raises(BuildError) as caught:
        build()

    named = {finding.file: finding.code for finding in caught.value.findings}
    failed = dict.fromkeys(f"stac/screens/{name}" for name in ("a.json", "b.json", "c.yaml", "d.py"))
    assert named == dict.fromkeys(failed, "screen_source_failed") | {
        "stac/screens/e.json": "unknown_widget",
        "stac/screens/f.yaml": "unknown_property",
    }


def test_a_broken_component_is_one_finding(build: Build, write: Write) -> None:
    write("stac/components/card.py", "broken =\n")
    for name in ("a", "b"):
        write(f"stac/screens/{name}.py", "from components.card import card\n")

    with pytest.raises(BuildError) as caught:
        build()

    assert [(each.file, each.line) for each in caught.value.findings] == [("stac/components/card.py", 1)]


@pytest.mark.parametrize("entry", ["shop_home", "lost"])
def test_nothing_is_said_of_screens_that_may_be_in_a_broken_file(
    build: Build, write: Write, manifest: dict[str, Any], entry: str
) -> None:
    go = {
        "actionType": "miniProgramNavigation",
        "action": "openMiniProgramScreen",
        "payload": {"screenId": "lost"},
    }
    write("manifest.json", {**manifest, "entry": entry, "requiredCapabilities": ["native_navigation"]})
    write(
        "stac/screens/link.json", {"type": "filledButton", "child": {"type": "text", "data": "x"}, "onPressed": go}
    )
    write("stac/screens/lost.json", "{")

    with pytest.raises(BuildError) as caught:
        build()

    assert [(each.file, each.code) for each in caught.value.findings] == [
        ("stac/screens/lost.json", "screen_source_failed")
    ]


def test_yaml_that_expands_without_end_is_refused(build: Build, write: Write) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    write("stac/screens/bomb.yaml", "type: text\ndata: x\n" + "\n".join(lines))

    with pytest.raises(ProjectError, match=r"bomb\.yaml.*more than"):
        build()


def test_yaml_texts_stay_texts(build: Build, write: Write) -> None:
    write(
        "stac/screens/plain.yaml",
        "type: column\nchildren:\n"
        + "".join(f"  - {{type: text, data: {word}}}\n" for word in ("on", "No", "12:30", "2030-01-02", "1_000")),
    )

    report = build()

    node = json.loads(report.files["screens/plain.json"])
    assert [child["data"] for child in node["children"]] == ["on", "No", "12:30", "2030-01-02", "1_000"]


def test_two_files_may_not_make_one_screen(build: Build, write: Write) -> None:
    write("stac/screens/more/shop_home.yaml", "type: text\ndata: x\n")

    with pytest.raises(BuildError, match="screen_duplicate") as caught:
        build()

    assert "stac/screens/shop_home.json" in str(caught.value)
    assert "stac/screens/more/shop_home.yaml" in str(caught.value)


def test_names_have_to_be_path_segments(build: Build, write: Write) -> None:
    write("stac/screens/über uns.json", HELLO)

    with pytest.raises(BuildError, match="screen_name_unsafe"):
        build()


@pytest.mark.parametrize("name", ["stac/screens/leak.json", "assets/leak.json"])
def test_links_out_of_the_program_are_refused(
    build: Build, location: ProgramLocation, tmp_path: Path, name: str
) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text("{}", "utf-8")
    link = location.root / name
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(secret)

    with pytest.raises(ProjectError, match="leads out of the mini-program"):
        build()


def test_linked_folders_are_refused_too(build: Build, location: ProgramLocation, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (location.root / "stac" / "screens" / "more").symlink_to(tmp_path / "outside")

    with pytest.raises(ProjectError, match="leads out of the mini-program"):
        build()


@pytest.mark.parametrize("there", [True, False], ids=["empty", "missing"])
def test_program_without_screens_says_so(build: Build, location: ProgramLocation, there: bool) -> None:
    (location.root / "stac" / "screens" / "shop_home.json").unlink()
    if not there:
        (location.root / "stac" / "screens").rmdir()
        (location.root / "stac").rmdir()

    with pytest.raises(ProjectError, match=r"has no screens|is missing"):
        build()


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
