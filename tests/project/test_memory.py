"""Builds that remember earlier ones come out as builds that do not, and do not do things twice."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from miniprogram.plugins.specs import ScreenSourceSpec
from miniprogram.project.build import build_program
from miniprogram.project.findings import BuildError
from miniprogram.project.location import ProgramLocation
from miniprogram.project.memory import BuildMemory

Sources = Mapping[str, ScreenSourceSpec]
Write = Callable[[str, object], Path]

LINKS = {"type": "textButton", "child": {"type": "text", "data": "Go"}}
TO_OTHER = {**LINKS, "onPressed": {"actionType": "navigate", "routeName": "other"}}
WITH_PICTURE = {"type": "image", "src": "assets/cup.png", "imageType": "asset"}
OF_HOSTS = {"type": "shopMap"}


def outcome(location: ProgramLocation, sources: Sources, memory: BuildMemory | None) -> object:
    try:
        report = build_program(location, sources=sources, memory=memory)
    except BuildError as error:
        return error.findings
    return (dict(report.files), report.findings, [draft.name for draft in report.drafts])


def test_every_build_is_what_it_would_be_without_the_ones_before(
    location: ProgramLocation, sources: Sources, write: Write, root: Path
) -> None:
    manifest = json.loads((root / "manifest.json").read_bytes())
    memory = BuildMemory()
    steps: list[Callable[[], object]] = [
        lambda: write("stac/screens/link.json", TO_OTHER),  # to a screen that is not there
        lambda: write("stac/screens/other.yaml", "type: text\ndata: Other\n"),
        lambda: write("stac/screens/other.yaml", "type: text\ndata: [\n"),
        lambda: write("stac/screens/other.yaml", "type: text\ndata: Again\n"),
        lambda: write("stac/screens/picture.json", WITH_PICTURE),  # of an asset that is not there
        lambda: write("assets/cup.png", b"png"),
        (root / "assets" / "cup.png").unlink,
        (root / "stac" / "screens" / "picture.json").unlink,
        lambda: write("stac/screens/map.json", OF_HOSTS),
        lambda: write("manifest.json", {**manifest, "hostWidgets": ["shopMap"]}),
        lambda: write("manifest.json", manifest),
        lambda: write("stac/screens/map.json", {**OF_HOSTS, "type": "text", "data": 7}),
        lambda: (root / "stac" / "screens" / "map.json").rename(root / "stac" / "screens" / "chart.json"),
        lambda: write("stac/themes/dark.json", {"brightness": "dim"}),
        (root / "stac" / "screens" / "other.yaml").unlink,
    ]

    for step in steps:
        step()
        assert outcome(location, sources, memory) == outcome(location, sources, None)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("stac/screens/more.json", '{"type": "text", "data": "1"}'),
        ("stac/screens/more.yaml", "type: text\ndata: '1'"),
    ],
    ids=["json", "yaml"],
)
def test_only_what_has_changed_is_read_again(
    file: str, content: str, location: ProgramLocation, sources: Sources, write: Write
) -> None:
    memory = BuildMemory()
    write(file, content)

    def nodes() -> dict[str, object]:
        report = build_program(location, sources=sources, memory=memory)
        return {draft.name: draft.node for draft in report.drafts}

    first, second = nodes(), nodes()
    write(file, content.replace("1", "2"))
    third = nodes()

    assert second["more"] is first["more"]
    assert third["shop_home"] is first["shop_home"]
    assert third["more"] == {"type": "text", "data": "2"}


def test_a_question_is_asked_again_when_what_it_depends_on_is_another() -> None:
    memory, node = BuildMemory(), {"type": "text"}
    asked: list[str] = []

    def find() -> int:
        asked.append("again")
        return len(asked)

    answers = [memory.about(node, "findings", around, find) for around in (["a"], ["a"], ["b"], ["b"], ["a"])]

    assert answers == [1, 1, 2, 2, 3]
    assert memory.about(dict(node), "findings", ["a"], find) == 4  # equal, and another document


def test_what_is_gone_is_forgotten(location: ProgramLocation, sources: Sources, write: Write, root: Path) -> None:
    memory = BuildMemory()
    write("stac/screens/more.json", {"type": "text", "data": "1"})
    build_program(location, sources=sources, memory=memory)
    (root / "stac" / "screens" / "more.json").unlink()

    build_program(location, sources=sources, memory=memory)

    assert set(memory._read) == {root / "stac" / "screens" / "shop_home.json"}
    assert len(memory._found) == 1
