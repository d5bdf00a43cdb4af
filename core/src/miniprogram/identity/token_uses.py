"""When tokens were last shown: to the hour, so that a store is written to at most once an hour for each of them.

{"schemaVersion": 1, "uses": {"0a1b2c3d4e": "2030-01-02T03:00:00.000Z"}}
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Literal

from pydantic import Field

from miniprogram.clock import to_iso
from miniprogram.delivery.documents.kinds import TOKEN_USES
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.json_documents import change_model
from miniprogram.errors import MiniProgramError
from miniprogram.logs import get_log
from miniprogram.models import FrozenModel
from miniprogram.stores.backoff import Backoff
from miniprogram.strict_json import parse_json, parse_model

ATTEMPTS, PATIENCE_S = 3, 1.0
"""A use that cannot be noted by then is left out: whoever shows a token must not wait for it."""
MAX_USES = 5_000
"""The oldest go when there are more."""

log = get_log(__name__)


class Uses(FrozenModel):
    """The document: by id of the token, the hour in which it was shown last."""

    schema_version: Literal[1] = 1
    uses: dict[str, str] = Field(default_factory=dict)


class TokenUses:
    """Notes uses for one process of a server. Safe to use from many threads."""

    def __init__(self, storage: EnvironmentStorage) -> None:
        self._storage = storage
        self._noted: dict[str, str] = {}

    def note(self, token_id: str, now: datetime) -> None:
        """The token was shown. What stands against noting it is logged, never raised."""
        hour = to_iso(now.replace(minute=0, second=0, microsecond=0))
        if self._noted.get(token_id) == hour:
            return
        self._noted[token_id] = hour  # also where it fails: not again with the next request
        try:
            _write(self._storage, token_id, hour)
        except MiniProgramError as error:
            log.warning("token_use_not_recorded", token=token_id, error=str(error))


def read_uses(storage: EnvironmentStorage) -> Mapping[str, str]:
    """By id of the token, the hour in which it was shown last. Raises DocumentError for a broken document."""
    found = storage.store.get(storage.keys.key(TOKEN_USES))
    return {} if found is None else _parse(storage, found.body).uses


def _write(storage: EnvironmentStorage, token_id: str, hour: str) -> None:
    key = storage.keys.key(TOKEN_USES)

    def change(found: Uses) -> Uses:
        if found.uses.get(token_id, "") >= hour:
            return found
        newest = sorted({**found.uses, token_id: hour}.items(), key=lambda each: each[1])[-MAX_USES:]
        return Uses(uses=dict(newest))

    change_model(
        storage.store,
        TOKEN_USES,
        key,
        change,
        blank=Uses(),
        parse=partial(_parse, storage),
        backoff=Backoff(key, attempts=ATTEMPTS, patience_s=PATIENCE_S),
    )


def _parse(storage: EnvironmentStorage, body: bytes) -> Uses:
    key = storage.keys.key(TOKEN_USES)
    return parse_model(Uses, parse_json(body, name=key), name=key)
