"""A publisher backend on Firebase by command line only: its real code answers, over a strict database."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from testbed.google.firestore.refusals import Refusal

pytestmark = [pytest.mark.process, pytest.mark.slow]

PROJECT, NAME = "shop-project", "publisherbackend-shop"
OPEN = "service cloud.firestore { match /{document=**} { allow read: if true; } }"

Call = Callable[..., tuple[int, str]]


def document(call: Call, line: str, *more: str, code: int = 0) -> dict[str, Any]:
    _, out = call(f"publisher-backend {line}", *more, "--json", code=code)
    found: dict[str, Any] = json.loads(out)
    assert (found["schemaVersion"], found["provider"], found["environmentName"]) == (1, "firebase", "prod")
    assert (found["projectId"], found["region"], found["functionName"]) == (PROJECT, "us-central1", NAME)
    return found


def test_the_whole_life_of_a_backend(call: Call, cloud: Any, tmp_path: Path) -> None:
    root = tmp_path / "shop"
    assert document(call, "firebase status", code=1)["healthy"] is None
    assert document(call, "firebase smoke", code=1)["routes"] == []
    call("publisher-backend firebase outputs", code=1)

    deployed = document(call, "firebase deploy")
    base = deployed["backendBaseUrl"]
    assert (deployed["healthy"], deployed["outputs"]["PublisherBackendStorageMode"]) == (True, "firestore")
    assert len(cloud.rules.rulesets) == 1
    assert document(call, "firebase outputs")["backendBaseUrl"] == base
    status = document(call, "firebase status")
    assert (status["healthy"], status["serviceStatus"]) == (True, "READY")
    assert status["lastDeploy"]["functionName"] == NAME

    assert document(call, "firebase seed")["itemCount"] == 4
    found = document(call, "firebase data status")
    assert (found["homeRecordCount"], found["authSessionCount"], found["couponCount"]) == (1, 1, 2)
    assert (found["appRecordCount"], found["redemptionCount"], found["storageMode"]) == (4, 0, "firestore")
    smoke = document(call, "firebase smoke --include-write")
    assert (smoke["passed"], smoke["routes"][-1]["responseStatus"]) == (True, "redeemed")
    coupons = httpx.get(f"{base}coupons/list").json()["coupons"]
    assert [each["id"] for each in coupons] == ["coupon-10", "coupon-20"]

    with ThreadPoolExecutor(8) as pool:
        asked = {"couponId": "coupon-20", "userId": "ada"}
        answers = list(pool.map(lambda _: httpx.post(f"{base}coupon/redeem", json=asked).json(), range(8)))
    assert sorted(each["status"] for each in answers) == ["already_redeemed"] * 7 + ["redeemed"]
    redeemed = document(call, "firebase data redemptions --user-id ada")
    assert (redeemed["matchedCount"], redeemed["records"][0]["data"]["couponId"]) == (1, "coupon-20")

    exported = document(call, "firebase data export --include-redemptions --output all.json")
    path = root / "all.json"
    assert (exported["itemCount"], stat.S_IMODE(path.stat().st_mode)) == (6, 0o600)
    written = json.loads(path.read_text())["records"]
    names = [each["collection"] for each in written]
    assert names == sorted(names)
    redemption = next(each for each in written if each["collection"] == "redemptions")
    assert set(redemption["data"]["createdAt"]) == {"$timestamp"}

    blocked = document(call, "firebase destroy --yes", code=1)
    assert (blocked["blockedByData"], blocked["deleted"]) == (True, False)
    assert "stay in the database" in blocked["error"]
    gone = document(call, "firebase destroy --yes --confirm-data-loss")
    assert (gone["deleted"], gone["dataRemoved"], gone["error"]) == (True, False, "the data was kept")
    assert document(call, "firebase status", code=1)["healthy"] is None
    assert cloud.run.services == {}
    document(call, "firebase deploy")
    assert document(call, "firebase data status")["redemptionCount"] == 2


def test_an_export_of_the_older_tool_is_imported(call: Call, tmp_path: Path) -> None:
    document(call, "firebase deploy")
    records = [
        {
            "recordType": "home",
            "collection": "home",
            "documentId": "bootstrap",
            "documentPath": "x",
            "data": {"a": 1},
        },
        {"collection": "redemptions", "documentId": "a_b", "data": {"userId": "a", "couponId": "b"}},
    ]
    path = tmp_path / "shop" / "older.json"
    path.write_text(json.dumps({"schemaVersion": 1, "miniProgramId": "shop", "records": records}))
    dry = document(call, "firebase data import --input older.json --dry-run")
    assert (dry["imported"], dry["itemCount"], dry["skippedRedemptionCount"]) == (False, 1, 1)
    done = document(call, "firebase data import --input older.json --include-redemptions")
    assert (done["succeeded"], done["itemCount"]) == (True, 2)
    records[0]["data"] = {"a": [[1]]}
    path.write_text(json.dumps({"schemaVersion": 1, "miniProgramId": "shop", "records": records}))
    _, said = call("publisher-backend firebase data import --input older.json", code=1)
    assert "data.a[0] is a list in a list" in said


def test_data_that_cannot_be_inspected_stops_destroy(call: Call, cloud: Any) -> None:
    document(call, "firebase deploy")

    def refuse(method: str, request: Any) -> None:
        del request
        raise Refusal("PERMISSION_DENIED", "no")

    cloud.firestore.interruptions += [refuse] * 5
    found = document(call, "firebase destroy --yes", code=1)
    assert (found["blockedByData"], found["deleted"], found["appRecordCount"]) == (True, False, None)
    assert "cannot be counted" in found["error"]
    cloud.firestore.interruptions[:] = [refuse] * 5
    assert "has no access to the project shop-project" in document(call, "firebase data status", code=1)["error"]


def test_open_rules_stop_a_deploy_unless_told_to_stay(call: Call, cloud: Any) -> None:
    cloud.rules.release(OPEN)
    _, said = call("publisher-backend firebase deploy", code=1)
    assert "anybody may read miniPrograms/shop/redemptions" in said
    assert cloud.run.services == {}
    assert document(call, "firebase deploy --keep-rules")["healthy"]


def test_a_project_without_a_database_is_told_so(call: Call, cloud: Any) -> None:
    def refuse(method: str, request: Any) -> None:
        del request
        if method == "ListDocuments":
            raise Refusal("NOT_FOUND", "The database (default) does not exist")

    cloud.firestore.interruptions.append(refuse)
    _, said = call("publisher-backend firebase deploy", code=1)
    assert "has no Firestore database" in said
    assert "gcloud firestore databases create" in said


def test_a_bundled_backend_needs_no_database(call: Call, cloud: Any) -> None:
    call("publisher-backend scaffold --template firebase-functions --storage bundled --force")
    for name in ("firestore.py", "record_names.py"):
        (cloud.run._folder.parent / "shop/backend/firebase_functions/functions" / name).unlink()
    assert document(call, "firebase deploy")["outputs"]["PublisherBackendStorageMode"] == "bundled"
    assert document(call, "firebase smoke --include-write")["passed"]
    assert "keeps no records" in document(call, "firebase seed", code=1)["error"]
    assert document(call, "firebase destroy --yes")["deleted"]
    assert cloud.firestore.calls == []


def test_a_service_of_another_program_is_not_replaced(call: Call, cloud: Any) -> None:
    document(call, "firebase deploy")
    [service] = cloud.run.services.values()
    service.wanted["labels"]["miniprogram-program"] = "other"
    for command in ("deploy", "destroy --yes --confirm-data-loss"):
        _, said = call(f"publisher-backend firebase {command}", code=1)
        assert "belongs to another environment or mini-program" in said
        assert "--function-name" in said


def test_code_that_does_not_start_leaves_the_one_before(call: Call, cloud: Any, tmp_path: Path) -> None:
    base = document(call, "firebase deploy")["backendBaseUrl"]
    main = tmp_path / "shop/backend/firebase_functions/functions/main.py"
    code = main.read_text()
    main.write_text("raise RuntimeError('broken')\n")
    call("publisher-backend firebase deploy", code=1)
    assert httpx.get(f"{base}health").status_code == 200
    main.write_text(code)
    assert document(call, "firebase deploy")["healthy"]
    _, said = call("publisher-backend firebase logs --since 1h")
    assert "broken" in said


def test_it_is_handed_to_a_host_team(call: Call, tmp_path: Path) -> None:
    url = "https://delivery.example/api"
    _, said = call(f"publisher-backend firebase handoff --delivery-url {url} --public", code=1)
    assert "no backend to hand over" in said
    base = document(call, "firebase deploy")["backendBaseUrl"]
    key = "k" * 30
    found = document(call, f"firebase handoff --delivery-url {url} --access-key {key}")
    assert key not in json.dumps(found)
    assert found["accessKeyIncluded"]
    package = json.loads(Path(found["packagePath"]).read_text())
    assert (package["accessKey"], package["backendBaseUrl"]) == (key, base.rstrip("/"))
    command = document(call, "firebase host-command --public --api-base-url", url, "--title", "It's $5")
    assert "--public --backend-base-url" in command["hostEndpointCommandText"]
    assert """'It'"'"'s $5'""" in command["hostEndpointCommandText"]
    assert command["hostEndpointReady"] is None
    _, said = call(f"publisher-backend firebase host-command --api-base-url {url} --access-key {key}")
    assert key not in said
    assert "ACCESS-KEY" in said
    call(f"publisher-backend firebase host-command --api-base-url {url} --access-key short", code=1)
    call(f"publisher-backend firebase host-command --api-base-url {url}", code=64)
    call(f"publisher-backend firebase handoff --delivery-url {url} --public --access-key {key}", code=64)
    call("publisher-backend firebase handoff --public", code=64)


def test_nobody_uninvited_may_ask_a_private_backend(call: Call, cloud: Any) -> None:
    deployed = document(call, "firebase deploy --no-public-invoker")
    assert (deployed["healthy"], deployed["healthStatusCode"]) == (None, 403)
    [service] = cloud.run.services.values()
    assert service.wanted["invokerIamDisabled"] is False
    _, said = call("publisher-backend firebase status")
    assert "only invited callers are let in" in said
    assert document(call, "firebase deploy --public-invoker")["healthy"] is True
