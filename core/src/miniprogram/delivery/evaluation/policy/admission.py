"""What is asked outside the policy: whether a signed link is for a release, whether a window admits a visitor."""

from __future__ import annotations

from miniprogram.delivery.evaluation.context.evaluation_context import EvaluationContext
from miniprogram.delivery.evaluation.context.links import InvalidLink
from miniprogram.delivery.evaluation.errors import SourceUnavailable
from miniprogram.delivery.evaluation.ledger import ledger_key
from miniprogram.delivery.evaluation.policy.model import CompiledRelease, CompiledTarget, CompiledWindow


def is_on(release: CompiledRelease, context: EvaluationContext) -> bool:
    """Whether the visitor says it has the release's version."""
    return context.current_version == release.version.text


def why_no_link(target: CompiledTarget, release: CompiledRelease, context: EvaluationContext) -> str | None:
    """None when the visitor came by a valid link to the release; the program is the link reader's to check."""
    token, read_link = context.link_token, context.read_link
    if token is None:
        return "no_link"
    if read_link is None:
        return "link_unknown_key"
    try:
        link = read_link(token)
    except InvalidLink as error:
        return f"link_{str(error).replace(' ', '_')}"
    is_for_it = link[1:4] == (target.host_app, target.environment, release.id)
    return None if is_for_it else "link_for_something_else"


def why_not_admitted(
    window: CompiledWindow, release: CompiledRelease, context: EvaluationContext, *, is_open: bool
) -> str | None:
    """None when the visitor is in the window, or gets in now: nobody new does unless `is_open`."""
    visitor, ledger = context.key, context.ledger
    if visitor is None:
        return "no_stickiness_key"
    if ledger is None:
        return "no_ledger"
    key = ledger_key(window.id, visitor)
    try:
        if is_open and context.admits:
            is_in = ledger.admit(window.id, key, window.max_users, context.now_ms)
        else:
            is_in = ledger.has_admitted(window.id, key)
            is_in = is_in or (is_open and ledger.count(window.id) < window.max_users)
    except SourceUnavailable:
        return None if is_on(release, context) else "ledger_unavailable"
    return None if is_in else "window_full" if is_open else "window_closed"
