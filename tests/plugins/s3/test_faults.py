"""A network and an AWS that fail in the middle: a publish completes, or says why not and can go on."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from miniprogram.errors import PreconditionFailed, StoreError
from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.stores.backoff import Backoff
from miniprogram.testing import sample_release
from miniprogram_s3 import obstore_client
from miniprogram_s3.conditional_writes import ConditionalWrites
from miniprogram_s3.s3_store import S3ObjectStore
from miniprogram_s3.uploads import FastUploader, SlowUploader, Upload

THROTTLED = {"error": {"code": "SlowDown", "status": 503}}
FAILING = {"error": {"code": "InternalError", "status": 500}}
EXPIRED = {"error": {"code": "ExpiredToken", "status": 400}}
CUT = {"request": {"cut_upload": {"after_frac": 0.5}}}
RESET = {"reset": True}
CONFLICT = {"error": {"code": "ConditionalRequestConflict", "status": 409}}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses between tries as short as can be: here nobody gets better by waiting."""
    from botocore.retries.standard import ExponentialBackoff

    monkeypatch.setattr(ExponentialBackoff, "delay_amount", lambda self, context: 0.01)
    monkeypatch.setattr(obstore_client, "FIRST_PAUSE_S", 0.01)


@pytest.fixture
def stores(account: Any, faults: Any) -> Callable[[], S3ObjectStore]:
    """Opens the store of a fresh bucket through the fault proxy. Every one has probed already."""
    account.make_bucket()
    clients = account.clients(endpoint_url=faults.url)

    def opened() -> S3ObjectStore:
        store = S3ObjectStore.of(account.settings(), clients)
        store.delete("metadata/nothing")
        return store

    return opened


@pytest.mark.parametrize(
    "fault", [THROTTLED, FAILING, CUT, RESET], ids=["throttled", "failing", "upload cut", "connection reset"]
)
def test_what_fails_now_and_then_is_tried_again(stores: Any, faults: Any, fault: dict[str, Any]) -> None:
    store = stores()
    faults.inject({"operation": "PutObject", "sequence": {"fail": 1, "pass": 1}, "times": 6, **fault})

    _publish(store, "1.0.0")

    faults.inject()
    assert _served(stores()) == "1.0.0"


@pytest.mark.parametrize("fault", [{"response": {"abort_frac": 0.3}}, RESET], ids=["cut", "reset"])
def test_a_download_that_is_cut_is_tried_again(stores: Any, faults: Any, fault: dict[str, Any]) -> None:
    store = stores()
    store.put("a", b"x" * 100_000)
    faults.inject({"operation": "GetObject", "times": 2, **fault})

    found = store.get("a")

    assert found is not None
    assert found.body == b"x" * 100_000
    assert len(faults.fired) == 2


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (THROTTLED, "S3 asks to slow down"),
        (FAILING, "S3 failed, even after several tries"),
        (EXPIRED, "the S3 sign-in has expired"),
        (RESET, "S3 cannot be reached"),
    ],
    ids=["throttled", "failing", "expired", "reset"],
)
@pytest.mark.parametrize("writes", [0, 1, 4, 5], ids=["claim", "files", "record", "pointer"])
def test_a_publish_that_fails_leaves_the_release_before_it_and_goes_on(
    stores: Any, faults: Any, fault: dict[str, Any], said: str, writes: int
) -> None:
    store = stores()
    _publish(store, "1.0.0")
    passed = {"operation": "PutObject", "latency": 1, "times": writes}
    faults.inject(*([passed] if writes else []), {"operation": "PutObject", **fault})

    with pytest.raises(StoreError, match=said) as failed:
        _publish(store, "2.0.0")

    assert "\n" not in str(failed.value)
    assert len(faults.fired) > writes
    faults.inject()
    assert _served(stores()) == "1.0.0"
    assert _whole(stores(), "1.0.0")
    _publish(stores(), "2.0.0")
    assert _served(stores()) == "2.0.0"
    assert _whole(stores(), "2.0.0")


@pytest.mark.parametrize("conditional", [{"if_absent": True}, {"if_match": ""}], ids=["create", "swap"])
@pytest.mark.parametrize("key", ["plain", "ключ"], ids=["fast way", "boto3"])
def test_a_write_whose_answer_got_lost_is_not_taken_for_somebody_elses(
    stores: Any, faults: Any, key: str, conditional: dict[str, Any]
) -> None:
    store = stores()
    if "if_match" in conditional:
        conditional = {"if_match": store.put(key, b"old")}
    faults.inject({"operation": "PutObject", "times": 1, "response": {"abort_bytes": 0}})

    etag = store.put(key, b"new", **conditional)

    assert len(faults.fired) == 1
    found = store.get(key)
    assert found is not None
    assert (found.body, found.etag) == (b"new", etag)
    with pytest.raises(PreconditionFailed):
        store.put(key, b"newer", if_absent=True)


@pytest.mark.parametrize("key", ["plain", "ключ"], ids=["fast way", "boto3"])
def test_a_write_that_meets_another_one_waits_before_it_tries_again(
    stores: Any, faults: Any, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("miniprogram_s3.s3_store.Backoff", lambda what: Backoff(what, sleep=slept.append))
    store = stores()
    store.put("another", b"", if_absent=True)
    faults.inject({"operation": "PutObject", "times": 2, **CONFLICT})

    store.put(key, b"new", if_absent=True)

    assert len(slept) == len(faults.fired) == 2


def test_a_write_that_always_meets_another_one_has_lost(
    stores: Any, faults: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("miniprogram_s3.s3_store.Backoff", lambda what: Backoff(what, sleep=lambda _: None))
    store = stores()
    store.put("another", b"", if_absent=True)
    faults.inject({"operation": "PutObject", **CONFLICT})

    with pytest.raises(PreconditionFailed):
        store.put("plain", b"new", if_absent=True)


def test_a_delete_waits_for_a_change_that_is_under_way(
    stores: Any, faults: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("miniprogram_s3.s3_store.Backoff", lambda what: Backoff(what, sleep=slept.append))
    store = stores()
    etag = store.put("plain", b"old")
    faults.inject({"operation": "DeleteObject", "times": 2, **CONFLICT})

    store.delete("plain", if_match=etag)

    assert len(slept) == len(faults.fired) == 2
    assert store.get("plain") is None


def test_a_delete_that_always_meets_another_change_has_lost(
    stores: Any, faults: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("miniprogram_s3.s3_store.Backoff", lambda what: Backoff(what, sleep=lambda _: None))
    store = stores()
    etag = store.put("plain", b"old")
    faults.inject({"operation": "DeleteObject", **CONFLICT})

    with pytest.raises(PreconditionFailed):
        store.delete("plain", if_match=etag)

    faults.inject()
    assert store.get("plain") is not None


def test_parts_of_a_large_object_become_visible_at_once_and_only_if_the_condition_holds(account: Any) -> None:
    account.make_bucket()
    clients = account.clients()
    s3 = clients.s3
    slow = SlowUploader(s3, account.bucket, ConditionalWrites(), kms_key_id=None, multipart_bytes=1024)
    body = bytes(range(256)) * 70_000  # more than one part

    etag = slow.send(Upload("big", body, "image/png", "no-cache", None, True, "1"))

    head = s3.head_object(Bucket=account.bucket, Key="big")
    assert (head["ETag"].strip('"'), head["ContentType"], head["CacheControl"]) == (etag, "image/png", "no-cache")
    store = S3ObjectStore.of(account.settings(), clients)
    found = store.get("big")
    assert found is not None
    assert (found.body, found.etag) == (body, etag)
    for condition in ({"if_match": None, "if_absent": True}, {"if_match": "0" * 32, "if_absent": False}):
        with pytest.raises(Exception, match="PreconditionFailed"):
            slow.send(Upload("big", body, None, None, write_id="2", **condition))  # type: ignore[arg-type]
    assert s3.list_multipart_uploads(Bucket=account.bucket).get("Uploads", []) == []


@pytest.mark.parametrize(
    ("key", "fast"), [("artifacts/shop/1.0.0/a_b-c.json", True), ("a b", False), ("naïve", False), ("a+b", False)]
)
def test_keys_that_clients_encode_differently_go_the_slow_way(key: str, fast: bool) -> None:
    assert FastUploader.takes(Upload(key, b"", None, None, None, False, "1")) is fast


def _publish(store: S3ObjectStore, version: str) -> None:
    publish_to_store(store, _layout(version))


def _layout(version: str) -> Any:
    place = CloudLocation("aws", "prod", "shop", "eu-west-1")
    return cloud_layout(sample_release(version=version), place)


def _served(store: S3ObjectStore) -> str:
    found = store.get("metadata/catalog/shop.json")
    assert found is not None
    version: str = json.loads(found.body)["latestVersion"]
    return version


def _whole(store: S3ObjectStore, version: str) -> bool:
    return all(
        (found := store.get(file.key)) is not None and found.body == file.body for file in _layout(version).files
    )
