"""The aws-lambda starter: what is generated, that it is sound, and how its function behaves on its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from miniprogram.backends.scaffold import scaffold_backend
from miniprogram.errors import MiniProgramError
from miniprogram.plugins.specs import BackendTemplateSpec
from miniprogram_aws.backend.backend_template import AwsLambdaTemplate

pytestmark = pytest.mark.slow

SPEC = BackendTemplateSpec("aws-lambda", "on AWS", ("bundled", "dynamodb"), AwsLambdaTemplate)
DATA = ["src/data/coupons_list.json", "src/data/home_bootstrap.json", "src/data/session.json"]
CODE = ["src/handler.py", "src/publisher_routes.py", "src/store.py", "template.yaml"]

ASK = """
import json, sys
sys.path.insert(0, ".")
def stay_home(event, args):
    if event == "socket.connect":
        raise SystemExit(f"went to the network: {args}")
sys.addaudithook(stay_home)
import handler
for line in sys.stdin:
    print(json.dumps(handler.handler(json.loads(line), None)))
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    root.mkdir()
    (root / "manifest.json").write_text(json.dumps({"id": "shop", "title": "The 'Shop': $5 {{ % }}"}))
    return root


def scaffold(program: Path, storage: str, *, force: bool = False) -> Path:
    return scaffold_backend(SPEC, program, storage=storage, force=force).folder


def ask(folder: Path, *events: dict[str, Any], **environ: str) -> list[dict[str, Any]]:
    """Run events through the function; a bundled one has nothing but the standard library."""
    bare = [] if (folder / "src" / "backend_keys.py").is_file() else ["-S"]
    lines = "".join(json.dumps(event) + "\n" for event in events)
    done = subprocess.run(
        [sys.executable, "-I", "-B", *bare, "-W", "error", "-c", ASK],
        cwd=folder / "src",
        input=lines,
        env={"PATH": "/usr/bin:/bin", **environ},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def event(method: str, path: str, body: Any = None, **more: Any) -> dict[str, Any]:
    about = {"http": {"method": method}, "stage": "prod"}
    return {"rawPath": path, "requestContext": about, "body": None if body is None else json.dumps(body), **more}


@pytest.mark.parametrize("storage", SPEC.storages)
def test_every_file_is_generated(program: Path, storage: str) -> None:
    report = scaffold_backend(SPEC, program, storage=storage, force=False)
    keys = ["src/backend_keys.py"] if storage == "dynamodb" else []
    assert list(report.created) == sorted([".gitignore", "README.md", *CODE, *keys, *DATA])
    assert scaffold_backend(SPEC, program, storage=storage, force=False).created == ()


def test_going_to_a_table_needs_force(program: Path) -> None:
    folder = scaffold(program, "bundled")
    with pytest.raises(MiniProgramError, match="was changed"):
        scaffold(program, "dynamodb")
    scaffold(program, "dynamodb", force=True)
    assert (folder / "src" / "backend_keys.py").is_file()


def test_a_node_project_is_left_alone(program: Path) -> None:
    handler = program / "backend" / "aws_lambda" / "src" / "handler.mjs"
    handler.parent.mkdir(parents=True)
    handler.write_text("export {}")
    with pytest.raises(MiniProgramError, match="Node tooling"):
        scaffold(program, "dynamodb", force=True)
    assert [path.name for path in program.rglob("*") if path.is_file()] == ["manifest.json", "handler.mjs"]


@pytest.mark.parametrize("storage", SPEC.storages)
def test_the_template_is_sound(program: Path, storage: str) -> None:
    template = scaffold(program, storage) / "template.yaml"
    done = subprocess.run(
        [str(Path(sys.executable).with_name("cfn-lint")), str(template)], capture_output=True, encoding="utf-8"
    )
    assert (done.returncode, done.stdout) == (0, "")
    text = template.read_text()
    assert ("DeletionPolicy: Retain" in text) == (storage == "dynamodb")
    assert ("PointInTimeRecoveryEnabled: true" in text) == (storage == "dynamodb")


def test_the_bundled_function_answers_alone(program: Path) -> None:
    folder = scaffold(program, "bundled")
    health, home, coupons, session, redeemed, unknown, preflight, root = ask(
        folder,
        event("GET", "/prod/health"),
        event("GET", "/prod/home/bootstrap/"),
        {"path": "/coupons/list", "httpMethod": "GET"},
        event("GET", "/auth/session"),
        event("POST", "/prod/coupon/redeem", {"couponId": "coupon-10"}),
        event("POST", "/prod/coupon/redeem", {"couponId": "moon"}),
        event("OPTIONS", "/prod/anything"),
        event("GET", "/prod"),
    )
    assert json.loads(health["body"])["storageMode"] == "bundled"
    assert "The 'Shop': $5 {{ % }}" in json.loads(home["body"])["title"]
    assert len(json.loads(coupons["body"])["coupons"]) == 2
    assert json.loads(session["body"])["authenticated"] is True
    assert json.loads(redeemed["body"])["status"] == "redeemed"
    assert [unknown["statusCode"], preflight["statusCode"], root["statusCode"]] == [404, 204, 404]
    for reply in (health, unknown, preflight, root):
        assert reply["headers"]["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"body": "eyJjb3Vwb25JZCI6ICJjb3Vwb24tMTAifQ==", "isBase64Encoded": True}, 200),
        ({"body": "%%%", "isBase64Encoded": True}, 400),
        ({"body": "{"}, 400),
        ({"body": None}, 400),
        ({"rawPath": "/production/health"}, 404),
        ({"requestContext": {}}, 404),
        ({"requestContext": None, "rawPath": None}, 404),
        ({"requestContext": {"http": {"method": "POST"}, "stage": "$default"}, "rawPath": "/coupon/redeem"}, 400),
    ],
)
def test_whatever_a_gateway_sends_is_answered(program: Path, changes: dict[str, Any], status: int) -> None:
    [reply] = ask(scaffold(program, "bundled"), {**event("POST", "/prod/coupon/redeem"), **changes})
    assert reply["statusCode"] == status


@pytest.mark.parametrize("body", [None, "{", "[]"])
def test_missing_bundled_data_says_so(program: Path, body: str | None) -> None:
    folder = scaffold(program, "bundled")
    for name in DATA:
        (folder / name).unlink() if body is None else (folder / name).write_text(body)
    paths = ("/home/bootstrap", "/coupons/list", "/auth/session")
    for reply in ask(folder, *[event("GET", path) for path in paths]):
        assert (reply["statusCode"], json.loads(reply["body"])["errorCode"]) == (404, "backend_data_missing")


def test_health_needs_no_table_and_failures_tell_nothing(program: Path) -> None:
    folder = scaffold(program, "dynamodb")
    environ = {"PUBLISHER_BACKEND_STORAGE": "dynamodb", "MINI_PROGRAM_ID": "shop"}
    health, home = ask(folder, event("GET", "/health"), event("GET", "/home/bootstrap"), **environ)
    assert (health["statusCode"], json.loads(health["body"])["storageMode"]) == (200, "dynamodb")
    assert (home["statusCode"], json.loads(home["body"])["errorCode"]) == (500, "publisher_backend_error")
    assert "TABLE" not in home["body"]
    assert home["headers"]["access-control-allow-origin"] == "*"
