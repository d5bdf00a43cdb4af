"""Forms as they were sent, kept for the page that shows them again: what was refused, and what waits for a yes.

A draft has an address of its own, `?draft=ID` on the page of its form, which can be reloaded. It ends with the
session, when its form is done, or when the same session has many others.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from miniprogram_server.serving.shared_state import SharedState

MOST_DRAFTS = 12
"""Of one session."""
MAX_SESSION_CHARACTERS = 8 * 1024 * 1024
MAX_CHARACTERS = 256 * 1024 * 1024
"""Of all sessions together."""
STILL_THERE = "What you typed is below. Look at it, then send it."
UNKEPT = frozenset({"csrf", "revision", "seen", "seen_digest", "draft", "confirmed"})
"""Fields that a page says anew each time."""

TABLES = (
    "CREATE TABLE IF NOT EXISTS drafts (id TEXT PRIMARY KEY, digest TEXT NOT NULL, action TEXT NOT NULL,"
    " body TEXT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS drafts_of_session ON drafts (digest)",
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a form was refused. `field` is the name of the field to change, where it is one."""

    message: str
    hint: str = ""
    field: str = ""
    kind: str = "bad"
    """How it is shown: bad, warn, or blank for a form that only waits to be confirmed."""
    changes: tuple[Mapping[str, str], ...] = ()
    """What others did meanwhile, as event members, the newest first."""
    is_conflict: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A form of the page at `action`, which is where it was sent to."""

    id: str
    action: str
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    problem: Problem = field(default_factory=lambda: Problem(""))


def keep_draft(
    state: SharedState, digest: str, action: str, fields: Mapping[str, tuple[str, ...]], problem: Problem
) -> str:
    """Keep a form for the session with that digest. Returns the id of the draft."""
    stored = {name: values for name, values in fields.items() if name not in UNKEPT}
    body = json.dumps({"fields": stored, "problem": asdict(problem)})
    draft_id = secrets.token_urlsafe(9)
    with state.transaction() as connection:
        connection.execute("INSERT INTO drafts VALUES (?, ?, ?, ?)", (draft_id, digest, action, body))
        for condition, values, most in (
            ("WHERE digest = ?", (digest,), MAX_SESSION_CHARACTERS),
            ("", (), MAX_CHARACTERS),
        ):
            # the oldest go until the rest fits; the newest stays whatever its size
            connection.execute(
                "DELETE FROM drafts WHERE id != ? AND id IN (SELECT id FROM ("  # noqa: S608
                " SELECT id, SUM(LENGTH(body)) OVER (ORDER BY rowid DESC) AS so_far"
                f" FROM drafts {condition}) WHERE so_far > ?)",
                (draft_id, *values, most),
            )
        connection.execute(
            "DELETE FROM drafts WHERE digest = ? AND id NOT IN"
            " (SELECT id FROM drafts WHERE digest = ? ORDER BY rowid DESC LIMIT ?)",
            (digest, digest, MOST_DRAFTS),
        )
    return draft_id


def find_draft(state: SharedState, digest: str, draft_id: str) -> Draft | None:
    """The draft, if it is of the session with that digest and was not dropped."""
    with state.transaction() as connection:
        row = connection.execute(
            "SELECT action, body FROM drafts WHERE id = ? AND digest = ?", (draft_id, digest)
        ).fetchone()
    if row is None:
        return None
    body = json.loads(row[1])
    fields = {name: tuple(values) for name, values in body["fields"].items()}
    told = body["problem"]
    return Draft(draft_id, row[0], fields, Problem(**{**told, "changes": tuple(told["changes"])}))


def drop_draft(state: SharedState, digest: str, draft_id: str) -> None:
    """Forget a draft: its form is done."""
    with state.transaction() as connection:
        connection.execute("DELETE FROM drafts WHERE id = ? AND digest = ?", (draft_id, digest))
