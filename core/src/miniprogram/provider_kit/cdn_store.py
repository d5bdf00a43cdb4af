"""A store before whose delivery there is a CDN: what is withdrawn or protected does not live on at its edges.

    store = CdnStore(AcmeStore(settings), AcmeCdn(settings), settings.address().keys)

Without it an edge goes on for as long as its cache policy allows. So a CDN that cannot be told is logged, and the
change itself is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, Unpack
from urllib.parse import quote

from miniprogram.delivery.documents import kinds
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.errors import MiniProgramError
from miniprogram.logs import get_log
from miniprogram.seams.cdn import Cdn
from miniprogram.seams.object_store import (
    ConditionCheckingStore,
    ObjectInfo,
    ObjectStore,
    PutOptions,
    StoredObject,
    read_again,
)

CLOSING = {
    kind.name
    for kind in (
        kinds.ACCESS_KEYS, kinds.CAPABILITY_POLICY, kinds.LINK_KEYS, kinds.RELEASE_DOCUMENT, kinds.ROLLOUT_RULES,
        kinds.WITHDRAWN,
    )
}  # fmt: skip
"""Documents that may close what was open, when they are written or deleted."""
CLOSING_WHEN_DELETED = {*CLOSING, kinds.CATALOG_POINTER.name}
_ROUTES = ("manifests", "screens", "assets", "packages")

log = get_log(__name__)


def answered_paths(keys: Keys, changed: Iterable[str]) -> list[str]:
    """Paths of our delivery whose answers come from the objects `changed`, a `*` for whatever follows.

    All of the mini-programs they belong to, and lists: `/api/screens/shop/*`, `/api/discovery/*`. Below the base
    address of hosts; none for objects that belong to no mini-program.
    """
    found = (keys.identify(key) for key in changed)
    programs = sorted({each.fields["program"] for each in found if each is not None and "program" in each.fields})
    paths = [f"/api/{route}/{quote(program)}/*" for program in programs for route in _ROUTES]
    return [*paths, "/api/discovery/*"] if paths else []


class CdnStore:
    """An ObjectStore over `store`: `cdn` is told of changes that may close something. `keys` says what is what."""

    def __init__(self, store: ObjectStore, cdn: Cdn, keys: Keys) -> None:
        self._store, self._cdn, self._keys = store, cdn, keys

    @property
    def location(self) -> str:
        return self._store.location

    @property
    def parallel_writes(self) -> int:
        return self._store.parallel_writes

    def get(self, key: str) -> StoredObject | None:
        return self._store.get(key)

    def get_if_changed(self, key: str, etag: str) -> StoredObject | Literal["unchanged"] | None:
        return read_again(self._store, key, etag)

    def put(self, key: str, body: bytes, **options: Unpack[PutOptions]) -> str:
        etag = self._store.put(key, body, **options)
        self._changed(key, CLOSING)
        return etag

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        return self._store.list(prefix)

    def list_names(self, folder: str, *, after: str = "") -> Iterator[str]:
        return self._store.list_names(folder, after=after)

    def delete(self, key: str, *, if_match: str | None = None) -> None:
        self._store.delete(key, if_match=if_match)
        self._changed(key, CLOSING_WHEN_DELETED)

    def require_conditions(self) -> None:
        """Has the store find out, where it has to. Raises StoreError when writes would be refused for it."""
        if isinstance(self._store, ConditionCheckingStore):
            self._store.require_conditions()

    def _changed(self, key: str, closing: set[str]) -> None:
        found = self._keys.identify(key)
        if found is None or found.kind.name not in closing:
            return
        try:
            self._cdn.invalidate([key])
        except Exception as error:  # noqa: BLE001 - the change is done, whatever a plugin does here
            # only our own errors are known to be without secrets
            reason = str(error) if isinstance(error, MiniProgramError) else type(error).__name__
            program_id = found.fields["program"]
            log.warning("edges_not_dropped", program_id=program_id, reason=reason, gone_within_s=self._cdn.keeps_s)
