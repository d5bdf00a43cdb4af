"""Findings about files and what hosts bring: what is not published, not portable, not read or not declared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.findings.sources import DOORS, JSON, PART, PYTHON, YAML, Told

pytestmark = pytest.mark.slow


def test_themes_are_said_to_stay_here(root: Path, told: Told) -> None:
    (root / "stac/theme").mkdir()
    (root / "stac/theme/light.json").write_text('{"brightness": "light"}', "utf-8")
    note = "The theme light is built and checked, and not published: hosts bring their own theme."

    _, built = told("build")
    _, document = told("build", "--json")
    published, lines = told("publish", "--target", "static", "--output", "site")
    _, report = told("publish", "--target", "static", "--output", "site", "--json")

    assert published == 0
    assert note in built
    assert json.loads("\n".join(document))["notes"] == [note]
    assert note in lines
    assert note in json.loads("\n".join(report))["notes"]


@pytest.mark.parametrize("name", ["stac/screens/CON.json", "assets/aux.txt", "stac/components/nul.py"])
def test_names_that_other_systems_refuse_are_told(root: Path, told: Told, name: str) -> None:
    (root / "assets").mkdir(exist_ok=True)
    text = '{"type": "spacer"}' if name.endswith(".json") else ""
    (root / name).write_text(text, "utf-8")

    for command in ("build", "validate"):
        _, lines = told(command)
        assert [line for line in lines if line.startswith(f"[warning] name_not_portable {name}: Windows")], lines


def test_names_are_compared_as_people_see_them(root: Path, told: Told) -> None:
    (root / "assets").mkdir(exist_ok=True)
    composed, decomposed = "caf\u00e9.png", "cafe\u0301.png"
    (root / "assets" / decomposed).write_bytes(b"png")
    image = {"type": "image", "src": f"assets/{composed}"}
    (root / "stac/screens/case.json").write_text(json.dumps(image), "utf-8")

    built, _ = told("build")
    published, _ = told("publish", "--target", "static", "--output", "site", "--base-url", "https://example.org")

    assert (built, published) == (0, 0)
    (screen,) = (root / "site" / "screens").rglob("case.json")
    address = json.loads(screen.read_text("utf-8"))["src"]
    assert address.startswith("https://example.org/"), address
    (root / "assets" / composed).write_bytes(b"other")
    _, lines = told("publish", "--target", "static", "--output", "site", "--base-url", "https://example.org")
    assert any("differ only in how accents are stored" in line for line in lines), lines


UNREAD = {
    "a type nothing reads": ("stac/screens/case.toml", "stac/screens/case.toml: nothing reads .toml files"),
    "a theme of such a type": ("stac/themes/case.xml", "stac/themes/case.xml: nothing reads .xml files"),
    "a link to a folder": ("shared/case.json", "stac/screens/linked: links to folders are not followed"),
}


@pytest.mark.parametrize("command", DOORS)
@pytest.mark.parametrize(("name", "said"), UNREAD.values(), ids=UNREAD)
def test_a_screen_that_nothing_reads_is_told_and_never_left_out_of_a_version(
    root: Path, told: Told, name: str, said: str, command: str
) -> None:
    _write(root / name, '{"type": "spacer"}')
    if name.startswith("shared"):
        (root / "stac/screens/linked").symlink_to("../../shared")

    code, lines = told(*DOORS[command])

    refuses = command in ("publish", "package")
    assert code == (1 if refuses else 0)
    start = said if refuses else f"[warning] screen_source_unknown {said}"
    assert [line for line in lines if line.startswith(start)], lines


MISPLACED = {
    "stac/components/case.py": "from miniprogram.stac.screens import screen\n\n\n@screen\ndef case(): ...\n",
    "stac/pages/case.json": '{\n  "type": "scaffold"\n}',
    "stac/pages/case.yaml": "# a page\ntype: scaffold\n",
}


@pytest.mark.parametrize("command", DOORS)
@pytest.mark.parametrize("name", MISPLACED)
def test_a_screen_in_a_folder_without_screens_is_told(root: Path, told: Told, name: str, command: str) -> None:
    _write(root / name, MISPLACED[name])

    code, lines = told(*DOORS[command])
    (root / name).rename((root / name).with_name(f"_{Path(name).name}"))
    _, after = told(*DOORS[command])

    assert code == 0
    assert [line for line in lines if line.startswith(f"[warning] screen_misplaced {name}:")], lines
    assert not [line for line in after if "screen_misplaced" in line]


def test_a_folder_among_the_screens_may_have_any_name(root: Path, told: Told) -> None:
    _write(root / "stac/screens/build/case.json", '{"type": "text", "data": "b"}')
    for name in ("build", "node_modules"):
        _write(root / f"assets/{name}/logo.png", "png")
        _write(root / f"stac/screens/{name}s.json", f'{{"type": "image", "src": "assets/{name}/logo.png"}}')

    code, lines = told("build")

    assert code == 0, lines
    assert (root / "stac/.build/screens/case.json").is_file()


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


@pytest.mark.parametrize("command", DOORS)
def test_what_an_editor_leaves_beside_a_screen_is_no_screen(root: Path, told: Told, command: str) -> None:
    for name in ("shop_home.json~", "shop_home.json.orig", "shop_home.json.bak", "4913.tmp"):
        (root / "stac/screens" / name).write_text("{", "utf-8")

    code, lines = told(*DOORS[command])

    assert (code, [line for line in lines if line.startswith("[")]) == (0, [])


RAW = {
    "python": ("case.py", PYTHON.format(here='ui.raw({"type": "starRating", "stars": 4})')),
    "python, an action": (
        "case.py",
        "from miniprogram.stac import actions\n"
        + PYTHON.format(here="ui.text_button(on_pressed=actions.raw({'actionType': 'starRating'}))"),
    ),
    "json": ("case.json", JSON.format(here='{"type": "starRating", "stars": 4}')),
    "yaml": ("case.yaml", YAML.format(here="type: starRating")),
}


@pytest.mark.parametrize("command", DOORS)
@pytest.mark.parametrize(("name", "text"), RAW.values(), ids=RAW)
def test_what_hosts_register_is_declared(root: Path, told: Told, name: str, text: str, command: str) -> None:
    (root / "stac/components/part.py").write_text(PART.format(here='ui.text("b")'), "utf-8")
    (root / "stac/screens" / name).write_text(text, "utf-8")
    manifest = root / "manifest.json"

    refused, lines = told(*DOORS[command])
    said = [line for line in lines if line.startswith("[error] unknown_") and "in the manifest)" in line]
    declared = {"hostWidgets": ["starRating"], "hostActions": ["starRating"]}
    manifest.write_text(json.dumps({**json.loads(manifest.read_text("utf-8")), **declared}), "utf-8")
    taken, after = told(*DOORS[command])

    assert (refused, len(said)) == (1, 1), lines
    assert (taken, [line for line in after if line.startswith("[")]) == (0, [])
