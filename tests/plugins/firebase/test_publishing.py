"""`publish --target firebase-hosting` on the command line, from a project's folder to what visitors get."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram_firebase.hosting.serving_config import header_rules
from testbed.google.hosting import HostingService
from testbed.google.server import TOKEN, GoogleStandIn

Call = Callable[[str], tuple[int, str, str]]
PUBLISH = "publish shop --target firebase-hosting --env live"


@pytest.fixture
def call(
    tmp_path: Path, google: GoogleStandIn, hosting: HostingService, capsys: pytest.CaptureFixture[str]
) -> Call:
    environ = {
        "HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
        "FIREBASE_TOKEN": TOKEN,
        "FIREBASE_HOSTING_API_URL": google.address,
    }

    def called(line: str) -> tuple[int, str, str]:
        code = run(line.split(), AppContext(cwd=tmp_path, environ=environ))
        return code, *capsys.readouterr()

    for line in (
        "create shop --language json",
        "env init",
        "env configure live --provider firebase --project-id shop-project",
    ):
        assert called(line)[0] == 0, line
    return called


def test_a_version_reaches_its_visitors(call: Call, google: GoogleStandIn, hosting: HostingService) -> None:
    code, out, err = call(f"{PUBLISH} --json")

    assert (code, err) == (0, "")
    report = json.loads(out)
    assert report["deliveryApiBaseUrl"] == f"{google.address}/visit/shop-project/live/"
    served = json.loads(hosting.visit("shop-project", "manifests/shop/latest.json")[0] or b"")
    assert served["version"] == report["version"] == "1.0.0"
    assert hosting.channels["shop-project"]["live"].releases[0]["message"] == "Publish shop 1.0.0"


def test_the_document_names_the_site_and_what_hands_it_on(call: Call, google: GoogleStandIn) -> None:
    report = json.loads(call(f"{PUBLISH} --clean --json")[1])

    url = f"{google.address}/visit/shop-project/live/"
    told = {name: report[name] for name in ("provider", "projectId", "siteId", "channel", "deployed", "cleaned")}
    assert told == {
        "provider": "firebase",
        "projectId": "shop-project",
        "siteId": "shop-project",
        "channel": None,
        "deployed": True,
        "cleaned": True,
    }
    assert (report["outputPath"], report["deployCommand"]) == (None, None)
    assert report["handoffCommandText"] == f"miniprogram partner package shop --public --api-base-url {url}"
    assert call(report["handoffCommandText"].removeprefix("miniprogram "))[0] == 0


def test_a_preview_says_when_it_ends(call: Call) -> None:
    report = json.loads(call(f"{PUBLISH} --channel pr-7 --expires 2d --json")[1])

    assert (report["channel"], report["deployed"]) == ("pr-7", True)
    assert report["expiresAtUtc"] is not None


@pytest.mark.parametrize("line", ["versions shop", "rollback 1.0.0 --mini-program-id shop"])
def test_a_preview_that_has_ended_is_named(line: str, call: Call, hosting: HostingService) -> None:
    if line.startswith("rollback"):
        line = "rollback 1.0.0 shop"
    assert call(PUBLISH)[0] == 0
    before = len(hosting.versions)

    code, _, err = call(f"{line} --target firebase-hosting --env live --channel pr-7")

    assert code == 1
    assert "there is no preview channel pr-7 of the Hosting site shop-project" in err
    assert len(hosting.versions) == before


def test_another_site_and_a_preview(call: Call, hosting: HostingService) -> None:
    code, _, err = call(f"{PUBLISH} --site shop-site --channel pr-7 --expires 12h")

    assert code == 0, err
    assert hosting.visit("shop-site", "manifests/shop/latest.json", "pr-7")[0]
    assert hosting.channels["shop-site"]["live"].releases == []


def test_a_dry_run_changes_nothing(call: Call, google: GoogleStandIn, hosting: HostingService) -> None:
    code, out, err = call(f"{PUBLISH} --dry-run --json")

    assert (code, err) == (0, "")
    assert "manifests/shop/latest.json" in json.loads(out)["writtenFiles"]
    assert {each.verb for each in google.calls} == {"GET"}


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ("--env live --expires 2d", 1, "name it with --channel"),
        ("--env live --channel pr --expires soon", 64, "such as 12h, 7d or 2w"),
        ("--env live --channel live", 64, "where --channel left out publishes to"),
        (
            "--env live --site nobodys",
            1,
            "no Hosting site nobodys in the project shop-project: there are shop-project",
        ),
        ("--env folder", 1, "is of the provider filesystem, not firebase"),
        ("--env nope", 1, "nope"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    options: str, code: int, said: str, call: Call, hosting: HostingService
) -> None:
    assert call("env configure folder --provider filesystem --store /tmp/never-made")[0] == 0

    found, _, err = call(f"publish shop --target firebase-hosting {options}")

    assert (found, said in err) == (code, True), err
    assert "Traceback" not in err
    assert TOKEN not in err
    assert hosting.versions == {}


def test_without_a_sign_in_it_says_how_to_get_one(
    google: GoogleStandIn,
    call: Call,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path / "no-gcloud"))
    environ = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "FIREBASE_HOSTING_API_URL": google.address}

    code = run(PUBLISH.split(), AppContext(cwd=tmp_path, environ=environ))

    err = capsys.readouterr().err
    assert code == 1
    assert "nobody is signed in to Google Cloud" in err
    assert "gcloud auth application-default login" in err


def test_doctor_says_what_the_site_serves(call: Call, google: GoogleStandIn) -> None:
    call(PUBLISH)

    code, out, err = call("cloud doctor --env live --json")

    assert (code, err) == (0, "")
    checks = {each["label"]: each for each in json.loads(out)["checks"]}
    assert checks["Google sign-in"]["status"] == "ok"
    assert checks["Bucket"]["status"] == checks["Releases"]["status"] == "skipped"
    assert f"{google.address}/visit/shop-project/live" in checks["Hosting site"]["summary"]


def test_an_environment_without_a_bucket_says_so(call: Call) -> None:
    code, _, err = call("publish shop --target cloud --env live")

    assert code == 64
    assert "the environment live has no bucket to keep releases in" in err
    assert "miniprogram env configure live --bucket NAME" in err


def test_the_file_for_the_official_tool_has_the_same_headers() -> None:
    page = Path(__file__).parents[3] / "docs" / "howto" / "publish-to-firebase-hosting.md"
    written = json.loads(page.read_text().partition("```json\n")[2].partition("```")[0])

    rules = [
        {
            ("glob" if name == "source" else name): value
            for name, value in rule.items()
            if name in ("source", "regex")
        }
        | {"headers": {header["key"]: header["value"] for header in rule["headers"]}}
        for rule in written["hosting"]["headers"]
    ]

    assert rules == header_rules()
