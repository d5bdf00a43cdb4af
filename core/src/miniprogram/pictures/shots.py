"""Which pictures are taken of a version, and of what."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from miniprogram.errors import MiniProgramError, UsageError
from miniprogram.packages.bundle import Bundle
from miniprogram.plugins.installed.first_party import WEB, how_to_install
from miniprogram.plugins.specs import ScreenPainterSpec
from miniprogram.seams.screen_painter import PaintJob, Picture, Shot, Theme
from miniprogram.suggestions import did_you_mean

PHONE = (390, 844)
"""Logical pixels of a usual phone."""
NARROWEST, WIDEST = 120, 4096


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. Without `screens` that is the entry; `all_screens` says every one."""

    screens: tuple[str, ...] = ()
    all_screens: bool = False
    themes: tuple[Theme, ...] = ("light",)
    widths: tuple[int, ...] = (PHONE[0],)
    height: int = PHONE[1]
    scale: int = 1
    text_scale: float = 1.0


def shots_of(bundle: Bundle, wanted: Wanted) -> list[Shot]:
    """The pictures to be taken of `bundle`: by screen, then theme, then width.

    Raises UsageError for a screen that there is not, or a size nobody can look at.
    """
    known = [_screen_id(file.path) for file in bundle.screens]
    for name in wanted.screens:
        if name not in known:
            raise UsageError(f"{bundle.program_id} has no screen {name!r}", hint=did_you_mean(name, known))
    for size in (*wanted.widths, wanted.height):
        if not NARROWEST <= size <= WIDEST:
            raise UsageError(f"a picture is {NARROWEST} to {WIDEST} pixels wide and high, not {size}")
    chosen = known if wanted.all_screens else [*dict.fromkeys(wanted.screens)] or [bundle.manifest.entry]
    return [
        Shot(name, theme, width, wanted.height, wanted.scale, wanted.text_scale)
        for name in chosen
        for theme in dict.fromkeys(wanted.themes)
        for width in dict.fromkeys(wanted.widths)
    ]


def take_pictures(
    painters: Sequence[ScreenPainterSpec],
    bundle: Bundle,
    shots: Sequence[Shot],
    environ: Mapping[str, str],
    scenario: Mapping[str, Any] | None = None,
) -> Iterator[Picture]:
    """The pictures of `shots`, in their order, drawn by the first of `painters`, in a scenario of preview.toml.

    Raises MiniProgramError when there is no painter, or it cannot draw.
    """
    if not painters:
        raise MiniProgramError("no plugin that draws screens is installed", hint=how_to_install(WEB))
    screens = {_screen_id(file.path): json.loads(file.body) for file in bundle.screens}
    assets = {file.path: file.body for file in bundle.assets}
    if shots:
        yield from painters[0].paint(PaintJob(screens, assets, shots, environ, scenario or {}))


def file_name(shot: Shot) -> str:
    """A name for the file of a picture, of its own among those of one run."""
    return f"{shot.screen_id}-{shot.theme}-{shot.width}.png"


def _screen_id(path: str) -> str:
    return path.removeprefix("screens/").removesuffix(".json")
