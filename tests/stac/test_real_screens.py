"""The checker against published screens: what it says about each, and that all of it is true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from miniprogram.stac.checker import check_screen

_PLATFORM = "platform__backend__api__screens"

_EXPECTED: dict[str, dict[str, int]] = {
    "feedback_form__1.0.0__feedback_form_home": {},
    "feedback_form__1.1.0__feedback_form_home": {},
    "profile_center__1.0.0__profile_center_home": {},
    "profile_center__1.1.0__profile_center_home": {},
    # Text spans were called `data` in the old dialect and are `text` today.
    "onboarding_screen": {"warning old_spelling": 1},
    "align_example": {},
    "app_bar_example": {},
    "aspect_ratio_example": {},
    "auto_complete_example": {},
    # `borderRadius: {all: n}` never had an effect.
    "backdrop_filter_example": {"warning silently_zero": 6},
    "bottom_sheet_example": {},
    "center_example": {},
    # `align` on a text was never read.
    "chip_example": {"warning legacy_name": 6},
    "clip_oval_example": {},
    "dialog_example": {"warning legacy_name": 3},
    "dynamic_view_example": {},
    # Color scheme entries that no version reads.
    "example_light_theme": {"warning unknown_property": 5},
    "filled_button_example": {},
    "grid_view_example": {"warning silently_zero": 10},
    "icon_button_example": {},
    "icon_example": {},
    # Pictures that the gallery app itself bundles.
    "image_example": {"warning missing_asset": 3},
    "list_tile_example": {},
    # The action was renamed to networkRequest; on today's hosts, pulling does nothing.
    "refresh_indicator_example": {"error unknown_action": 1},
    "sized_box_example": {},
    "slider_example": {},
    "stack_example": {"warning legacy_name": 3, "warning old_spelling": 1},
    "tab_bar_example": {},
}


@pytest.mark.parametrize("name", _EXPECTED)
def test_says_what_is_true_and_nothing_else(name: str, real_screens: Callable[[str], Any]) -> None:
    capabilities = ["analytics", "native_navigation", "secure_api"]

    found = check_screen(real_screens(name), screens=[], assets=["images/image.png"], capabilities=capabilities)

    assert Counter(f"{one.severity} {one.code}" for one in found) == _EXPECTED[name]


def test_every_published_screen_has_an_expectation(real_screens: Callable[[str], Any]) -> None:
    from pathlib import Path

    files = [path.stem for path in (Path(__file__).parent / "screens").glob("*__*.json")]

    assert len(files) == len(_EXPECTED)
    assert all(any(file.endswith(f"__{name}") for name in _EXPECTED) for file in files)
