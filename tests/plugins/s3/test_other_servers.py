"""S3 servers that are not AWS: what they honour is tried before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from miniprogram.errors import PreconditionFailed, StoreError
from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
from miniprogram.publish.to_store import plan_to_store
from miniprogram.testing import sample_release
from miniprogram_s3.conditional_writes import ConditionalWrites
from miniprogram_s3.endpoints import is_aws
from miniprogram_s3.probing import probe
from miniprogram_s3.s3_store import S3ObjectStore
from testbed import servers


@pytest.fixture(scope="module")
def rclone_url(tmp_path_factory: pytest.TempPathFactory, server_logs: Path) -> Iterator[str]:
    """A server that takes a conditional write for a plain one and says nothing."""
    with servers.rclone(tmp_path_factory.mktemp("rclone"), server_logs / "rclone.log") as url:
        yield url


@pytest.fixture
def careless(rclone_url: str, account_at: Callable[..., Any]) -> Any:
    account = account_at(rclone_url, key="test", secret="testsecret")
    account.make_bucket(versioned=False)
    return account


def _open(account: Any, **settings: Any) -> S3ObjectStore:
    settings = {"require_versions": False, **settings}
    return S3ObjectStore.of(account.settings(**settings), account.clients())


def test_a_server_that_ignores_preconditions_is_refused_before_anything_is_written(careless: Any) -> None:
    store = _open(careless)

    for act in (
        lambda: store.put("a", b""),
        lambda: store.put("a", b"", if_absent=True),
        lambda: store.delete("a"),
        lambda: plan_to_store(store, cloud_layout(sample_release(), CloudLocation("aws", "p", "b", "r"))),
    ):
        with pytest.raises(StoreError, match="ignores preconditions") as failed:
            act()
        assert "--single-writer" in str(failed.value.hint)

    assert list(store.list("")) == []


def test_a_single_writer_is_still_kept_from_own_mistakes(careless: Any) -> None:
    store = _open(careless, single_writer=True)
    etag = store.put("a/b", b"one", if_absent=True)

    with pytest.raises(PreconditionFailed):
        store.put("a/b", b"two", if_absent=True)
    newer = store.put("a/b", b"two", if_match=etag)
    with pytest.raises(PreconditionFailed):
        store.put("a/b", b"three", if_match=etag)
    with pytest.raises(PreconditionFailed):
        store.delete("a/b", if_match=etag)

    found = store.get("a/b")
    assert found is not None
    assert (found.body, found.etag) == (b"two", newer)
    store.delete("a/b", if_match=newer)
    assert list(store.list("")) == []


def test_what_a_server_honours_is_found_out_and_nothing_left_behind(account: Any) -> None:
    account.make_bucket()
    s3 = account.clients().s3

    found = probe(s3, account.bucket, "metadata")

    assert found == ConditionalWrites(conditional_multipart=False)
    left = s3.list_object_versions(Bucket=account.bucket)
    assert left.get("Versions", []) + left.get("DeleteMarkers", []) == []


def test_a_server_that_does_not_know_conditions_is_refused_too(account: Any, scripted: Callable[..., str]) -> None:
    unknown = (501, {}, b"<Error><Code>NotImplemented</Code><Message>no</Message></Error>")
    url = scripted(
        {"PUT /": unknown, "HEAD /": (200, {}, b""), "GET /": (200, {}, b"<x/>"), "DELETE /": (204, {}, b"")}
    )
    clients = account.clients(endpoint_url=url)

    with pytest.raises(StoreError, match="ignores preconditions"):
        S3ObjectStore.of(account.settings(require_versions=False), clients).put("a", b"")


def test_a_store_probes_once_and_a_reader_never(account: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    account.make_bucket()
    probed: list[str] = []

    def counting(s3: Any, bucket: str, prefix: str) -> ConditionalWrites:
        probed.append(bucket)
        return probe(s3, bucket, prefix)

    monkeypatch.setattr("miniprogram_s3.s3_store.probe", counting)
    store = S3ObjectStore.of(account.settings(), account.clients())

    store.get("a")
    list(store.list(""))
    assert probed == []
    for number in range(3):
        store.put(f"a/{number}", b"")
    assert probed == [account.bucket]


@pytest.mark.parametrize(
    ("endpoint_url", "expected"),
    [
        (None, True),
        ("https://bucket.vpce-1.s3.eu-west-1.vpce.amazonaws.com", True),
        ("https://s3.cn-north-1.amazonaws.com.cn", True),
        ("http://127.0.0.1:4566", False),
        ("https://s3.amazonaws.com.example.org", False),
    ],
)
def test_only_aws_is_trusted_unseen(endpoint_url: str | None, expected: bool) -> None:
    assert is_aws(endpoint_url) is expected


def test_checks_report_each_thing_on_its_own(account: Any) -> None:
    from miniprogram_s3.checks import store_checks

    def statuses(account: Any, **settings: Any) -> dict[str, str]:
        return {
            check.label: check.status for check in store_checks(account.settings(**settings), account.clients())
        }

    assert statuses(account)["Bucket"] == "error"
    assert statuses(account)["Bucket versions"] == "skipped"
    account.make_bucket(versioned=False)
    assert statuses(account) == {"Bucket": "ok", "Bucket versions": "error", "Conditional writes": "skipped"}
    single = statuses(account, single_writer=True, require_versions=False)
    assert single == {"Bucket": "ok", "Bucket versions": "warning", "Conditional writes": "warning"}
    account.clients().s3.put_bucket_versioning(
        Bucket=account.bucket, VersioningConfiguration={"Status": "Enabled"}
    )
    assert set(statuses(account).values()) == {"ok"}
    left = account.clients().s3.list_object_versions(Bucket=account.bucket)
    assert left.get("Versions", []) + left.get("DeleteMarkers", []) == []
    nobody = replace(account, environ={"AWS_ENDPOINT_URL": account.endpoint_url})
    assert statuses(nobody) == {"Bucket": "error", "Bucket versions": "skipped"}
