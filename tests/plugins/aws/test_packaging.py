"""Function archives: the same for everybody, complete, and enough by themselves."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import boto3
import pytest

import miniprogram.delivery
from miniprogram.errors import StoreError
from miniprogram_aws.deployment.delivery_archive import delivery_archive
from miniprogram_aws.stacks.packaging import make_archive, upload_archive

pytestmark = pytest.mark.slow

HERE = sys.version_info[:2]
ELSEWHERE = (3, 99)

ASK = """
import json, os, sys
sys.path[:0] = [{archive!r}, {sdk!r}]
from miniprogram_aws.function.lambda_handler import handler
event = {{"requestContext": {{"http": {{"method": "GET"}}, "stage": "prod"}}, "rawPath": {path!r}}}
answer = handler(event, None)
ours = sorted(name for name in sys.modules if name.partition(".")[0] in ("miniprogram", "miniprogram_aws"))
others = {{"pydantic", "typer", "pluggy", "structlog", "httpx", "boto3", "obstore"}} & set(sys.modules)
print(json.dumps([answer["statusCode"], answer["body"], ours, sorted(others)]), file=sys.stderr)
"""


def names(body: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(body)).namelist()


def test_the_same_sources_give_the_same_archive() -> None:
    sources = {"b.py": b"x = 1\n", "a/data.json": b"{}"}
    again = {"a/data.json": b"{}", "b.py": b"x = 1\n"}
    first, second = (make_archive("f", files, ELSEWHERE) for files in (sources, again))
    assert first == second
    assert first.key == f"functions/f-{first.digest[:32]}.zip"


def test_what_a_checkout_or_an_interpreter_adds_does_not_change_the_digest() -> None:
    plain = make_archive("f", {"b.py": b"x = 1\ny = 2\n"}, HERE)
    windows = make_archive("f", {"b.py": b"x = 1\r\ny = 2\r\n"}, HERE)
    assert plain.digest == windows.digest


@pytest.mark.parametrize(
    ("files", "runtime"),
    [({"b.py": b"x = 2\n"}, HERE), ({"c.py": b"x = 1\n"}, HERE), ({"b.py": b"x = 1\n"}, ELSEWHERE)],
    ids=["content", "name", "runtime"],
)
def test_what_matters_changes_the_digest(files: dict[str, bytes], runtime: tuple[int, int]) -> None:
    assert make_archive("f", {"b.py": b"x = 1\n"}, HERE).digest != make_archive("f", files, runtime).digest


def test_compiled_modules_come_along_for_this_version_only() -> None:
    tag = sys.implementation.cache_tag
    files = {"a/__init__.py": b"", "b.py": b"x = 1\n"}
    assert names(make_archive("f", files, ELSEWHERE).body) == ["a/__init__.py", "b.py"]
    assert set(names(make_archive("f", files, HERE).body)) == {
        *files,
        f"a/__pycache__/__init__.{tag}.pyc",
        f"__pycache__/b.{tag}.pyc",
    }


def test_everybody_may_read_what_is_unpacked() -> None:
    entries = zipfile.ZipFile(io.BytesIO(delivery_archive().body)).infolist()
    assert {entry.external_attr >> 16 for entry in entries} == {0o100644}
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}


def test_the_whole_engine_travels_and_nothing_else() -> None:
    engine = Path(miniprogram.delivery.__path__[0])
    expected = {f"miniprogram/delivery/{path.relative_to(engine).as_posix()}" for path in engine.rglob("*.py")}
    modules = ("__init__", "admission_ledger", "gateway_events", "lambda_handler", "s3_objects")
    adapter = {f"miniprogram_aws/function/{name}.py" for name in modules}
    assert set(names(delivery_archive(ELSEWHERE).body)) == (
        expected | adapter | {"miniprogram/__init__.py", "miniprogram_aws/__init__.py"}
    )


@pytest.mark.parametrize("runtime", [HERE, ELSEWHERE], ids=["compiled", "sources only"])
def test_the_archive_runs_in_a_fresh_interpreter_with_the_sdk_alone(
    runtime: tuple[int, int], tmp_path: Path
) -> None:
    zipfile.ZipFile(io.BytesIO(delivery_archive(runtime).body)).extractall(tmp_path / "task")
    sdk = Path(boto3.__file__).parents[1]  # also holds other packages, which must stay unused
    program = ASK.format(archive=str(tmp_path / "task"), sdk=str(sdk), path="/prod/health")
    environ = {
        "ARTIFACT_BUCKET_NAME": "shop",
        "AWS_LAMBDA_FUNCTION_NAME": "delivery",
        "AWS_REGION": "cn-north-1",
        "AWS_DEFAULT_REGION": "cn-north-1",
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "y",
        "LOG_LEVEL": "INFO",
    }
    environ |= {"SYSTEMROOT": os.environ["SYSTEMROOT"]} if "SYSTEMROOT" in os.environ else {}
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], env=environ, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    status, body, ours, others = json.loads(done.stderr.splitlines()[-1])
    assert (status, json.loads(body)["service"], others) == (200, "mini_program_cloud_api", [])
    assert json.loads(done.stdout)["routeKind"] == "health"
    packed = {
        name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for name in names(delivery_archive(ELSEWHERE).body)
    }
    assert set(ours) <= packed


def test_a_function_without_a_bucket_does_not_start(tmp_path: Path) -> None:
    zipfile.ZipFile(io.BytesIO(delivery_archive().body)).extractall(tmp_path)
    program = f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(Path(boto3.__file__).parents[1])!r}]\n"
    program += "from miniprogram_aws.function.lambda_handler import handler\nhandler({}, None)"
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], env={}, capture_output=True, text=True, timeout=60
    )
    assert "ARTIFACT_BUCKET_NAME" in done.stderr


def test_an_archive_is_stored_once(account) -> None:
    bucket, clients = account.make_bucket(), account.clients()
    archive = make_archive("f", {"b.py": b"x = 1\n"}, ELSEWHERE)
    assert [upload_archive(archive, clients, bucket) for _ in range(2)] == [True, False]
    stored = clients.client("s3").get_object(Bucket=bucket, Key=archive.key)
    assert (stored["Body"].read(), stored["ContentType"]) == (archive.body, "application/zip")


def test_a_missing_bucket_is_said(account) -> None:
    archive = make_archive("f", {}, ELSEWHERE)
    with pytest.raises(StoreError, match="does not exist"):
        upload_archive(archive, account.clients(), "no-such-bucket-here")
