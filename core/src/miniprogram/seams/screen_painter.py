"""Screens as pictures: what `screenshot` saves, and what the two sides of a comparison show.

A painter draws what it is asked to, always the same. Which screens, which themes, where pictures go and what has
changed between two of them is the core's business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

Theme = Literal["light", "dark", "contrast"]
THEMES: tuple[Theme, ...] = get_args(Theme)
Direction = Literal["ltr", "rtl"]


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture to be taken. Sizes are logical pixels."""

    screen_id: str
    theme: Theme = "light"
    """`contrast` is light, with more contrast."""
    width: int = 390
    height: int = 844
    scale: int = 1
    """Pixels of the picture for one logical pixel."""
    text_scale: float = 1.0
    direction: Direction = "ltr"


@dataclass(frozen=True, slots=True)
class PaintJob:
    """What a painter gets. `screens` is Stac JSON by screen id, `assets` are bytes by path, `assets/logo.png`."""

    screens: Mapping[str, dict[str, Any]]
    assets: Mapping[str, bytes]
    shots: Sequence[Shot]
    environ: Mapping[str, str]
    """Where tools are looked for."""
    scenario: Mapping[str, Any] = field(default_factory=dict)
    """What the screens find, as a preview tells its page of a scenario: `arguments` by name, `context`,
    `signedIn`, `locale`, `direction`, `mocks`. Without one no server answers."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was taken. `png` is 8 bits a channel, as wide and high as the shot times its scale."""

    shot: Shot
    png: bytes = field(repr=False)
    remarks: tuple[str, ...] = ()
    """Sentences about what is not in it as it should be: an overflow, a picture that could not be loaded."""
