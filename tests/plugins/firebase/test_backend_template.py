"""The firebase-functions starter: what is generated, and how its server behaves with nothing but Python."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from google.cloud.firestore_v1 import types
from google.protobuf.json_format import ParseDict

from miniprogram.backends.scaffold import scaffold_backend
from miniprogram.errors import MiniProgramError
from miniprogram.plugins.specs import BackendTemplateSpec
from miniprogram_firebase.backend.backend_template import FirebaseTemplate
from miniprogram_firebase.backend.firestore_calls import FirestoreCalls
from miniprogram_firebase.backend.records import FirestoreRecords
from miniprogram_firebase.backend.starter import record_names
from testbed.google.firestore.refusals import Refusal
from testbed.google.firestore.rest import FirestoreRest
from testbed.google.firestore.service import FirestoreService
from testbed.google.server import TOKEN, GoogleStandIn
from testbed.google.small_services import MetadataService
from testbed.servers import free_port, program

SPEC = BackendTemplateSpec("firebase-functions", "on Firebase", ("firestore", "bundled"), FirebaseTemplate)
DATA = [f"functions/data/{name}.json" for name in ("coupons_list", "home_bootstrap", "session")]
CODE = [
    "firebase.json",
    "firestore.rules",
    "functions/main.py",
    "functions/publisher_routes.py",
    "functions/requirements.txt",
    "functions/server.py",
    "functions/store.py",
]
ROOT = "projects/shop-project/databases/(default)/documents"
OF_DATABASE = ["functions/firestore.py", "functions/record_names.py"]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    root.mkdir()
    (root / "manifest.json").write_text(json.dumps({"id": "shop", "title": "The 'Shop': {{ % }}"}))
    return root


@pytest.fixture
def firestore(google: GoogleStandIn) -> FirestoreService:
    service = FirestoreService()
    google.services += [MetadataService(), FirestoreRest(service)]
    return service


Ask = Callable[..., tuple[int, dict[str, str], Any]]


def alone(functions: Path, port: int) -> list[str]:
    """The server in an interpreter that has nothing but the standard library."""
    code = f"import sys; sys.path.insert(0, {str(functions)!r}); import server; server.main()"
    return [sys.executable, *ISOLATED, "-S", "-W", "error", "-c", code]


def under_framework(functions: Path, port: int) -> list[str]:
    """Functions-framework in an interpreter that has it and what it needs: what Google's base image brings."""
    argv = [program("functions-framework", "python"), *ISOLATED, "-m", "functions_framework"]
    options = {"target": "publisher_backend", "source": str(functions / "main.py"), "port": str(port)}
    return [*argv, "--host", "127.0.0.1", *(word for name in options for word in (f"--{name}", options[name]))]


Start = Callable[[Path, int], list[str]]
ISOLATED = ("-I", "-B")


STARTS = [alone, pytest.param(under_framework, marks=pytest.mark.server)]
START_WAIT_S = 60.0
both_ways = pytest.mark.parametrize("on_firestore", STARTS, indirect=True)


@contextmanager
def serving(start: Start, functions: Path, **environ: str) -> Iterator[Ask]:
    port = free_port()
    process = subprocess.Popen(start(functions, port), env={"PORT": str(port), **environ}, cwd=functions)

    def ask(method: str, path: str, body: Any = None, **headers: str) -> tuple[int, dict[str, str], Any]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        connection.request(method, path, raw, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, found, json.loads(content) if content else None

    try:
        end = time.monotonic() + START_WAIT_S
        while True:
            try:
                ask("GET", "/health")
                break
            except OSError:
                assert process.poll() is None
                assert time.monotonic() < end
                time.sleep(0.05)
        yield ask
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def on_firestore(
    google: GoogleStandIn, firestore: FirestoreService, shop: Path, request: pytest.FixtureRequest
) -> Iterator[Ask]:
    """The backend on its own, or started as the test says."""
    start: Start = getattr(request, "param", alone)
    assert firestore.calls == []
    folder = scaffold_backend(SPEC, shop, storage="firestore", force=False).folder
    with serving(start, folder / "functions", **_environ(google)) as ask:
        yield ask


def _environ(google: GoogleStandIn) -> dict[str, str]:
    return {
        "CLOUDSDK_API_ENDPOINT_OVERRIDES_FIRESTORE": google.address,
        "GCE_METADATA_HOST": google.address.removeprefix("http://"),
        "GOOGLE_CLOUD_PROJECT": "shop-project",
        "MINI_PROGRAM_ID": "shop",
        "PUBLISHER_BACKEND_STORAGE": "firestore",
    }


def _records(google: GoogleStandIn) -> FirestoreRecords:
    environ = {"CLOUDSDK_API_ENDPOINT_OVERRIDES_FIRESTORE": google.address, "FIREBASE_TOKEN": TOKEN}
    return FirestoreRecords(FirestoreCalls("shop-project", "prod", environ), "shop")


def _coupon(name: str, **data: Any) -> dict[str, Any]:
    return {"collection": "coupons", "documentId": name, "data": data}


@pytest.mark.parametrize("storage", SPEC.storages)
def test_every_file_is_generated(shop: Path, storage: str) -> None:
    report = scaffold_backend(SPEC, shop, storage=storage, force=False)
    more = OF_DATABASE if storage == "firestore" else []
    assert list(report.created) == sorted([".gitignore", "README.md", *CODE, *more, *DATA])
    assert scaffold_backend(SPEC, shop, storage=storage, force=False).created == ()
    readme = (report.folder / "README.md").read_text()
    assert "  " not in readme.replace("```", "").splitlines()[2]
    assert ("Firestore" in readme) == (storage == "firestore")


def test_a_node_project_is_left_alone(shop: Path) -> None:
    index = shop / "backend" / "firebase_functions" / "functions" / "index.js"
    index.parent.mkdir(parents=True)
    index.write_text("exports")
    with pytest.raises(MiniProgramError, match="Node tooling"):
        scaffold_backend(SPEC, shop, storage="firestore", force=True)


@pytest.mark.parametrize("start", STARTS)
def test_the_bundled_server_answers_alone(shop: Path, start: Start) -> None:
    folder = scaffold_backend(SPEC, shop, storage="bundled", force=False).folder
    with serving(start, folder / "functions", MINI_PROGRAM_ID="shop", PUBLISHER_BACKEND_STORAGE="bundled") as ask:
        status, headers, health = ask("GET", "/health")
        assert (status, health["service"], health["storageMode"]) == (
            200,
            "mini_program_firebase_publisher_backend",
            "bundled",
        )
        assert headers["access-control-allow-origin"] == "*"
        assert "{{ % }}" in ask("GET", "/home/bootstrap/?x=1")[2]["title"]
        assert len(ask("GET", "/coupons/list")[2]["coupons"]) == 2
        assert ask("POST", "/coupon/redeem", {"couponId": "coupon-10"})[2]["status"] == "redeemed"
        assert ask("POST", "/coupon/redeem", b"{")[0] == 400
        assert ask("POST", "/coupon/redeem", b"x" * 70_000)[0] == 413
        assert ask("OPTIONS", "/anything")[0] == 204
        assert ask("GET", "/elsewhere")[0] == 404
        (folder / "functions" / "data" / "home_bootstrap.json").unlink()
        assert ask("GET", "/home/bootstrap")[2]["errorCode"] == "home_bootstrap_missing"


@both_ways
def test_what_seed_stored_is_answered(google: GoogleStandIn, on_firestore: Ask) -> None:
    ask = on_firestore
    assert ask("GET", "/home/bootstrap")[2]["errorCode"] == "home_bootstrap_missing"
    assert ask("GET", "/auth/session")[2]["errorCode"] == "session_missing"
    assert ask("GET", "/coupons/list")[2] == {"coupons": []}
    _records(google).write(
        [
            {"collection": "home", "documentId": "bootstrap", "data": {"title": "Hi", "n": [1, 2.5, None]}},
            {"collection": "sessions", "documentId": "demo", "data": {"authenticated": True}},
            _coupon("b", sortIndex=2, title="B"),
            _coupon("none", title="Last"),
            _coupon("a-2", sortIndex=1, title="Z"),
            _coupon("a-1", sortIndex=1, title="Y"),
        ]
    )
    assert ask("GET", "/home/bootstrap")[2] == {"title": "Hi", "n": [1, 2.5, None]}
    assert ask("GET", "/auth/session")[2] == {"authenticated": True}
    assert [each["id"] for each in ask("GET", "/coupons/list")[2]["coupons"]] == ["a-1", "a-2", "b", "none"]


def test_every_coupon_is_listed_however_many(google: GoogleStandIn, on_firestore: Ask) -> None:
    _records(google).write([_coupon(f"c{number:04}", sortIndex=number) for number in range(650)])
    assert len(on_firestore("GET", "/coupons/list")[2]["coupons"]) == 650


@pytest.mark.parametrize("user", ["ada", "__ada__", "ada~b", "ü / ?", "..", "x" * 2000])
def test_a_coupon_is_redeemed_once(google: GoogleStandIn, on_firestore: Ask, user: str) -> None:
    _records(google).write([_coupon("coupon-10", title="Ten")])
    with ThreadPoolExecutor(6) as pool:
        wanted = {"couponId": "coupon-10", "userId": user}
        answers = list(pool.map(lambda _: on_firestore("POST", "/coupon/redeem", wanted), range(6)))
    assert sorted(answer["status"] for _, _, answer in answers) == ["already_redeemed"] * 5 + ["redeemed"]
    assert len({answer["redeemedAtUtc"] for _, _, answer in answers}) == 1
    [stored] = _records(google).read("redemptions")
    assert stored["data"]["userId"] == user.strip()
    assert "createdAt" in stored["data"]


def test_users_whose_ids_look_alike_do_not_share_a_redemption(google: GoogleStandIn, on_firestore: Ask) -> None:
    _records(google).write([_coupon(name) for name in ("c", "b_c")])
    for user, coupon in (("a_b", "c"), ("a", "b_c"), ("ä", "c"), ("ö", "c")):
        answer = on_firestore("POST", "/coupon/redeem", {"couponId": coupon, "userId": user})[2]
        assert (answer["status"], answer["userId"]) == ("redeemed", user)


@both_ways
def test_what_an_older_backend_recorded_still_counts(google: GoogleStandIn, on_firestore: Ask) -> None:
    data = {"status": "redeemed", "userId": "a b", "couponId": "c", "redeemedAtUtc": "2020-01-01T00:00:00.000Z"}
    older = {
        "collection": "redemptions",
        "documentId": record_names.earlier_redemption_id("a b", "c"),
        "data": data,
    }
    _records(google).write([older, _coupon("c")])
    again = on_firestore("POST", "/coupon/redeem", {"couponId": "c", "userId": "a b"})[2]
    assert (again["status"], again["redeemedAtUtc"]) == ("already_redeemed", "2020-01-01T00:00:00.000Z")
    namesake = on_firestore("POST", "/coupon/redeem", {"couponId": "c", "userId": "a_b"})[2]
    assert namesake["status"] == "redeemed"


@pytest.mark.parametrize(
    ("coupon", "status"), [("moon", 404), ("__x__", 404), ("..", 404), ("a/b", 400), ("", 400), ("x" * 1600, 404)]
)
def test_coupons_that_are_none(on_firestore: Ask, coupon: str, status: int) -> None:
    assert on_firestore("POST", "/coupon/redeem", {"couponId": coupon})[0] == status


@both_ways
def test_contention_that_lasts_and_a_refusal_tell_nothing_of_the_inside(
    firestore: FirestoreService, google: GoogleStandIn, on_firestore: Ask
) -> None:
    _records(google).write([_coupon("c")])

    def refuse(method: str, request: Any) -> None:
        if method == "BatchGetDocuments":
            raise Refusal("PERMISSION_DENIED", "account 123456 may not")

    firestore.interruptions.append(refuse)
    status, headers, answer = on_firestore("POST", "/coupon/redeem", {"couponId": "c"})
    assert (status, answer["errorCode"]) == (500, "publisher_backend_error")
    assert "123456" not in json.dumps(answer)
    assert headers["access-control-allow-origin"] == "*"
    assert on_firestore("POST", "/coupon/redeem", {"couponId": "c"})[2]["status"] == "redeemed"


def test_a_rival_between_reading_and_writing_is_noticed(
    firestore: FirestoreService, google: GoogleStandIn, on_firestore: Ask
) -> None:
    """Somebody else records the same redemption when the function has seen none, and is about to write."""
    _records(google).write([_coupon("c")])
    named = record_names.redemption_id("ada", "c")
    stored = {"userId": "ada", "couponId": "c", "redeemedAtUtc": "first"}
    fields = {name: {"stringValue": value} for name, value in stored.items()}
    update = {"name": f"{ROOT}/miniPrograms/shop/redemptions/{named}", "fields": fields}
    rivals = []

    def intrude(method: str, request: Any) -> None:
        del request
        if method == "Commit" and not rivals:
            rivals.append(method)
            firestore.database(ROOT).commit([ParseDict({"update": update}, types.Write.pb()())])

    firestore.interruptions.append(intrude)
    answer = on_firestore("POST", "/coupon/redeem", {"couponId": "c", "userId": "ada"})[2]
    assert (rivals, answer["status"], answer["redeemedAtUtc"]) == (["Commit"], "already_redeemed", "first")
