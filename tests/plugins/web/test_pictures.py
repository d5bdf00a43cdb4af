"""Pictures of screens by a real browser of this machine, driven without any library."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from miniprogram.errors import ToolError
from miniprogram.pictures.areas import changed_areas
from miniprogram.pictures.png import PixelRows, read_png
from miniprogram.seams.checks import CheckContext
from miniprogram.seams.screen_painter import PaintJob, Picture, Shot
from miniprogram_web.hooks import miniprogram_doctor_checks
from miniprogram_web.pictures.painter import paint_screens
from testbed.browser import installed_browser

pytestmark = pytest.mark.browser

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
SCREENS: Mapping[str, dict[str, Any]] = {
    "red": {"type": "container", "color": "#FF0000"},
    "words": {
        "type": "scaffold",
        "appBar": {"type": "appBar", "title": {"type": "text", "data": "Ground"}},
        "body": {
            "type": "row",
            "children": [{"type": "icon", "icon": "coffee"}, {"type": "text", "data": "Beans"}],
        },
    },
    "wide": {"type": "row", "children": [{"type": "sizedBox", "width": 999, "height": 10}]},
    "turning": {"type": "center", "child": {"type": "circularProgressIndicator"}},
    "picture": {"type": "image", "src": "assets/logo.png", "imageType": "asset"},
    "no_picture": {"type": "image", "src": "assets/none.png", "imageType": "asset"},
}


LISTENS_NOT = """
for word in "$@"; do
  case "$word" in --user-data-dir=*) printf '1\\n/devtools' > "${word#*=}/DevToolsActivePort";; esac
done
exec sleep 9
"""


@pytest.fixture(scope="module")
def environ() -> dict[str, str]:
    """Where the test bed found a browser, the plugin finds it too."""
    found = installed_browser()
    return {**os.environ, "CHROME_PATH": found} if found else {}


def paint(environ: Mapping[str, str], *shots: Shot) -> list[Picture]:
    if not environ:
        pytest.fail("no browser is installed: run `make browser`")
    return list(paint_screens(PaintJob(SCREENS, {"assets/logo.png": PIXEL}, shots, environ)))


def pixels(picture: Picture) -> PixelRows:
    return read_png(picture.png)


def test_a_picture_is_as_large_as_asked_and_full_to_its_edges(environ: dict[str, str]) -> None:
    small, large = paint(environ, Shot("red", width=120, height=130), Shot("red", width=150, height=140, scale=2))

    assert (pixels(small).width, pixels(small).height) == (120, 130)
    assert (pixels(large).width, pixels(large).height) == (300, 280)
    assert {row for each in (small, large) for row in pixels(each).rows} == {b"\xff\0\0" * 120, b"\xff\0\0" * 300}


def test_the_same_screen_is_the_same_picture_in_another_browser(environ: dict[str, str]) -> None:
    shots = [Shot("words", width=200, height=200), Shot("turning", width=200, height=200)]

    assert [each.png for each in paint(environ, *shots)] == [
        each.png for each in paint(environ, *reversed(shots))
    ][::-1]


def test_letters_icons_theme_size_and_direction_are_seen(environ: dict[str, str]) -> None:
    shots = [
        Shot("words", width=200, height=200),
        Shot("words", "dark", width=200, height=200),
        Shot("words", "contrast", width=200, height=200),
        Shot("words", width=200, height=200, text_scale=2),
        Shot("words", width=200, height=200, direction="rtl"),
    ]

    pictures = paint(environ, *shots)

    assert len({each.png for each in pictures}) == len(shots)
    assert all(each.remarks == () for each in pictures)
    icon = changed_areas(pixels(pictures[0]), pixels(pictures[4]))
    assert icon, "an icon that is not drawn would not move"


def test_what_is_wrong_with_a_screen_is_told_with_its_picture(environ: dict[str, str]) -> None:
    wide, picture, none = paint(
        environ, *(Shot(name, width=200, height=200) for name in ("wide", "picture", "no_picture"))
    )

    assert any("overflowed by 799 pixels on the right" in remark for remark in wide.remarks)
    assert picture.remarks == ()
    assert any("assets/none.png could not be loaded" in remark for remark in none.remarks)


def test_a_scenario_gives_values_and_answers(environ: dict[str, str]) -> None:
    """A picture of a screen that asks servers is the picture of what the mocks say."""
    asks = {
        "type": "dynamicView",
        "request": {"url": "https://api.example/items", "method": "get"},
        "template": {"type": "container", "color": "{{color}}"},
    }
    says = {"type": "container", "color": "{{ground}}"}
    answer = {"match": "GET https://api.example/items", "status": 200, "body": {"color": "#00FF00"}, "delayMs": 50}
    scenario = {"name": "green", "arguments": {"ground": "#0000FF"}, "mocks": [answer]}
    shots = [Shot("asks", width=120, height=120), Shot("says", width=120, height=120)]

    def middle(scenario: Mapping[str, Any]) -> list[bytes]:
        job = PaintJob({"asks": asks, "says": says}, {}, shots, environ, scenario)
        return [pixels(each).rows[60][180:183] for each in paint_screens(job)]

    assert middle(scenario) == [b"\0\xff\0", b"\0\0\xff"]
    assert middle({})[0] != b"\0\xff\0"


def test_a_screen_that_is_not_there_is_one_sentence(environ: dict[str, str]) -> None:
    with pytest.raises(ToolError, match='There is no screen "moon"'):
        paint(environ, Shot("moon"))


def test_without_a_browser_it_is_said_and_doctor_says_it_too(tmp_path: Path) -> None:
    environ = {"PATH": str(tmp_path), "HOME": str(tmp_path)}

    with pytest.raises(ToolError, match="none of them is installed here") as caught:
        list(paint_screens(PaintJob(SCREENS, {}, [Shot("red")], environ)))
    assert "CHROME_PATH" in (caught.value.hint or "")

    check = next(each for each in miniprogram_doctor_checks() if each.label == "Pictures of screens")
    assert check.run(CheckContext(tmp_path, tmp_path, environ)).status == "skipped"


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo no display >&2; exit 3", "ended at once: no display"),
        (LISTENS_NOT, "cannot be asked to draw"),
    ],
    ids=["ends", "does not listen"],
)
@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for the browser")
def test_a_browser_that_fails_is_one_sentence(tmp_path: Path, script: str, message: str) -> None:
    stand_in = tmp_path / "chromium"
    stand_in.write_text(f"#!/bin/sh\n{script}\n")
    stand_in.chmod(stand_in.stat().st_mode | stat.S_IXUSR)
    environ = {**os.environ, "CHROME_PATH": str(stand_in)}

    with pytest.raises(ToolError, match=message):
        list(paint_screens(PaintJob(SCREENS, {}, [Shot("red")], environ)))
