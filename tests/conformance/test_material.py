"""Material controls take the room that Flutter gives them, and stand where Flutter has them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from conformance.viewer import HERE, Viewer, open_viewer

CASES: dict[str, Any] = json.loads((HERE / "material" / "controls.json").read_text("utf-8"))["cases"]
PIXELS = 1.5
"""The recorded boxes are whole pixels of a picture, their letters a little narrower than the shipped font's."""


@pytest.fixture(scope="module")
def viewer(chromium: Browser) -> Iterator[Viewer]:
    yield from open_viewer(chromium)


@pytest.mark.parametrize("name", CASES)
def test_controls_stand_where_flutter_has_them(name: str, viewer: Viewer) -> None:
    viewer.show(CASES[name]["tree"])

    wanted = CASES[name]["expected"]["boxes"]
    found = {path: viewer.box(path) for path in wanted}

    far = {
        path: (found[path], box)
        for path, box in wanted.items()
        if any(abs(a - b) > PIXELS for a, b in zip(found[path], box, strict=True))
    }
    assert far == {}
