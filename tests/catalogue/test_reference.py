from __future__ import annotations

from pathlib import Path

from miniprogram.catalogue.reference import PAGE, render


def test_the_map_in_the_reference_is_current() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / PAGE).read_text("utf-8")

    assert page == render(page), "run: make reference"
    assert "| `metadata/audit/<id>/<seq>.json` | audit event |" in page
