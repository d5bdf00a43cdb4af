"""Taking a host app away, once nothing is released to it."""

from __future__ import annotations

from collections.abc import Iterator

from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index.listing import ProgramQuery, list_page, releases_of
from miniprogram.identity.change_report import ChangeReport
from miniprogram.identity.changes import change_environment
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.environment_document import EnvironmentDocument
from miniprogram.identity.host_apps import existing_app
from miniprogram.identity.roles import EVERYWHERE
from miniprogram.refusals import Refused
from miniprogram.targets import HostApp

MOST_NAMED = 5


def remove_app(context: CommandContext, name: str, *, reason: str | None = None) -> ChangeReport:
    """Remove a host app, with the rules of its environments.

    Raises Refused while a release to it goes on or a member has a role for it alone: an app that is added later
    under the same name must find neither.
    """

    def remove(document: EnvironmentDocument) -> tuple[EnvironmentDocument, HostApp]:
        app = existing_app(document, name)
        holders = [each.name for each in document.members if any(grant.host_app == name for grant in each.grants)]
        if holders and name != EVERYWHERE:  # which in a role is every app, not the one that is called so
            raise Refused(
                "app_is_unused",
                f"there are roles for {name} alone, of {_some(holders)}",
                hint=f"Take them: `member revoke {holders[0]} --role ROLE --app {name}`, or `member remove`.",
            )
        programs = list(_programs_on(context.storage, name))
        if programs:
            raise Refused(
                "app_is_unused",
                f"there are releases to {name}, of {_some(programs)}",
                hint=f"See `release list {programs[0]}`. `release cancel` ends what goes on, "
                "`release rollback --to none` what is full.",
            )
        apps = tuple(each for each in document.apps if each.name != name)
        return document.model_copy(update={"apps": apps}), app

    return change_environment(context, "app remove", remove, subject=name, reason=reason)


def _programs_on(storage: EnvironmentStorage, name: str) -> Iterator[str]:
    """Mini-programs with a live release to the app, and those of which nobody can tell."""
    for row in list_page(storage, ProgramQuery()).rows:
        targets = [release.get("target") for release in releases_of(row)]
        if row.unreadable or any(isinstance(each, dict) and each.get("hostApp") == name for each in targets):
            yield row.id


def _some(names: list[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
