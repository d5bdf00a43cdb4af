"""The archive of the delivery function: complete, and enough by itself."""

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
from miniprogram_aws.deployment.delivery_archive import delivery_archive

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


def test_everybody_may_read_what_is_unpacked() -> None:
    entries = zipfile.ZipFile(io.BytesIO(delivery_archive().body)).infolist()
    assert {entry.external_attr >> 16 for entry in entries} == {0o100644}
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}


def test_the_whole_engine_travels_and_nothing_else() -> None:
    engine = Path(miniprogram.delivery.__path__[0])
    expected = {f"miniprogram/delivery/{path.relative_to(engine).as_posix()}" for path in engine.rglob("*.py")}
    modules = ("__init__", "admission_ledger", "front_door", "gateway_events", "lambda_handler", "s3_objects")
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
