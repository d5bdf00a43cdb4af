"""`publish --target cloud` into a bucket, as typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from miniprogram.environments.session import open_session
from miniprogram.errors import MiniProgramError
from miniprogram.plugins.specs import ProviderSpec
from miniprogram.publish.environment_target import EnvironmentTarget
from miniprogram.state.env_file import find_env
from miniprogram.testing import sample_release, write_program
from miniprogram_aws.hooks import miniprogram_cloud_providers
from miniprogram_s3.s3_store import S3ObjectStore

Call = Callable[..., tuple[int, str, str]]
IMMUTABLE = "public, max-age=31536000, immutable"
POINTER = "no-cache, no-store, must-revalidate"


@pytest.fixture
def call(command_line: Callable[..., Call], account: Any) -> Call:
    """In an environment `prod` whose bucket exists, with a mini-program `shop` in the current folder."""
    call = command_line(account)
    call("env", "init")
    argv = ["env", "configure", "prod", "--provider", "aws", "--bucket", account.bucket, "--region", "eu-west-1"]
    assert call(*argv, "--create-bucket")[0] == 0
    assert call("env", "use", "prod")[0] == 0
    write_program(account.root)
    return call


def test_a_release_is_stored_as_the_contract_says(call: Call, account: Any) -> None:
    (account.root / "assets").mkdir()
    (account.root / "assets" / "logo.svg").write_text("<svg/>")

    code, out, err = call("publish", "--target", "cloud")

    assert (code, err) == (0, "")
    assert f"s3://{account.bucket}" in out
    s3 = account.clients().client("s3")
    keys = [found["Key"] for found in s3.list_objects_v2(Bucket=account.bucket)["Contents"]]
    heads = {key: s3.head_object(Bucket=account.bucket, Key=key) for key in keys}
    headers = {key: (head["ContentType"], head["CacheControl"]) for key, head in heads.items()}
    assert headers == {
        "artifacts/shop/1.0.0/assets/logo.svg": ("image/svg+xml", IMMUTABLE),
        "artifacts/shop/1.0.0/manifest.json": ("application/json", IMMUTABLE),
        "artifacts/shop/1.0.0/packages/deltas.json": ("application/json", IMMUTABLE),
        "artifacts/shop/1.0.0/packages/package.tar.zst": ("application/zstd", IMMUTABLE),
        "artifacts/shop/1.0.0/screens/shop_details.json": ("application/json", IMMUTABLE),
        "artifacts/shop/1.0.0/screens/shop_home.json": ("application/json", IMMUTABLE),
        "metadata/catalog/shop.json": ("application/json", POINTER),
        "metadata/index/programs.json": ("application/json", POINTER),
        "metadata/releases/shop/1.0.0.json": ("application/json", headers[keys[-1]][1]),
    }
    record = json.loads(
        s3.get_object(Bucket=account.bucket, Key="metadata/releases/shop/1.0.0.json")["Body"].read()
    )
    assert record["provider"] == "aws"
    assert (record["artifacts"]["bucket"], record["artifacts"]["region"]) == (account.bucket, "eu-west-1")


def test_what_is_published_again_costs_four_reads_and_no_write(
    call: Call, account: Any, access_log: Callable[[], list[str]]
) -> None:
    assert call("publish", "--target", "cloud")[0] == 0
    access_log()

    code, _, _ = call("publish", "--target", "cloud")

    asked = access_log()
    assert code == 0
    assert [line for line in asked if not line.startswith("GET ")] == []
    assert [line.partition("/metadata/")[2] or line.partition("/packages/")[2] for line in asked] == [
        "catalog/shop.json",
        "releases/shop/1.0.0.json",
        "deltas.json",
        "trust/timestamp.json",
    ]


@pytest.fixture
def access_log(account: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Every request that leaves this process through either SDK, since the last call."""
    from botocore.httpsession import URLLib3Session

    from miniprogram_s3.uploads import FastUploader

    asked: list[str] = []
    send, upload = URLLib3Session.send, FastUploader.send

    def sending(self: Any, request: Any) -> Any:
        asked.append(f"{request.method} {request.url}")
        return send(self, request)

    def uploading(self: Any, what: Any) -> str:
        asked.append(f"PUT {what.key}")
        return upload(self, what)

    monkeypatch.setattr(URLLib3Session, "send", sending)
    monkeypatch.setattr(FastUploader, "send", uploading)

    def read() -> list[str]:
        found = list(asked)
        asked.clear()
        return found

    return read


def test_two_who_publish_at_once_lose_nothing(call: Call, account: Any) -> None:
    versions = [f"1.{number}.0" for number in range(4)]
    start = Barrier(len(versions))

    def publish(version: str) -> str:
        target = _target(account)
        start.wait()
        try:
            target.publish(sample_release(version=version))
        except MiniProgramError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(len(versions)) as pool:
        refusals = dict(zip(versions, pool.map(publish, versions), strict=True))

    assert refusals["1.3.0"] == ""
    assert all(not said or "would take hosts back" in said for said in refusals.values())
    store = _store(account)
    pointer = store.get("metadata/catalog/shop.json")
    assert pointer is not None
    assert json.loads(pointer.body)["latestVersion"] == "1.3.0"
    recorded = {info.key for info in store.list("metadata/releases/shop/")}
    assert {f"metadata/releases/shop/{version}.json" for version, said in refusals.items() if not said} <= recorded


def test_other_bytes_under_one_version_are_refused(call: Call, account: Any) -> None:
    assert call("publish", "--target", "cloud")[0] == 0
    write_program(account.root, text="Other")

    code, out, err = call("publish", "--target", "cloud")

    assert (code, out) == (1, "")
    assert "already published" in err


def test_encryption_with_a_key_of_ones_own(call: Call, account: Any) -> None:
    assert call("env", "configure", "prod", "--kms-key-id", "alias/shop")[0] == 0

    assert call("publish", "--target", "cloud")[0] == 0

    s3 = account.clients().client("s3")
    for found in s3.list_objects_v2(Bucket=account.bucket)["Contents"]:
        head = s3.head_object(Bucket=account.bucket, Key=found["Key"])
        assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", "alias/shop"), found["Key"]


def test_keys_and_rollback_work_on_a_bucket(call: Call, account: Any) -> None:
    assert call("publish", "--target", "cloud")[0] == 0
    write_program(account.root, version="1.1.0")
    assert call("publish", "--target", "cloud")[0] == 0

    assert call("cloud", "rollback", "1.0.0")[0] == 0
    assert call("access-key", "create", "shop", "--key-id", "partner")[0] == 0

    pointer = _store(account).get("metadata/catalog/shop.json")
    assert pointer is not None
    assert json.loads(pointer.body)["latestVersion"] == "1.0.0"
    assert "partner" in call("access-key", "list", "shop")[1]
    assert (
        account.environ["AWS_SECRET_ACCESS_KEY"] not in (account.root / ".mini_program" / "env.json").read_text()
    )


def _target(account: Any) -> EnvironmentTarget:
    resolved = find_env(explicit_root=account.root, start_directories=[], home=account.home)
    assert resolved is not None
    providers: dict[str, ProviderSpec[Any]] = {spec.name: spec for spec in miniprogram_cloud_providers()}
    return EnvironmentTarget(
        open_session(
            resolved, "prod", find_provider=providers.__getitem__, home=account.home, environ=account.environ
        )
    )


def _store(account: Any) -> S3ObjectStore:
    return S3ObjectStore.of(account.settings(), account.clients())
