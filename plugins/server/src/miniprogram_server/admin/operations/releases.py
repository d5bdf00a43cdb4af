"""Every release verb as an operation: POST to the release, or to its target."""

from __future__ import annotations

from functools import partial

from pydantic import BaseModel

from miniprogram.names import VersionName
from miniprogram.releases.arguments import VersionKind
from miniprogram.releases.execution import perform
from miniprogram.releases.queries.reports import TransitionReport
from miniprogram.releases.verbs import VERBS, Verb
from miniprogram_server.admin.framework.operation import Call, Operation

TARGET = "/programs/{programId}/targets/{hostApp}/{environment}"
RELEASE = TARGET + "/releases/{version}"


class NewRelease(VersionKind):
    """Which version goes to the target of the path."""

    version: VersionName


def _handle(verb: Verb, call: Call) -> BaseModel:
    body: BaseModel = call.body
    said = {name: getattr(body, name) for name in body.model_fields_set}
    version = said.pop("version", None) if verb.scope == "new" else call.names.get("version")
    return perform(call.context, call.program_id, verb.name, version, call.target, **said)


def operation_name(verb: Verb) -> str:
    """What the API calls it: ReleasePilotStart."""
    return "".join(part.capitalize() for part in verb.command.replace("-", " ").split())


def _operation(verb: Verb) -> Operation:
    """POST below what the verb is about.

    Without a revision go the first write, which cannot know one, and a brake, which names what it looked at.
    """
    is_new = verb.scope == "new"
    return Operation(
        method="POST",
        path=f"{RELEASE if verb.scope == 'release' else TARGET}/{verb.path}",
        name=operation_name(verb),
        group="Releases",
        summary=verb.summary.rstrip("."),
        permission=" or ".join(sorted(verb.roles)),
        handle=partial(_handle, verb),
        answer=TransitionReport,
        body=NewRelease if is_new else verb.arguments,
        status=201 if is_new else 200,
        guarded=not (is_new or verb.brake),
    )


TRANSITIONS: tuple[Operation, ...] = tuple(map(_operation, VERBS))
