"""People: who is a member, with which roles, given and taken away."""

from __future__ import annotations

from miniprogram.clock import to_iso
from miniprogram.identity.environment_document import Member
from miniprogram.identity.members import add_member, list_members, revoke_roles
from miniprogram.identity.roles import ADMIN, ROLE_WORDS, Role
from miniprogram.identity.tokens import list_tokens
from miniprogram.refusals import NotFound
from miniprogram.releases.commands.offboarding import offboard
from miniprogram.releases.queries.leaving import leaving
from miniprogram.releases.queries.visible import visible
from miniprogram_server.console.forms.grant_fields import (
    ROLE_OPTIONS,
    STAGE_OPTIONS,
    app_options,
    chosen_grants,
    grant_in,
)
from miniprogram_server.console.lists.list_page import Filter, ListSpec, asked_of, holds
from miniprogram_server.console.page_request import BASE, Page, PageRequest, Redirect

PEOPLE = f"{BASE}/people"


def show_people(request: PageRequest) -> Page:
    context = request.context
    listed = visible(context.actor, list_members(context.storage))
    roles = Filter("role", "Role", tuple((str(role), str(role)) for role in Role))
    asked = asked_of(ListSpec("Name or title", (roles,)), PEOPLE, request.query)
    found = [each for each in listed.members if _fits(each, asked.search, asked.asked("role"))]
    asked = asked.of(len(found))
    members = {
        **_shared(request),
        "list": asked,
        "people": asked.cut(found),
        "revision": listed.revision,
        "everybody": context.actor.sees_everything(),
    }
    return Page("people.html", members)


def _fits(member: Member, search: str, role: str) -> bool:
    has_role = not role or any(each.role == role for each in (*member.grants, *member.provided))
    return has_role and holds(search, member.name, member.title)


def add_person(request: PageRequest) -> Redirect:
    """Add a member with a role, or give one that is there another."""
    form, name = request.form, request.form.one("name")
    grant = grant_in(form)
    add_member(
        request.guarded_context(), name, [grant], title=form.one("title"), reason=form.one("reason") or None
    )
    request.session.tell("good", f"{name} has the role {grant} now.")
    return Redirect(person_url(name))


def show_person(request: PageRequest) -> Page:
    context, person = request.context, find_person(request)
    tokens = visible(context.actor, list_tokens(context.storage, now=context.now)).tokens
    members = {
        **_shared(request),
        "person": person,
        "here": person_url(person.name),
        "now": to_iso(context.now),
        "revision": list_members(context.storage).revision,
        "tokens": [each for each in tokens if each.member == person.name and each.state == "active"],
    }
    return Page("person.html", members)


def give_role(request: PageRequest) -> Redirect:
    name, grant = find_person(request).name, grant_in(request.form)
    add_member(request.guarded_context(), name, [grant], reason=request.form.one("reason") or None)
    request.session.tell("good", f"{name} has the role {grant} now.")
    return Redirect(person_url(name))


def take_roles(request: PageRequest) -> Redirect:
    person = find_person(request)
    taken = chosen_grants(request.form, person.grants)
    revoke_roles(request.guarded_context(), person.name, taken, reason=request.form.one("reason") or None)
    lost = ", ".join(map(str, taken))
    request.session.tell("good", f"{person.name} does not have {lost} any more, and neither have their tokens.")
    return Redirect(person_url(person.name))


def show_leaving(request: PageRequest) -> Page:
    """What it comes to that somebody leaves, before it is done."""
    found = leaving(request.context, request.names["member"])
    return Page("offboard.html", {**_shared(request), "leaving": found, "here": person_url(found.member)})


def see_off(request: PageRequest) -> Redirect:
    """Take away everything at once."""
    form, name = request.form, request.names["member"]
    done = offboard(
        request.guarded_context(), name, reason=form.one("reason"), revoke_made=form.one("revoke_made") == "yes"
    )
    left = [each for each in done.work if not each.falls_to]
    told = f" {len(left)} releases fall to nobody." if left else ""
    request.session.tell("good", f"{name} has no roles, tokens and sessions here any more.{told}")
    return Redirect(PEOPLE)


def find_person(request: PageRequest) -> Member:
    """The member in the path. Raises NotFound, also for one whom the reader may not see."""
    listed = visible(request.context.actor, list_members(request.context.storage))
    found = next((each for each in listed.members if each.name == request.names["member"]), None)
    if found is None:
        raise NotFound(f"there is nobody called {request.names['member']} here")
    return found


def person_url(name: str) -> str:
    return f"{PEOPLE}/{name}"


def _shared(request: PageRequest) -> dict[str, object]:
    return {
        "section": "People",
        "may_change": request.context.actor.has(ADMIN, None),
        "me": request.context.actor.name,
        "roles": ROLE_OPTIONS,
        "role_words": ROLE_WORDS,
        "stages": STAGE_OPTIONS,
        "apps": app_options(request.context),
    }
