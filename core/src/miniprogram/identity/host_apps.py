"""Host apps and the rules of their environments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.change_report import ChangeReport
from miniprogram.identity.changes import change_environment
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.environment_document import EnvironmentDocument, read_environment
from miniprogram.models import FrozenModel
from miniprogram.refusals import NotFound, Refused, Unacceptable, unacceptable
from miniprogram.targets import AppEnvironment, HostApp, Stage, default_environment


class AppList(FrozenModel):
    """The host apps of an environment, by name."""

    schema_version: int = 1
    command: str = "app list"
    environment_name: str
    revision: int
    apps: tuple[HostApp, ...]


def add_app(
    context: CommandContext,
    name: str,
    *,
    title: str = "",
    platforms: Iterable[str] = (),
    stages: Iterable[Stage] = (),
) -> ChangeReport:
    """Add a host app with production and `stages`. Raises Refused when it is there already."""
    environments = [
        default_environment(stage) for stage in sorted({*stages, Stage.PRODUCTION}, key=list(Stage).index)
    ]
    app = _checked({"name": name, "title": title, "platforms": tuple(platforms), "environments": environments})

    def add(document: EnvironmentDocument) -> tuple[EnvironmentDocument, HostApp]:
        if document.app(name) is not None:
            raise Refused("app_is_new", f"there is a host app {name!r} already")
        return _with(document, app), app

    return change_environment(context, "app add", add, subject=name)


def update_app(
    context: CommandContext, name: str, *, title: str | None = None, platforms: Iterable[str] | None = None
) -> ChangeReport:
    """Change what people call a host app, or what it runs on; the name that hosts send stays. None: as it was."""
    given = {"title": title, "platforms": None if platforms is None else list(platforms)}
    changes = {member: value for member, value in given.items() if value is not None}
    if not changes:
        raise Unacceptable("say what changes: the title or the platforms")

    def put(document: EnvironmentDocument) -> tuple[EnvironmentDocument, HostApp]:
        app = _checked({**existing_app(document, name).model_dump(), **changes})
        return _with(document, app), app

    return change_environment(context, "app update", put, subject=name, details=changes)


def set_environment(context: CommandContext, name: str, stage: Stage, changes: Mapping[str, Any]) -> ChangeReport:
    """Add the environment `stage` to an app, or change its rules: members of AppEnvironment by field name."""

    def put(document: EnvironmentDocument) -> tuple[EnvironmentDocument, AppEnvironment]:
        app = existing_app(document, name)
        before = app.environment(stage) or default_environment(stage)
        try:
            after = AppEnvironment.model_validate({**before.model_dump(), **changes})
        except ValidationError as error:
            raise unacceptable(error) from None
        return _with(document, app.with_environment(after)), after

    return change_environment(
        context, "app environment set", put, subject=f"{name}:{stage}", details=dict(changes)
    )


def list_apps(storage: EnvironmentStorage) -> AppList:
    """All host apps, sorted by name."""
    document = read_environment(storage)
    return AppList(environment_name=storage.environment, revision=document.revision, apps=document.apps)


def _checked(members: Mapping[str, Any]) -> HostApp:
    try:
        return HostApp.model_validate(members)
    except ValidationError as error:
        raise unacceptable(error) from None


def existing_app(document: EnvironmentDocument, name: str) -> HostApp:
    """The app. Raises NotFound naming those there are."""
    app = document.app(name)
    if app is None:
        known = ", ".join(each.name for each in document.apps) or "none"
        raise NotFound(f"there is no host app {name!r}; known: {known}", hint=f"Add it: `app add {name}`.")
    return app


def _with(document: EnvironmentDocument, app: HostApp) -> EnvironmentDocument:
    others = [each for each in document.apps if each.name != app.name]
    return document.model_copy(update={"apps": tuple(sorted([*others, app], key=lambda each: each.name))})
