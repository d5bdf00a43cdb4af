"""What a reviewer looks at before deciding: everything that changes, in full, and what was decided before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice

from miniprogram.releases.model.configuration import segments_in
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.model.release import Release
from miniprogram.releases.model.states import State
from miniprogram.releases.queries.offers import offers
from miniprogram.releases.queries.reports import ReleaseView
from miniprogram.releases.simulation.audience_count import count_audience
from miniprogram.releases.storage.finished import finished_attempts
from miniprogram.releases.storage.release_documents import require_releases
from miniprogram.releases.version_comparison import compare_versions, in_force, screen_lines
from miniprogram_server.console.frames.runtime_files import RuntimeFiles
from miniprogram_server.console.page_request import Page, PageRequest
from miniprogram_server.console.views.documents import find
from miniprogram_server.console.views.release import form_members, show_step
from miniprogram_server.console.views.screens import ScreenPair, look_of, pair_of, pairs

SCREENS_SHOWN, LINES_SHOWN = 12, 120
"""On the page of the review; each screen has a page of its own."""


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen that differs: its lines, and how many `more` there are on its own page."""

    pair: ScreenPair
    lines: tuple[tuple[str, str], ...]
    more: int

    @property
    def id(self) -> str:
        return self.pair.id

    @property
    def change(self) -> str:
        return self.pair.change


def show_review(request: PageRequest, runtime: RuntimeFiles) -> Page:
    """The version beside the one in force, with the forms that decide."""
    context, program_id = request.context, request.program_id
    document = require_releases(context.storage, program_id)
    release = ReleaseView.of(find(request, document))
    found = compare_versions(context.storage, document, release)
    audience = release.configuration.audience
    named = segments_in(audience)
    changed, same = pairs(found)
    members = {
        "section": "Reviews",
        **form_members(request, document, release),
        "offers": {each.verb: each for each in offers(context, document, release)},
        "found": found,
        "screens": [_screen(request, found.old_version, each) for each in changed[:SCREENS_SHOWN]],
        "differing": len(changed),
        "others": changed[SCREENS_SHOWN:],
        "same": same,
        "most": SCREENS_SHOWN,
        "look": look_of(request, f"{request.here}/review"),
        "runtime_missing": runtime.missing,
        "segments": [each for each in document.segments if each.name in named],
        "count": count_audience(context.storage, program_id, audience, request.recent.contexts(program_id)),
        "rounds": _rounds(request, document, release),
    }
    return Page("review.html", members)


def show_decision(request: PageRequest, runtime: RuntimeFiles) -> Page:
    """Where a decision that was refused is shown again: beside what it is about."""
    document = require_releases(request.context.storage, request.program_id)
    is_review = find(request, document).state is State.IN_REVIEW
    if is_review:
        return show_review(request, runtime)
    names = {**request.names, "verb": request.path.rpartition("/")[2]}
    return show_step(replace(request, names=names))


def show_screen(request: PageRequest, runtime: RuntimeFiles) -> Page:
    """One screen, whole."""
    document = require_releases(request.context.storage, request.program_id)
    release = ReleaseView.of(find(request, document))
    before = in_force(document, release)
    old_version = None if before is None else before.version
    screen = request.names["screen"]
    members = {
        "section": "Reviews",
        "program_id": request.program_id,
        "here": request.here,
        "release": release,
        "screen": screen,
        "shown": pair_of(request, old_version, release.version, screen),
        "look": look_of(request, request.path),
        "runtime_missing": runtime.missing,
        "old_version": old_version,
        "lines": screen_lines(request.context.storage, request.program_id, old_version, release.version, screen),
    }
    return Page("screen.html", members)


def _screen(request: PageRequest, old_version: str | None, pair: ScreenPair) -> Screen:
    version = request.names["version"]
    lines = screen_lines(request.context.storage, request.program_id, old_version, version, pair.id)
    return Screen(pair, tuple(islice(lines, LINES_SHOWN)), max(0, len(lines) - LINES_SHOWN))


def _rounds(request: PageRequest, document: ReleaseDocument, release: Release) -> list[Release]:
    """Earlier attempts of the version there that somebody applied for, the newest first."""
    attempts = finished_attempts(request.context.storage, document, release.version, release.target)
    return [each for each in reversed(attempts) if each.review is not None and each.id != release.id]
