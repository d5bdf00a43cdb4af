"""The journal: what there is to tell, in order, and how far each audit trail was read.

One document per environment, changed by conditional writes: a notice is put there in the same write that moves the
mark in its trail, so whoever is killed in between, and however many look at once, it stands there once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal

from pydantic import Field

from miniprogram.delivery.documents.kinds import NOTICE_JOURNAL
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.json_documents import change_model
from miniprogram.documents.stored_models import parse_stored, parse_whole
from miniprogram.models import FrozenModel
from miniprogram.notices.notice import Notice

MAX_NOTICES = 2_000
"""Notices that wait for a subscriber who takes none. The oldest go when there are more."""


class Mark(FrozenModel):
    """How far a mini-program was read: the revision of its releases, and the length of their trail."""

    revision: int
    length: int


class WindowEnd(FrozenModel):
    """The end of a time window that releases are in."""

    mini_program_id: str
    release: str
    version: str
    target: str
    ends_at: str
    is_told: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        return self.mini_program_id, self.release, self.ends_at


class Journal(FrozenModel):
    """`notices` ascend by number, without gaps."""

    schema_version: Literal[1] = 1
    next_number: int = 1
    marks: dict[str, Mark] = Field(default_factory=dict)
    windows: tuple[WindowEnd, ...] = ()
    tokens: dict[str, str] = Field(default_factory=dict)
    """Tokens whose end was told, and when it is."""
    notices: tuple[Notice, ...] = ()

    def with_notices(self, found: list[Notice]) -> Journal:
        """This journal with `found` at its end, numbered."""
        numbered = [each.model_copy(update={"number": self.next_number + at}) for at, each in enumerate(found)]
        merged = (*self.notices, *numbered)[-MAX_NOTICES:]
        return self.model_copy(update={"notices": merged, "next_number": self.next_number + len(found)})

    def without_taken(self, number: int) -> Journal:
        """This journal without what every subscriber has, up to `number`."""
        return self.model_copy(update={"notices": tuple(each for each in self.notices if each.number > number)})


def read_journal(storage: EnvironmentStorage) -> Journal | None:
    """The journal; None when nothing was ever looked for. Raises DocumentError for a broken one."""
    key = storage.keys.key(NOTICE_JOURNAL)
    found = storage.store.get(key)
    return None if found is None else parse_stored(Journal, found.body, name=key)[0]


def change_journal(storage: EnvironmentStorage, change: Callable[[Journal], Journal]) -> Journal:
    """Write what `change` makes of the journal, unless that is the same; returns it.

    `change` may run often. Raises DocumentError for a broken journal, Refused for one of a newer version.
    """
    key = storage.keys.key(NOTICE_JOURNAL)
    parse = partial(parse_whole, Journal, name=key)
    return change_model(storage.store, NOTICE_JOURNAL, key, change, blank=Journal(), parse=parse)
