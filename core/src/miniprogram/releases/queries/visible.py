"""A report as far as somebody may read it: rows about places where they have no role are left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel

from miniprogram.identity.host_apps import AppList
from miniprogram.identity.members import MemberList
from miniprogram.identity.roles import EVERYWHERE, Actor
from miniprogram.identity.tokens import TokenList
from miniprogram.releases.queries.listing import FinishedReleases
from miniprogram.releases.queries.overrides import OverrideList
from miniprogram.releases.queries.readable import readable_releases
from miniprogram.releases.queries.reports import ReleaseList

Members = dict[str, object]
Report = TypeVar("Report", bound=BaseModel)


def visible(actor: Actor, report: Report) -> Report:
    """`report` without what `actor` has no role for.

    What comes in pages, or says in a sentence what it found, is cut where it is read: it takes a `reader`.
    """
    visible_members = _FILTERS.get(type(report))
    return report if visible_members is None else report.model_copy(update=visible_members(actor, report))


def _releases(actor: Actor, report: ReleaseList | FinishedReleases) -> Members:
    return {"releases": readable_releases(actor, report.mini_program_id, report.releases)}


def _overrides(actor: Actor, report: OverrideList) -> Members:
    program_id = report.mini_program_id
    return {"overrides": tuple(each for each in report.overrides if actor.sees(each.target, program_id))}


def _apps(actor: Actor, report: AppList) -> Members:
    apps = {grant.host_app for grant in actor.grants}
    return {"apps": tuple(each for each in report.apps if {each.name, EVERYWHERE} & apps)}


def _members(actor: Actor, report: MemberList) -> Members:
    everybody = actor.sees_everything()
    return {"members": tuple(each for each in report.members if everybody or each.name == actor.name)}


def _tokens(actor: Actor, report: TokenList) -> Members:
    everybody = actor.sees_everything()
    return {"tokens": tuple(each for each in report.tokens if everybody or each.member == actor.name)}


_FILTERS: dict[type[BaseModel], Callable[[Actor, Any], Members]] = {
    ReleaseList: _releases,
    FinishedReleases: _releases,
    OverrideList: _overrides,
    AppList: _apps,
    MemberList: _members,
    TokenList: _tokens,
}
