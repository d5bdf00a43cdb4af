"""Mistakes as authors make them: each is named at its line and column, with what to do about it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from miniprogram.project.build import BuildReport
from miniprogram.project.findings import BuildError, BuildFinding

Write = Callable[[str, object], Path]
Build = Callable[[], BuildReport]
HEAD = "from miniprogram.stac import ui\nfrom miniprogram.stac.screens import screen\n\n\n"


def findings(build: Build) -> list[BuildFinding]:
    with pytest.raises(BuildError) as caught:
        build()
    return list(caught.value.findings)


JSON = {
    "comma behind the last item": ('{"type": "row",\n"children": [\n{"type": "spacer"},\n]}', 3, 19, "remove"),
    "comma behind the last member": ('{\n"type": "spacer",\n}', 2, 17, "remove this comma"),
    "two commas": ('{"type": "text",,\n"data": "x"}', 1, 17, "remove this comma"),
    "no comma": ('{\n  "type": "text"\n  "data": "x"\n}', 3, 3, "comma missing"),
    "comment": ('{\n  // the title\n  "type": "spacer"\n}', 2, 3, "comments are no part of JSON"),
    "single quotes": ("{\n'type': 'spacer'}", 2, 1, "double quotes"),
    "no quotes": ('{\n  type: "spacer"}', 2, 3, 'write "type" with quotes'),
    "text over two lines": ('{"type": "text", "data": "a\nb"}', 1, 28, "closing"),
    "Python words": ('{"type": "text",\n "softWrap": True}', 2, 14, "write true"),
    "no colon": ('{"type" "spacer"}', 1, 9, "colon"),
    "cut off": ('{"type": "spacer"', 1, 18, "ends too early"),
    "a bracket too many": ('{"type": "spacer"}}', 1, 19, "one too many"),
    "two documents": ('{"type": "spacer"}\n{}', 2, 1, "one document"),
    "backslash": ('{"type": "text", "data": "C:\\Users"}', 1, 29, "backslash"),
    "empty": ("\n", 2, 1, "the file is empty"),
    "key twice": ('{\n"type": "text",\n"data": "a",\n"data": "b"}', 4, 1, "stands twice"),
    "key twice further down": ('{"type": "center", "child":\n{"type": "spacer", "type": "x"}}', 2, 20, "twice"),
    "not a number": ('{"type": "sizedBox",\n"width": NaN}', 2, 10, "NaN is not a JSON number"),
    "too large": ('{"type": "sizedBox",\n"width": 1e999}', 2, 10, "1e999 is too large"),
    "too many digits": ('{"type": "sizedBox",\n"width": 1' + "0" * 400 + "}", 2, 10, "too large a number"),
    "other encoding": ('{"type": "text",\n"data": "é"}'.encode("latin-1"), 2, 10, "save it as UTF-8"),
}  # fmt: skip
YAML = {
    "tab": ("type: row\nchildren:\n\t- type: spacer\n", 3, 1, "no tabs"),
    "colon in a text": ("type: text\ndata: Price: 3\n", 2, 12, "in quotes"),
    "member too far right": ("type: text\ndata: a\n style:\n  fontSize: 3\n", 3, 7, "indent the line"),
    "item too far right": ("type: row\nchildren:\n- type: spacer\n  - type: spacer\n", 4, 3, "alike"),
    "quote never closed": ('type: text\ndata: "a\nmaxLines: 2\n', 2, 7, "closing quote"),
    "bracket never closed": ("type: row\nchildren: [{type: spacer}\n", 2, 11, "closing bracket"),
    "binding": ("type: text\ndata: {{name}}\n", 2, 8, "begins with {{ in quotes"),
    "binding and more": ("type: text\ndata: {{ name }} there\n", 2, 18, "begins with {{ in quotes"),
    "at": ("type: text\ndata: @home\n", 2, 7, "begins with @ in quotes"),
    "percent": ("type: text\ndata: %d\n", 2, 7, "begins with % in quotes"),
    "star": ("type: text\ndata: *new\n", 2, 7, "begins with * in quotes"),
    "exclamation mark": ("type: text\ndata: !new\n", 2, 7, "begins with ! in quotes"),
    "two documents": ("type: spacer\n---\ntype: spacer\n", 2, 1, "one screen"),
    "color": ("type: text\ndata: x\nstyle:\n  color: #FF0000\n  fontSize: 3\n", 4, 3, "color in quotes"),
    "color on Windows": ("type: text\r\ndata: x\r\nstyle:\r\n  color: #80FF0000\r\n", 4, 3, "color in quotes"),
    "key twice": ("type: text\ndata: a\ndata: b\n", 3, 1, "stands twice"),
    "other encoding": ("type: text\ndata: é\n".encode("latin-1"), 2, 7, "save it as UTF-8"),
}
PYTHON = {
    "no return": ("@screen\ndef page():\n    ui.spacer()\n", 5, None, "is a `return` missing?"),
    "camel case": ("@screen\ndef page():\n    return ui.sizedBox()\n", 7, 12, 'did you mean "sized_box"?'),
    "arguments": ("X = 1\n\n\n@screen\ndef page(name):\n    return ui.spacer()\n", 8, None, "wants some"),
    "a value that JSON has not": ("@screen\ndef page():\n    return ui.text(data=object())\n", 5, None, "$.data"),
}


def table(suffix: str, cases: dict[str, tuple[Any, ...]]) -> list[Any]:
    return [pytest.param(suffix, *case, id=f"{suffix} {name}") for name, case in cases.items()]


@pytest.mark.parametrize(
    ("suffix", "content", "line", "column", "told"),
    [
        *table("json", JSON),
        *table("yaml", YAML),
        *table("py", {name: (HEAD + code, *rest) for name, (code, *rest) in PYTHON.items()}),
    ],
)
def test_a_mistake_is_named_where_it_stands(
    build: Build, write: Write, suffix: str, content: object, line: int, column: int | None, told: str
) -> None:
    write(f"stac/screens/page.{suffix}", content)

    [finding] = findings(build)

    assert finding.file == f"stac/screens/page.{suffix}"
    assert (finding.line, finding.column) == (line, column)
    assert told in finding.sentence


@pytest.mark.parametrize("comment", ["title: #FF0000 is what we want", "title: # FF0000", "title: '#FF0000'"])
def test_other_comments_are_comments(build: Build, write: Write, comment: str) -> None:
    write("stac/screens/page.yaml", f"type: text\ndata: x\n_{comment}\n")

    assert build().screen_count == 2


def test_what_one_line_makes_several_times_is_one_finding(build: Build, write: Write) -> None:
    code = "@screen\ndef page():\n    return ui.padding(ui.spacer(), padding=-4)\n"
    write("stac/screens/page.py", HEAD + code)

    assert [finding.code for finding in findings(build)].count("out_of_range") == 1


def test_screens_are_looked_at_when_the_manifest_does_not_fit(
    build: Build, write: Write, manifest: dict[str, Any]
) -> None:
    write("manifest.json", {**manifest, "requiredCapabilities": ["analitics"], "hostWidgets": ["starRating"]})
    write("stac/screens/page.json", {"type": "row", "children": [{"type": "starRating"}, {"type": "txt"}]})

    found = findings(build)

    assert [(each.file, each.code) for each in found] == [
        ("manifest.json", "manifest_parse_failed"),
        ("stac/screens/page.json", "unknown_widget"),
    ]


def test_a_manifest_that_is_no_json_is_told_what_to_do(
    build: Build, write: Write, manifest: dict[str, Any]
) -> None:
    write("manifest.json", json.dumps(manifest)[:-1] + ",}")

    [finding] = findings(build)

    assert finding.sentence.endswith("(remove this comma)")
