"""Warnings are told when they are new, not with every save."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from miniprogram.preview.finding_news import FindingNews
from miniprogram.project.build import BuildReport


def test_a_warning_that_stays_is_told_once_and_again_when_it_comes_back(
    root: Path, build: Callable[[], BuildReport]
) -> None:
    said: list[str] = []
    news = FindingNews(said.append)
    screen = root / "stac" / "screens" / "shop_home.json"

    def save(text: str) -> int:
        """How much is said of a save."""
        said.clear()
        screen.write_text(text)
        news.tell(build())
        return len(said)

    doubtful = json.dumps({"type": "text", "data": "Hello", "align": "center"})
    sound = json.dumps({"type": "text", "data": "Hello"})

    assert [save(doubtful), save(doubtful), save(f"\n\n{doubtful}")] == [1, 0, 0]
    assert [save(doubtful.replace("align", "colour")), save(sound), save(doubtful)] == [1, 0, 1]
    assert "legacy_name stac/screens/shop_home.json:1:" in said[0]
