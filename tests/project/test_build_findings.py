"""What a build finds: in the manifest, in screens that cannot be read, and in several files at once."""

from __future__ import annotations

import json
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


def test_warnings_fail_no_build(build: Build, write: Write) -> None:
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
