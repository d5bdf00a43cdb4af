"""Revisions as entity tags: `"r7"` is revision 7 of a document."""

from __future__ import annotations

import re

from miniprogram_server.admin.framework.problems import Failure

_tag = re.compile(r'"r(0|[1-9][0-9]{0,17})"').fullmatch


def tag_of(revision: int) -> str:
    """The entity tag of a revision."""
    return f'"r{revision}"'


def expected_revision(if_match: str | None, *, required: bool) -> int | None:
    """The revision a write is meant for; None for any (`*`).

    Raises Failure: 428 when it must be said and is not, 400 when it is no tag of ours, 412 for a weak tag: those
    never match.
    """
    if if_match is None:
        if not required:
            return None
        message = "this changes something, so If-Match must say which revision is meant"
        raise Failure(428, "precondition_required", message, hint="Send the ETag of what you looked at, or *.")
    text = if_match.strip()
    if text == "*":
        return None
    if text.startswith("W/"):
        raise Failure(412, "revision_conflict", "a weak tag matches nothing")
    found = _tag(text)
    if found is None:
        raise Failure(400, "invalid_request", 'If-Match must be one entity tag such as "r7", or *')
    return int(found[1])
