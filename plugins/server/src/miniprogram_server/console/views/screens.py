"""Screens of two versions side by side: which are shown, how, and the frames they are drawn in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from miniprogram.errors import MiniProgramError
from miniprogram.refusals import NotFound
from miniprogram.releases.model.release import Release
from miniprogram.releases.storage.release_documents import require_releases
from miniprogram.releases.stored_screens import has_screen, read_screen
from miniprogram.releases.version_comparison import VersionComparison, in_force
from miniprogram_server.console.frames.frame_document import said, screen_document
from miniprogram_server.console.frames.runtime_files import RuntimeFiles
from miniprogram_server.console.page_request import Frame, PageRequest
from miniprogram_server.console.plain_words import told
from miniprogram_server.console.views.documents import find

WIDTHS = {"360": 640, "390": 844, "820": 1100}
"""Logical pixels of a small phone, a usual one and a tablet: width -> height."""
THEMES = ("light", "dark")
Side = Literal["old", "new"]


@dataclass(frozen=True, slots=True)
class Look:
    """How screens are shown. `here` is the address of the page that shows them."""

    here: str
    width: str
    theme: str

    @property
    def height(self) -> int:
        return WIDTHS[self.width]

    widths = tuple(WIDTHS)
    themes = THEMES

    def address(self, *, width: str | None = None, theme: str | None = None) -> str:
        """The same page with another look."""
        return f"{self.here}?width={width or self.width}&theme={theme or self.theme}#screens"


@dataclass(frozen=True, slots=True)
class ScreenPair:
    """A screen in both versions; `change` is `changed`, `added`, `removed` or `same`."""

    id: str
    change: str

    @property
    def sides(self) -> tuple[Side, ...]:
        both: dict[str, tuple[Side, ...]] = {"added": ("new",), "removed": ("old",)}
        return both.get(self.change, ("old", "new"))


def look_of(request: PageRequest, here: str) -> Look:
    """What the address asks for; a look that there is not is the usual one."""
    width, theme = request.query.get("width", ""), request.query.get("theme", "")
    return Look(here, width if width in WIDTHS else "390", theme if theme in THEMES else "light")


def pairs(found: VersionComparison) -> tuple[Sequence[ScreenPair], Sequence[ScreenPair]]:
    """The screens that differ, and those that do not."""
    changed = [ScreenPair(each.screen, each.change) for each in found.files if each.screen]
    return changed, [ScreenPair(each, "same") for each in found.same_screens]


def pair_of(request: PageRequest, old_version: str | None, new_version: str, screen: str) -> ScreenPair:
    """One screen of a review. Raises NotFound when neither version has it."""
    storage, program_id = request.context.storage, request.program_id
    has = [
        bool(each) and has_screen(storage, program_id, str(each), screen) for each in (old_version, new_version)
    ]
    if not any(has):
        raise NotFound(f"neither version has a screen {screen}")
    return ScreenPair(screen, "same" if all(has) else "added" if has[1] else "removed")


def show_frame(request: PageRequest, runtime: RuntimeFiles) -> Frame:
    """The document of one frame. Why it cannot be shown is said inside it."""
    document = require_releases(request.context.storage, request.program_id)
    release = find(request, document)
    version, screen = (
        _version(request.names["side"], release, in_force(document, release)),
        request.names["screen"],
    )
    if version is None:
        return said("Nothing is in force there yet.")
    if runtime.missing is not None:
        return said(runtime.missing)
    try:
        stored = read_screen(request.context.storage, request.program_id, version, screen)
        is_dark = request.query.get("theme") == "dark"
        return screen_document(runtime, request.host, screen, stored, is_dark=is_dark)
    except NotFound:
        return said(f"{version} has no such screen.")
    except MiniProgramError as error:
        return said(told(str(error), None))


def _version(side: str, release: Release, before: Release | None) -> str | None:
    if side == "new":
        return release.version
    if side == "old":
        return None if before is None else before.version
    raise NotFound(f"there is no side {side!r}")
