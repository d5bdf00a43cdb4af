"""Host apps and their environments."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from miniprogram.identity.host_apps import AppList, add_app, list_apps, set_environment, update_app
from miniprogram.models import Flag, FrozenModel, Whole
from miniprogram.names import HostAppName
from miniprogram.person_text import PersonText
from miniprogram.releases.arguments import OptionalReason
from miniprogram.releases.commands.host_apps import remove_app
from miniprogram.targets import MOST_KEYS, AppEnvironment, HostApp, Platform, PublicKeyText, Stage
from miniprogram_server.admin.framework.changes import change_of
from miniprogram_server.admin.framework.operation import ANYBODY, Call, Operation


class NewApp(FrozenModel):
    """A host app. Production is always among its environments."""

    name: HostAppName
    title: PersonText = Field(default="", max_length=200)
    platforms: tuple[Platform, ...] = ()
    environments: tuple[Stage, ...] = ()


class AppChanges(FrozenModel):
    """What people call a host app, and what it runs on. Members left out stay as they are."""

    title: PersonText | None = Field(default=None, max_length=200)
    platforms: tuple[Platform, ...] | None = None


class EnvironmentRules(FrozenModel):
    """How releases go in an environment. Members left out stay as they are."""

    requires_review: Flag | None = None
    supports_pilot: Flag | None = None
    demands_pilot: Flag | None = None
    static_host: Flag | None = None
    extra_reviewers: Whole | None = Field(default=None, ge=0, le=5)
    """How many more people must approve a version that may do more than the one in force."""
    provenance_keys: tuple[PublicKeyText, ...] | None = Field(default=None, max_length=MOST_KEYS)
    """Whose word on what a version was built from counts; empty: no provenance is demanded."""
    promotion_keys: tuple[PublicKeyText, ...] | None = Field(default=None, max_length=MOST_KEYS)
    """Whose exports from other environments are taken over; empty: nobody's."""

    def changes(self) -> dict[str, Any]:
        """By field name, those that were said."""
        said = ((name, getattr(self, name)) for name in type(self).model_fields)
        return {name: value for name, value in said if value is not None}


def _list(call: Call) -> BaseModel:
    return list_apps(call.context.storage)


def _add(call: Call) -> BaseModel:
    app: NewApp = call.body
    return add_app(call.context, app.name, title=app.title, platforms=app.platforms, stages=app.environments)


def _update(call: Call) -> BaseModel:
    changes: AppChanges = call.body
    name = call.names["hostApp"]
    return update_app(call.context, name, title=changes.title, platforms=changes.platforms)


def _remove(call: Call) -> BaseModel:
    return remove_app(call.context, call.names["hostApp"], reason=call.body.reason)


def _set(call: Call) -> BaseModel:
    target = call.target
    return set_environment(call.context, target.host_app, target.environment, call.body.changes())


APPS: tuple[Operation, ...] = (
    Operation("GET", "/apps", "AppList", "Apps", "Host apps and their environments", ANYBODY, _list, AppList),
    Operation(
        "POST",
        "/apps",
        "AppAdd",
        "Apps",
        "Add a host app",
        "admin",
        _add,
        change_of(HostApp),
        body=NewApp,
        status=201,
    ),
    Operation(
        "PUT",
        "/apps/{hostApp}",
        "AppUpdate",
        "Apps",
        "Change what people call a host app, or what it runs on",
        "admin",
        _update,
        change_of(HostApp),
        body=AppChanges,
        guarded=True,
    ),
    Operation(
        "POST",
        "/apps/{hostApp}/remove",
        "AppRemove",
        "Apps",
        "Remove a host app to which nothing is released",
        "admin",
        _remove,
        change_of(HostApp),
        body=OptionalReason,
        guarded=True,
    ),
    Operation(
        "PUT",
        "/apps/{hostApp}/environments/{environment}",
        "AppEnvironmentSet",
        "Apps",
        "Add an environment to a host app, or change its rules",
        "admin",
        _set,
        change_of(AppEnvironment),
        body=EnvironmentRules,
        guarded=True,
    ),
)
