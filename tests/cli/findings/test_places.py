"""Every finding can be jumped to: file, line and column in one spelling, whichever command tells it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.findings.sources import DOORS, JSON, PART, PYTHON, YAML, Told

pytestmark = pytest.mark.slow

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
        "[error] screen_source_failed stac/screens/case.yaml:6:11: case.yaml is not acceptable YAML",
    ),
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
