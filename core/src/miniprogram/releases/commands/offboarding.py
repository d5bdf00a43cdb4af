"""Offboarding: roles, tokens and sessions of somebody go in one write, and what waited for them is told."""

from __future__ import annotations

from miniprogram.identity.changes import change_environment
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.environment_document import EnvironmentDocument, Member
from miniprogram.identity.members import without_member
from miniprogram.person_text import required_text
from miniprogram.refusals import Unacceptable
from miniprogram.releases.queries.leaving import Leaving, leaving

COMMAND = "member offboard"


def offboard(context: CommandContext, name: str, *, reason: str | None, revoke_made: bool = False) -> Leaving:
    """Remove a member with their roles and tokens; their sessions end with the next request, on every server.

    `revoke_made` also ends tokens that they made for others, whose text they may know. What waits for them stays
    as it is, and is told with those who can go on with it; so is it in the trail. Their account does not make
    them a member again.

    Raises Unacceptable without a reason, NotFound, Denied, and Refused for the last administrator.
    """
    if not (reason or "").strip():
        raise Unacceptable("say why they leave", member=("reason",))
    required_text("reason", reason or "")
    found = leaving(context, name)
    made = frozenset(each.id for each in found.tokens_they_made) if revoke_made else frozenset()

    def remove(document: EnvironmentDocument) -> tuple[EnvironmentDocument, Member]:
        changed, member = without_member(document, name, context.stamp)
        tokens = tuple(
            each.model_copy(update={"revoked_at": context.stamp})
            if each.id in made and each.revoked_at is None
            else each
            for each in changed.tokens
        )
        return changed.model_copy(update={"tokens": tokens}), member

    details = {
        "grants": list(found.grants),
        "tokens": [each.id for each in found.tokens] + sorted(made),
        "work": [f"{each.mini_program_id} {each.version} on {each.target}" for each in found.work],
    }
    report = change_environment(context, COMMAND, remove, subject=name, details=details, reason=reason)
    return found.model_copy(update={"done": True, "revision": report.revision})
