"""A server over an environment whose store fails, and one that starts while it does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from miniprogram.delivery.http.messages import Request
from miniprogram.environments.session import CloudSession
from miniprogram.errors import StoreError
from miniprogram.seams.object_store import StoredObject
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram_server.app import delivery_app, serve_environment
from testbed.environment_session import make_session, noon, publish

__all__ = ["make_session", "noon", "publish"]


class FailingStore(MemoryObjectStore):
    """A store that fails when told to."""

    is_down = False

    def get(self, key: str) -> StoredObject | None:
        if self.is_down:
            raise StoreError("the store gives no answer")
        return super().get(key)


def status(session: CloudSession, snapshot: Path | None) -> int:
    service = delivery_app(serve_environment(session, strictness="strict", snapshot=snapshot))._service
    return service.handle(Request("GET", "/api/manifests/shop/latest")).status


@pytest.mark.parametrize(("is_kept", "expected"), [(True, 200), (False, 503)], ids=["snapshot", "none"])
def test_a_server_that_starts_while_the_store_is_down_answers_from_its_snapshot(
    make_session: Callable[..., CloudSession],
    publish: Callable[..., None],
    tmp_path: Path,
    is_kept: bool,
    expected: int,
) -> None:
    snapshot = tmp_path / "snapshot" if is_kept else None
    store = FailingStore()
    session = make_session(store)
    publish(session, "shop", "1.0.0")
    assert status(session, snapshot) == 200

    store.is_down = True

    assert status(session, snapshot) == expected
