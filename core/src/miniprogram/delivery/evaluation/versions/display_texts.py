"""How a mini-program is called where people choose one: the same words on a server and in a static folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

_word_breaks = re.compile(r"[_-]+").split


class DisplayTexts(NamedTuple):
    """Title and description, never blank."""

    title: str
    description: str


def display_texts(manifest: Mapping[str, Any], program_id: str) -> DisplayTexts:
    """What the manifest says, else what can be made of the id."""
    title = _text(manifest.get("title")) or title_of(program_id)
    return DisplayTexts(title, _text(manifest.get("description")) or f"Open the {title} mini-program.")


def title_of(program_id: str) -> str:
    """A display title from an id: `coupon_center` becomes `Coupon Center`."""
    words = (word for word in _word_breaks(program_id) if word)
    return " ".join(word[0].upper() + word[1:].lower() for word in words) or program_id


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
