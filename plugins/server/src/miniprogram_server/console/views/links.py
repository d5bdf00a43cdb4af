"""Links to a release: made, listed, each on a page of its own with its QR code, and taken back."""

from __future__ import annotations

import io
import re
from base64 import b64encode

import segno

from miniprogram.refusals import Unacceptable
from miniprogram.releases.commands.links import (
    IssuedLink,
    find_link,
    issue_link,
    list_links,
    may_link,
    revoke_link,
)
from miniprogram.releases.queries.reports import ReleaseView
from miniprogram.releases.storage.release_documents import require_releases
from miniprogram_server.console.lists.list_page import ListSpec, asked_of, holds
from miniprogram_server.console.page_request import Page, PageRequest, Redirect
from miniprogram_server.console.views.documents import find
from miniprogram_server.console.views.release import LINKABLE

SPEC = ListSpec("Link or who made it")
_hours = re.compile(r"[0-9]{1,4}").fullmatch


def show_links(request: PageRequest) -> Page:
    """What opens the release without a list, and the form that makes another."""
    document = require_releases(request.context.storage, request.program_id)
    release = ReleaseView.of(find(request, document))
    links: tuple[IssuedLink, ...] = ()
    allowed = may_link(request.context.actor, request.program_id, request.target)
    if allowed and release.ending is None:
        links = list_links(request.context, request.program_id, release.version, request.target).links
    asked = asked_of(SPEC, f"{request.here}/links", request.query)
    found = [each for each in links if holds(asked.search, each.link_id, each.created_by)]
    asked = asked.of(len(found))
    members = {**_members(request, release), "list": asked, "links": asked.cut(found), "allowed": allowed}
    return Page("links.html", members)


def make_link(request: PageRequest) -> Redirect:
    """Sign a link, and show it."""
    hours = request.form.one("hours")
    if _hours(hours) is None:
        raise Unacceptable("say for how many hours", member=("hours",))
    version = request.names["version"]
    issued = issue_link(request.context, request.program_id, version, request.target, hours=float(hours))
    request.session.tell("good", "The link is made. Whoever has it gets this version, until it expires.")
    return Redirect(f"{request.here}/links/{issued.link_id}")


def show_link(request: PageRequest) -> Page:
    """One link as a QR code. It is the same link each time."""
    document = require_releases(request.context.storage, request.program_id)
    release = ReleaseView.of(find(request, document))
    link = find_link(request.context, request.program_id, release.version, request.target, request.names["link"])
    picture = io.BytesIO()
    segno.make_qr(link.url).save(picture, kind="svg", scale=6, border=1, xmldecl=False)
    image = "data:image/svg+xml;base64," + b64encode(picture.getvalue()).decode()
    return Page("link.html", {**_members(request, release), "link": link, "image": image})


def take_back(request: PageRequest) -> Redirect:
    """From now on the link opens nothing."""
    version, link_id = request.names["version"], request.names["link"]
    reason = request.form.one("reason") or None
    revoke_link(request.context, request.program_id, version, request.target, link_id, reason=reason)
    request.session.tell("good", "The link is taken back: it opens nothing any more.")
    return Redirect(f"{request.here}/links")


def _members(request: PageRequest, release: ReleaseView) -> dict[str, object]:
    return {
        "section": "Programs",
        "program_id": request.program_id,
        "here": request.here,
        "release": release,
        "linkable": release.state in LINKABLE,
    }
