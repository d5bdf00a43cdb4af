"""`preview --once`: everything that is found, once, and what could not be looked at."""

from __future__ import annotations

import json
from pathlib import Path

from miniprogram.builtin import miniprogram_screen_sources
from miniprogram.plugins.specs import DoctorCheckSpec, ScreenCheckSpec
from miniprogram.preview.once import notes_of, preview_once
from miniprogram.project.location import ProgramLocation
from miniprogram.seams.checks import Check, CheckContext
from miniprogram.seams.screen_check import ScreenRemark
from miniprogram.seams.screen_source import SourceContext


def remark(screens: object) -> list[ScreenRemark]:
    return [ScreenRemark("shop_home", "layout_overflow", "$.children[2]", "it overflows")]


def once(location: ProgramLocation, notes: tuple[str, ...] = ()) -> dict[str, object]:
    sources = {spec.suffix: spec for spec in miniprogram_screen_sources()}
    checks = [ScreenCheckSpec("Layout check", remark)]
    report = preview_once(location, sources=sources, checks=checks, context=SourceContext(), notes=notes)
    return report.model_dump(mode="json", by_alias=True)


def test_once_tells_what_was_built_and_what_does_not_fit(root: Path, location: ProgramLocation) -> None:
    (root / "preview.toml").write_text("[scenarios.a]\n")

    document = once(location, ("one note",))

    assert (document["ok"], document["version"], document["errorCount"]) == (True, "1.0.0", 0)
    assert document["screens"][0]["file"] == "stac/screens/shop_home.json"  # type: ignore[index]
    assert (document["scenarios"], document["notes"]) == (["a"], ["one note"])
    [found] = [each for each in document["messages"] if each["code"] == "layout_overflow"]  # type: ignore[attr-defined]
    assert (found["path"], found["jsonPath"]) == ("stac/screens/shop_home.json", "$.children[2]")


def test_once_tells_of_every_mistake_and_still_lays_out_the_rest(root: Path, location: ProgramLocation) -> None:
    (root / "stac" / "screens" / "shop_other.json").write_text(json.dumps({"type": "text", "dta": "x"}))

    document = once(location)

    codes = [each["code"] for each in document["messages"]]  # type: ignore[attr-defined]
    assert "layout_overflow" in codes
    assert document["errorCount"] == 1
    assert (document["ok"], document["version"], document["screens"]) == (False, None, [])


def test_once_tells_of_a_wrong_preview_file(root: Path, location: ProgramLocation) -> None:
    (root / "preview.toml").write_text("scenarios = 1")

    document = once(location)

    assert [each["path"] for each in document["messages"] if each["severity"] == "error"] == ["preview.toml"]  # type: ignore[attr-defined]
    assert [each["code"] for each in document["messages"]].count("layout_overflow") == 1  # type: ignore[attr-defined]


def test_what_is_not_looked_at_here_is_said(tmp_path: Path) -> None:
    def line(label: str, status: str) -> DoctorCheckSpec:
        return DoctorCheckSpec(label, lambda _: Check(label, status, "Node.js is not installed"))  # type: ignore[arg-type]

    checks = [ScreenCheckSpec("Layout check", remark), ScreenCheckSpec("Words", remark)]
    doctor = [line("Layout check", "skipped"), line("Words", "ok"), line("Other", "error")]

    assert notes_of(checks, doctor, CheckContext(tmp_path, tmp_path, {})) == [
        "Layout check: Node.js is not installed"
    ]
