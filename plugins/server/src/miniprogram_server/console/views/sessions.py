"""Sessions: who is signed in, since when and from where; one ended, or all of somebody."""

from __future__ import annotations

from miniprogram.identity.access_log import list_access
from miniprogram.identity.roles import ADMIN
from miniprogram.identity.sessions import end_sessions
from miniprogram_server.admin.framework.sessions import SessionRegister
from miniprogram_server.console.lists.list_page import ListSpec, asked_of, holds
from miniprogram_server.console.page_request import BASE, Page, PageRequest, Redirect

SESSIONS = f"{BASE}/sessions"
SHOWN = 50
"""Entries of the access log on a page."""


def show_sessions(request: PageRequest, *, register: SessionRegister) -> Page:
    context = request.context
    listed = register.list(context).sessions
    asked = asked_of(ListSpec("Name, browser or address"), SESSIONS, request.query)
    found = [each for each in listed if holds(asked.search, each.member, each.browser, each.came)]
    asked = asked.of(len(found))
    members = {
        "section": "People",
        "list": asked,
        "sessions": asked.cut(found),
        "this": request.session.public_id,
        "me": context.actor.name,
        "is_admin": context.actor.has(ADMIN, None),
        "people": sorted({each.member for each in listed}),
    }
    return Page("sessions.html", members)


def end_session(request: PageRequest, *, register: SessionRegister) -> Redirect:
    ended = register.end(request.context, request.form.one("session"))
    request.session.tell("good", f"The session of {ended.member} with {ended.browser} has ended.")
    return Redirect(SESSIONS)


def end_all(request: PageRequest) -> Redirect:
    name = request.form.one("member") or request.context.actor.name
    end_sessions(request.context, name, reason=request.form.one("reason") or None)
    request.session.tell("good", f"Every session of {name} has ended, on every server.")
    return Redirect(SESSIONS)


def show_access(request: PageRequest) -> Page:
    """Who signed in, and who did not."""
    text = request.query.get("before", "")
    before = int(text[:12]) if text.isascii() and text.isdecimal() else None
    found = list_access(request.context, limit=SHOWN, before=before)
    return Page("access.html", {"section": "People", "access": found})
