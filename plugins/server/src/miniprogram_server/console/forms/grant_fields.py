"""A role and where it holds, as a form asks for it."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import ValidationError

from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.host_apps import list_apps
from miniprogram.identity.roles import EVERYWHERE, ROLE_WORDS, Grant, Role
from miniprogram.refusals import Unacceptable, unacceptable
from miniprogram.releases.queries.visible import visible
from miniprogram.targets import Stage
from miniprogram_server.console.forms.form import Form

ROLE_OPTIONS = tuple((str(role), f"{role}: {words}") for role, words in ROLE_WORDS.items())
STAGE_OPTIONS = (("", "every environment"), *((str(stage), str(stage)) for stage in Stage))


def app_options(context: CommandContext) -> tuple[tuple[str, str], ...]:
    """The host apps a role can be for, of those whoever asks has a role for."""
    apps = visible(context.actor, list_apps(context.storage)).apps
    return (("", "every host app"), *((each.name, each.name) for each in apps))


def grant_in(form: Form) -> Grant:
    """The grant of the fields `role`, `host_app`, `environment` and `program`. Raises Unacceptable, naming one."""
    if form.one("role") not in set(Role):
        raise Unacceptable("choose a role", member=("role",))
    said = {
        "role": form.one("role"),
        "host_app": form.one("host_app") or EVERYWHERE,
        "environment": form.one("environment") or None,
        "program": form.one("program") or EVERYWHERE,
    }
    try:
        return Grant.model_validate(said)
    except ValidationError as error:
        raise unacceptable(error) from None


def chosen_grants(form: Form, held: Sequence[Grant]) -> tuple[Grant, ...]:
    """Those of `held` whose boxes, called `grant`, are ticked. Raises Unacceptable for none and for others."""
    by_text = {str(each): each for each in held}
    ticked = form.many("grant")
    if not ticked:
        raise Unacceptable("tick at least one role", member=("grant",))
    strange = next((text for text in ticked if text not in by_text), None)
    if strange is not None:
        raise Unacceptable(f"the role {strange} is not held any more", member=("grant",))
    return tuple(by_text[text] for text in ticked)
