"""Tokens: whose, until when, last used when; made, shown once, and revoked."""

from __future__ import annotations

from miniprogram.identity.members import list_members
from miniprogram.identity.roles import ADMIN
from miniprogram.identity.tokens import DEFAULT_DAYS, MAX_DAYS, create_token, list_tokens, revoke_token
from miniprogram.refusals import NotFound, Unacceptable
from miniprogram.releases.queries.visible import visible
from miniprogram_server.console.forms.grant_fields import ROLE_OPTIONS, STAGE_OPTIONS, app_options, grant_in
from miniprogram_server.console.lists.list_page import Filter, ListSpec, asked_of, holds
from miniprogram_server.console.page_request import BASE, Page, PageRequest, Redirect

TOKENS = f"{BASE}/tokens"
STATES = (("active", "active"), ("expired", "expired"), ("revoked", "revoked"))


def show_tokens(request: PageRequest) -> Page:
    context = request.context
    listed = visible(context.actor, list_tokens(context.storage, now=context.now))
    spec = ListSpec("Id, name or label", (Filter("state", "State", STATES),))
    asked = asked_of(spec, TOKENS, request.query)
    found = [
        each
        for each in listed.tokens
        if asked.asked("state") in ("", each.state) and holds(asked.search, each.id, each.member, each.description)
    ]
    asked = asked.of(len(found))
    revoking = request.names.get("tokenId", "")
    if revoking and revoking not in {each.id for each in listed.tokens}:
        raise NotFound("there is no such token")
    is_admin = context.actor.has(ADMIN, None)
    people = [each.name for each in list_members(context.storage).members] if is_admin else []
    members = {
        "section": "People",
        "list": asked,
        "tokens": asked.cut(found),
        "revision": listed.revision,
        "me": context.actor.name,
        "is_admin": is_admin,
        "people": people,
        "revoking": revoking,
        "roles": (("", "all they have"), *ROLE_OPTIONS),
        "stages": STAGE_OPTIONS,
        "apps": app_options(request.context),
        "most_days": MAX_DAYS,
        "usual_days": DEFAULT_DAYS,
    }
    return Page("tokens.html", members)


def make_token(request: PageRequest) -> Page:
    """Make a token and show it: in this answer and never again. Sent a second time, the form is refused."""
    form, actor = request.form, request.context.actor
    made = create_token(
        request.guarded_context(),
        form.one("member") or actor.name,
        grants=[grant_in(form)] if form.one("role") else (),
        days=_days(form.one("days")),
        description=form.one("description"),
    )
    return Page("token_made.html", {"section": "People", "made": made, "description": form.one("description")})


def end_token(request: PageRequest) -> Redirect:
    ended = revoke_token(
        request.guarded_context(), request.names["tokenId"], reason=request.form.one("reason") or None
    )
    request.session.tell("good", f"The token {ended.id} of {ended.member} opens nothing any more.")
    return Redirect(TOKENS)


def _days(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 5):
        raise Unacceptable("this is no whole number", member=("days",))
    return int(text)
