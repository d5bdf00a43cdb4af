"""Narrowing lists to a host app and one of its environments."""

from __future__ import annotations

from collections.abc import Iterable

from miniprogram.identity.environment_document import read_environment
from miniprogram.targets import Stage, Target
from miniprogram_server.console.lists.list_page import Filter, ListPage
from miniprogram_server.console.page_request import PageRequest


def target_filters(request: PageRequest) -> tuple[Filter, Filter]:
    """By host app, of those whoever asks has a role for, and by environment."""
    return filters_of(known_targets(request))


def filters_of(targets: Iterable[Target]) -> tuple[Filter, Filter]:
    """By the host apps of `targets`, and by environment."""
    apps = sorted({each.host_app for each in targets})
    return (
        Filter("app", "Host app", tuple((each, each) for each in apps)),
        Filter("environment", "Environment", tuple((str(each), str(each)) for each in Stage)),
    )


def known_targets(request: PageRequest) -> list[Target]:
    """Everywhere releases can go, as far as whoever asks has a role there; of the program in the path, if any."""
    program_id = request.names.get("programId")
    apps = read_environment(request.context.storage).apps
    there = (Target(host_app=app.name, environment=each.name) for app in apps for each in app.environments)
    return [target for target in there if request.context.actor.sees(target, program_id)]


def is_there(page: ListPage, target: Target) -> bool:
    """Whether `target` is where the list is narrowed to."""
    return page.asked("app") in ("", target.host_app) and page.asked("environment") in ("", target.environment)
