"""The testers of a pilot: searched, taken off one or many at a time, written out."""

from __future__ import annotations

from collections.abc import Iterator

from miniprogram.releases.model.release import Release
from miniprogram.releases.queries.offers import offers
from miniprogram.releases.queries.reports import ReleaseView
from miniprogram.releases.storage.release_documents import require_releases
from miniprogram_server.console.lists.list_page import ListSpec, asked_of
from miniprogram_server.console.page_request import Page, PageRequest, Stream
from miniprogram_server.console.views.documents import find
from miniprogram_server.console.views.release import form_members

SPEC = ListSpec("Part of an id", size=100)
IDS_AT_ONCE = 1_000


def show_testers(request: PageRequest) -> Page:
    """Who is on the list: searched, a page at a time, with the forms that add and remove."""
    document = require_releases(request.context.storage, request.program_id)
    release = ReleaseView.of(find(request, document))
    asked = asked_of(SPEC, f"{request.here}/testers", request.query)
    found = _found(release, asked.search)
    asked = asked.of(len(found))
    exact = asked.search.lower()
    members = {
        "section": "Programs",
        **form_members(request, document, release),
        "offers": {each.verb: each for each in offers(request.context, document, release)},
        "list": asked,
        "testers": asked.cut(found),
        "is_tester": exact in release.testers if exact else None,
    }
    return Page("testers.html", members)


def export_testers(request: PageRequest) -> Stream:
    """The ids that are asked for, one a line: a file that the form for adding takes."""
    document = require_releases(request.context.storage, request.program_id)
    release = find(request, document)
    asked = asked_of(SPEC, request.path, request.query)
    name = f"{request.program_id}-{release.version}-testers.txt"
    return Stream(name, _lines(_found(release, asked.search)), "text/plain; charset=utf-8")


def _found(release: Release, search: str) -> list[str]:
    wanted = search.lower()
    return [each for each in release.testers if wanted in each]


def _lines(ids: list[str]) -> Iterator[bytes]:
    for start in range(0, len(ids), IDS_AT_ONCE):
        yield "".join(f"{each}\n" for each in ids[start : start + IDS_AT_ONCE]).encode()
