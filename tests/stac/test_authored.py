"""Published screens written again with the constructors: the same bytes come out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from miniprogram.stac.screens import make, marked
from miniprogram.stac.serialize import to_screen_json

_SCREENS = Path(__file__).parent / "screens"


@pytest.mark.parametrize("version", ["1.0.0", "1.1.0"])
@pytest.mark.parametrize("program", ["feedback_form", "profile_center"])
def test_same_bytes_as_published(
    program: str, version: str, authored: Callable[[str], ModuleType], real_screens: Callable[[str], Any]
) -> None:
    (source,) = (one for one in marked(authored(program)) if one.name == version)

    node = make(source)

    name = f"{program}__{version}__{program}_home"
    assert node == real_screens(name)
    assert to_screen_json(node) == (_SCREENS / f"platform__backend__api__screens__{name}.json").read_bytes()
