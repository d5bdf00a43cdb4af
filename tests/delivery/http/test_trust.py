"""Trust metadata over HTTP: stored bytes, found under one name each, and kept by caches as long as they may."""

from __future__ import annotations

import pytest

from miniprogram.delivery.documents.kinds import SIGNED_VERSION, TRUST_METADATA, TRUST_TIMESTAMP
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.delivery.documents.profile import cloud_profile
from miniprogram.delivery.http.messages import Request
from miniprogram.delivery.http.service import DeliveryService
from miniprogram.stores.delivery_source import StoreSource
from miniprogram.stores.memory import MemoryObjectStore

KEYS = Keys("cloud")
DIGEST = "ab" * 32


def service(**options: bool) -> DeliveryService:
    store = MemoryObjectStore()
    store.put(KEYS.key(TRUST_TIMESTAMP), b'{"t":1}')
    store.put(KEYS.key(TRUST_METADATA, 2, "program-shop"), b'{"r":2}')
    store.put(KEYS.key(SIGNED_VERSION, "shop", DIGEST, "1.0.0"), b'{"f":3}')
    return DeliveryService(StoreSource(store), cloud_profile(**options))


def get(path: str, **options: bool) -> tuple[int, bytes, str]:
    answer = service(**options).handle(Request("GET", f"/api/trust/{path}"))
    return answer.status, answer.body, dict(answer.headers).get("cache-control", "")


@pytest.mark.parametrize(
    ("path", "body", "caching"),
    [
        ("timestamp.json", b'{"t":1}', "no-cache"),
        ("2.program-shop.json", b'{"r":2}', "public, max-age=31536000, immutable"),
        (f"targets/shop/{DIGEST}.1.0.0.json", b'{"f":3}', "public, max-age=31536000, immutable"),
    ],
    ids=["time stamp", "role", "list of a version"],
)
def test_stored_bytes_are_sent_as_they_are(path: str, body: bytes, caching: str) -> None:
    assert get(path) == (200, body, caching)


@pytest.mark.parametrize(
    "path",
    [
        "3.root.json",
        "timestamp",
        "root.json",
        "2.program-shop",
        ".json",
        "targets/shop/x.json",
        "targets/shop",
        "a/b",
    ],
)
def test_nothing_else_is_there(path: str) -> None:
    assert get(path)[0] == 404


@pytest.mark.parametrize("path", ["%2e%2e", "1.a%2fb.json", "targets/..%2fx/a.b.json"])
def test_a_name_that_leads_elsewhere_is_refused(path: str) -> None:
    assert get(path)[0] in {400, 404}


def test_the_list_of_a_protected_mini_program_needs_its_key() -> None:
    """Names and sizes of its files are for whoever may read it; what says that anything is signed is for all."""
    assert get(f"targets/shop/{DIGEST}.1.0.0.json", requires_access_keys=True)[0] in {401, 403}
    assert get("2.program-shop.json", requires_access_keys=True)[0] == 200
