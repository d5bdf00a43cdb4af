"""Every finding can be jumped to: file, line and column in one spelling, whichever command tells it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run

pytestmark = pytest.mark.slow

PYTHON = """from components.part import part
from miniprogram.stac import ui
from miniprogram.stac.screens import screen


@screen
def case():
    return ui.column(
        [
            ui.text("a"),
            {here},
        ]
    )
"""
PART = "from miniprogram.stac import ui\n\n\ndef part():\n    return ui.center({here})\n"
JSON = '{{\n  "type": "column",\n  "children": [\n    {{"type": "text", "data": "a"}},\n    {here}\n  ]\n}}\n'
YAML = "# a comment\ntype: column\nchildren:\n  - type: text\n    data: a\n  - {here}\n"

CASES: dict[str, tuple[dict[str, str], str]] = {
    "python, a misspelt type": (
        {"stac/screens/case.py": PYTHON.format(here='ui.raw({"type": "txt"})')},
        "[error] unknown_widget stac/screens/case.py:11:13: there is no widget",
    ),
    "python, a wrong value": (
        {"stac/screens/case.py": PYTHON.format(here='ui.text("b", text_align="centre")')},
        "[error] bad_enum stac/screens/case.py:11:13: ",
    ),
    "python, in a component": (
        {
            "stac/screens/case.py": PYTHON.format(here="part()"),
            "stac/components/part.py": PART.format(here='ui.text("b", text_align="centre")'),
        },
        "[error] bad_enum stac/components/part.py:5:22: ",
    ),
    "python, that fails": (
        {"stac/screens/case.py": PYTHON.format(here="ui.text(titel)")},
        "[error] screen_source_failed stac/screens/case.py:11:21: NameError: name 'titel' is not defined",
    ),
    "python, that is none": (
        {"stac/screens/case.py": PYTHON.format(here="ui.text(")},
        "[error] screen_source_failed stac/screens/case.py:12:9: closing parenthesis ']' does not match",
    ),
    "python, one name twice": (
        {
            "stac/screens/case.py": PYTHON.format(here="part()")
            + "\n\n@screen\ndef case():\n    return ui.text('b')\n",
            "stac/components/part.py": PART.format(here='ui.text("b")'),
        },
        '[error] screen_source_failed stac/screens/case.py:16: the screen "case" is made twice, '
        "on line 6 and on line 16",
    ),
    "json, a misspelt type": (
        {"stac/screens/case.json": JSON.format(here='{"type": "txt"}')},
        "[error] unknown_widget stac/screens/case.json:5:6: ",
    ),
    "json, that is none": (
        {"stac/screens/case.json": JSON.format(here='{"type": }')},
        "[error] screen_source_failed stac/screens/case.json:5:14: case.json is not JSON: Expecting value",
    ),
    "yaml, a misspelt type": (
        {"stac/screens/case.yaml": YAML.format(here="type: txt")},
        "[error] unknown_widget stac/screens/case.yaml:6:5: ",
    ),
    "yaml, that is none": (
        {"stac/screens/case.yaml": YAML.format(here="type: [text")},
        "[error] screen_source_failed stac/screens/case.yaml:7:1: case.yaml is not acceptable YAML",
    ),
}

FLUTTER = "#!/bin/sh\nexit 0\n"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    flutter = tmp_path / "bin" / "flutter"
    flutter.parent.mkdir()
    flutter.write_text(FLUTTER)
    flutter.chmod(0o755)
    return {"HOME": str(tmp_path), "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"}


@pytest.fixture
def root(tmp_path: Path, environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> Path:
    assert run(["create", "shop", "--language", "json"], AppContext(cwd=tmp_path, environ=environ)) == 0
    (tmp_path / "shop/stac/components").mkdir()
    (tmp_path / "shop/stac/components/part.py").write_text(PART.format(here=""), "utf-8")
    capsys.readouterr()
    return tmp_path / "shop"


@pytest.fixture
def told(
    root: Path, environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, list[str]]]:
    """Runs a command in the mini-program: the exit code and every line it wrote."""

    def tell(*argv: str, cwd: Path = root) -> tuple[int, list[str]]:
        code = run(list(argv), AppContext(cwd=cwd, environ=environ))
        out, err = capsys.readouterr()
        return code, [*out.splitlines(), *err.splitlines()]

    return tell


Told = Callable[..., tuple[int, list[str]]]
DOORS = {
    "build": ["build"],
    "validate": ["validate"],
    "publish": ["publish", "--target", "static", "--output", "site"],
    "preview": ["preview", "-d", "chrome"],
    "package": ["package", "build"],
}


@pytest.mark.parametrize("argv", DOORS.values(), ids=DOORS)
@pytest.mark.parametrize(("files", "line"), CASES.values(), ids=CASES)
def test_errors_say_where_in_one_spelling(
    root: Path, told: Told, files: dict[str, str], line: str, argv: list[str]
) -> None:
    for name, text in files.items():
        (root / name).write_text(text, "utf-8")

    code, lines = told(*argv)

    assert code == 1
    assert [each for each in lines if each.startswith(line)], lines


@pytest.mark.parametrize("argv", DOORS.values(), ids=DOORS)
@pytest.mark.parametrize(
    ("change", "line"),
    [
        (
            ('"title"', '"titel"'),
            "[warning] manifest_unknown_member manifest.json:4:3: nothing reads 'titel' in a manifest "
            '(did you mean "title"?)',
        ),
        (
            ('"maxStaleSeconds": 86400', '"maxStaleSecond": 86400'),
            "[warning] manifest_unknown_member manifest.json:14:7: nothing reads 'maxStaleSecond' in "
            'cachePolicy.manifest (did you mean "maxStaleSeconds"?)',
        ),
        (
            ('"contractVersion": "1.0.0"', '"contractVersion": "9.0.0"'),
            "[warning] manifest_unknown_contract_version manifest.json:6:3: contractVersion '9.0.0' is none that "
            'hosts and this tool know (write "1.0.0")',
        ),
        (
            ('"analytics"', '"analitics"'),
            "[error] manifest_parse_failed manifest.json:9:5: $.requiredCapabilities[0] 'analitics' is none of "
            'auth, analytics, secure_api, native_navigation (did you mean "analytics"?)',
        ),
        (
            ('"errorView"', '"errorview"'),
            "[error] manifest_parse_failed manifest.json:22:5: $.fallback.strategy 'errorview' is none of "
            'errorView, hostRoute, messageOnly (did you mean "errorView"?)',
        ),
        (
            ("86400", '"a day"'),
            "[error] manifest_parse_failed manifest.json:14:7: $.cachePolicy.manifest",
        ),
        (("1.0.0 <2.0.0", "1.x"), "[error] manifest_invalid_sdk_version_range manifest.json:7:3: "),
        (('"shop_home"', '"shop_hom"'), "[error] entry_screen_missing manifest.json:5:3: "),
    ],
    ids=lambda value: value[1] if isinstance(value, tuple) else "",
)
def test_manifests_say_where_in_the_same_spelling(
    root: Path, told: Told, change: tuple[str, str], line: str, argv: list[str]
) -> None:
    manifest = root / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace(*change, 1), "utf-8")

    code, lines = told(*argv)

    assert code == (1 if line.startswith("[error]") else 0)
    assert [each for each in lines if each.startswith(line)], lines


def test_a_manifest_that_is_no_json_is_placed_too(root: Path, told: Told) -> None:
    (root / "manifest.json").write_text('{\n  {"id": 1}', "utf-8")

    for command in ("build", "validate"):
        code, lines = told(command)
        assert (code, lines[0].startswith(f"{root / 'manifest.json'}:2:3 is not JSON: ")) == (1, True), lines


def test_from_elsewhere_the_place_leads_there_too(root: Path, told: Told) -> None:
    (root / "stac/screens/case.json").write_text(JSON.format(here='{"type": "txt"}'), "utf-8")

    for cwd, folder in ((root.parent, "shop/"), (root / "stac", "../")):
        for command in ("build", "validate"):
            _, lines = told(command, "--mini-program-root", str(root), cwd=cwd)
            shown = [line for line in lines if f"unknown_widget {folder}stac/screens/case.json:5:6:" in line]
            assert shown or (command == "validate" and folder == "../"), lines


@pytest.fixture
def found(root: Path) -> Path:
    (root / "stac/screens/case.json").write_text(JSON.format(here='{"type": "t\\n%,:xt"}'), "utf-8")
    return root


@pytest.mark.usefixtures("found")
@pytest.mark.parametrize("command", ["build", "validate"])
def test_json_has_the_places_as_members(told: Told, command: str) -> None:
    for argv in (("--json",), ("--format", "json")):
        code, lines = told(command, *argv)
        document: dict[str, Any] = json.loads("\n".join(lines))
        (message,) = document["messages"]

        assert (code, document["errorCount"], document["warningCount"]) == (1, 1, 0)
        assert message.pop("message").startswith("there is no widget")
        assert message == {
            "severity": "error",
            "code": "unknown_widget",
            "path": "stac/screens/case.json",
            "line": 5,
            "column": 6,
            "jsonPath": "$.children[1].type",
        }


@pytest.mark.usefixtures("found")
@pytest.mark.parametrize("command", ["build", "validate"])
def test_github_gets_one_command_a_finding(told: Told, command: str) -> None:
    code, (line,) = told(command, "--format", "github")

    assert code == 1
    assert line.startswith(
        "::error file=stac/screens/case.json,line=5,col=6,title=unknown_widget::there is no widget"
    )
    assert "%25,:xt" in line


@pytest.mark.usefixtures("found")
@pytest.mark.parametrize("command", ["build", "validate"])
def test_sarif_has_rules_and_regions(told: Told, command: str) -> None:
    code, lines = told(command, "--format", "sarif")

    (scan,) = json.loads("\n".join(lines))["runs"]
    (result,) = scan["results"]
    assert code == 1
    assert scan["tool"]["driver"]["rules"] == [{"id": "unknown_widget"}]
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "stac/screens/case.json"},
                "region": {"startLine": 5, "startColumn": 6},
            }
        }
    ]


def test_a_build_that_is_right_says_so_in_json(told: Told) -> None:
    code, lines = told("build", "--json")

    document = json.loads("\n".join(lines))
    assert (code, document["ok"], document["changed"], document["screenCount"]) == (0, True, True, 2)
    assert (document["version"], document["messages"], document["notes"]) == ("1.0.0", [], [])


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            "ui.sizedBox(width=1)",
            "miniprogram.stac.ui has no 'sizedBox'; did you mean \"sized_box\"?",
        ),
        ('ui.text("b", textAlign="center")', 'did you mean "text_align"?'),
        ('ui.text("b", text_aling="center")', 'did you mean "text_align"?'),
        ("part(titel=1)", 'did you mean "title"?'),
        ("ui.text(screem)", 'did you mean "screen"?'),
        ("ui.text()", "TypeError: text() missing 1 required positional argument: 'data'"),
    ],
)
def test_what_was_meant_is_said(root: Path, told: Told, call: str, said: str) -> None:
    (root / "stac/components/part.py").write_text("def part(title=1): ...\n", "utf-8")
    (root / "stac/screens/case.py").write_text(PYTHON.format(here=call), "utf-8")

    _, lines = told("build")

    assert [line for line in lines if "stac/screens/case.py:11:" in line and said in line], lines


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("from miniprogram.stac.ui import sizedBox", 'did you mean "sized_box"?'),
        ("from components.part import prat", 'did you mean "part"?'),
        ("from componets.part import part", 'did you mean "components"?'),
        ("from components.prat import part", 'did you mean "part"?'),
        ("@screen(3)\ndef x(): ...", '@screen takes a name, such as @screen("shop_home"), and not 3'),
    ],
)
def test_what_was_meant_is_said_of_imports_too(root: Path, told: Told, line: str, said: str) -> None:
    (root / "stac/components/part.py").write_text("def part(title=1): ...\n", "utf-8")
    (root / "stac/screens/case.py").write_text(f"from miniprogram.stac.screens import screen\n{line}\n", "utf-8")

    _, lines = told("build")

    assert [each for each in lines if "stac/screens/case.py:2:" in each and said in each], lines


def test_verbose_shows_the_authors_lines_that_led_there(root: Path, told: Told) -> None:
    (root / "stac/components/part.py").write_text("def part():\n    return nothing\n", "utf-8")
    (root / "stac/screens/case.py").write_text(PYTHON.format(here="part()"), "utf-8")

    _, quiet = told("build")
    _, lines = told("--verbose", "build")

    calls = "['stac/screens/case.py:11 in case', 'stac/components/part.py:2 in part']"
    assert [line for line in lines if "author_calls" in line and calls in line], lines
    assert not [line for line in quiet if "in case" in line]


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
    (screen,) = (root / "site").rglob("case.json")
    address = json.loads(screen.read_text("utf-8"))["src"]
    assert address.startswith("https://example.org/"), address
    (root / "assets" / composed).write_bytes(b"other")
    _, lines = told("publish", "--target", "static", "--output", "site", "--base-url", "https://example.org")
    assert any("differ only in how accents are stored" in line for line in lines), lines


@pytest.mark.parametrize("command", DOORS)
def test_a_screen_that_nothing_reads_is_told_and_never_left_out_of_a_version(
    root: Path, told: Told, command: str
) -> None:
    (root / "stac/screens/case.toml").write_text("type = 'text'\n", "utf-8")

    code, lines = told(*DOORS[command])

    refuses = command in ("publish", "package")
    said = "nothing installed reads stac/screens/case.toml" if refuses else "[warning] screen_source_unknown"
    assert code == (1 if refuses else 0)
    assert [line for line in lines if line.startswith(said)], lines


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
