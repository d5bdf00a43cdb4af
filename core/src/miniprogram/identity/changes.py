"""Changes to an environment's own document: one role check, one write, one event each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from miniprogram.documents.audited import Change
from miniprogram.identity.change_report import ChangeReport
from miniprogram.identity.command_context import CommandContext, require_role
from miniprogram.identity.environment_document import EnvironmentDocument, environment_documents
from miniprogram.identity.roles import ADMIN, Role
from miniprogram.identity.safeguards import require_administrator_left
from miniprogram.models import FrozenModel


def change_environment(
    context: CommandContext,
    command: str,
    change: Callable[[EnvironmentDocument], tuple[EnvironmentDocument, FrozenModel]],
    *,
    subject: str,
    roles: frozenset[Role] = ADMIN,
    details: dict[str, Any] | None = None,
    reason: str | None = None,
) -> ChangeReport:
    """Change the environment's document. `change` gives the new one and the thing it is about."""
    require_role(context, roles, command)
    return put_environment(context, command, change, subject=subject, details=details, reason=reason)


def put_environment(
    context: CommandContext,
    command: str,
    change: Callable[[EnvironmentDocument], tuple[EnvironmentDocument, FrozenModel]],
    *,
    subject: str,
    details: dict[str, Any] | None = None,
    reason: str | None = None,
) -> ChangeReport:
    """The same for an actor who may. Raises Refused when nobody would administer the environment any more."""
    about: list[FrozenModel] = []

    def write(document: EnvironmentDocument) -> Change[EnvironmentDocument]:
        changed, thing = change(document)
        require_administrator_left(document, changed, context.stamp)
        about.append(thing)
        return Change(changed, [context.event(command, subject=subject, details=details or {}, reason=reason)])

    documents = environment_documents(context.storage)
    written = documents.change(write, now=context.stamp, expected_revision=context.expected_revision)
    return change_report(context, command, written.revision, about[-1])


def change_report(
    context: CommandContext, command: str, revision: int, about: FrozenModel, *, program_id: str | None = None
) -> ChangeReport:
    """What the change made of the thing it is `about`; hashes of secrets stay out."""
    secret = {"sha256"} if "sha256" in type(about).model_fields else None
    return ChangeReport(
        command=command,
        environment_name=context.storage.environment,
        mini_program_id=program_id,
        revision=revision,
        subject=about.model_dump(mode="json", by_alias=True, exclude=secret),
    )
