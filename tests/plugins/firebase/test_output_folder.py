"""`--output`: a folder and a `firebase.json` that the Firebase CLI deploys, beside what is released."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram_firebase.hosting.serving_config import header_rules
from testbed.google.hosting import HostingService
from testbed.google.server import TOKEN, GoogleStandIn

Call = Callable[[str], tuple[int, str, str]]
PUBLISH = "publish shop --target firebase-hosting --env live --output site/public"


@pytest.fixture
def call(
    tmp_path: Path, google: GoogleStandIn, hosting: HostingService, capsys: pytest.CaptureFixture[str]
) -> Call:
    environ = {
        "HOME": str(tmp_path / "home"),
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


def config(tmp_path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((tmp_path / "site" / "firebase.json").read_text())
    return document


def raise_version(tmp_path: Path) -> None:
    manifest = tmp_path / "mini_programs" / "shop" / "manifest.json"
    path = manifest if manifest.exists() else next(tmp_path.rglob("shop/manifest.json"))
    path.write_text(path.read_text().replace('"1.0.0"', '"1.1.0"', 1))


def test_the_folder_holds_what_visitors_get(call: Call, tmp_path: Path, hosting: HostingService) -> None:
    code, out, err = call(f"{PUBLISH} --json")

    assert (code, err) == (0, "")
    folder = tmp_path / "site" / "public"
    written = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    live = hosting.versions[hosting.channels["shop-project"]["live"].releases[0]["version"]["name"]]
    assert written == {path.lstrip("/") for path in live.files}
    for path in written - {"metadata/releases/shop/1.0.0.json", "metadata/catalog/shop.json"}:
        assert (folder / path).read_bytes() == hosting.visit("shop-project", path)[0], path
    report = json.loads(out)
    assert report["deployCommand"] == [
        *["firebase", "deploy", "--only", "hosting", "--project", "shop-project", "--config"],
        str(tmp_path / "site" / "firebase.json"),
    ]
    assert report["firebaseJsonPath"] == str(tmp_path / "site" / "firebase.json")
    assert report["hostingRootPath"] == str(tmp_path / "site")
    assert (report["outputPath"], report["publicDirectoryName"]) == (str(folder), "public")
    assert any(
        "firebase deploy --only hosting --project shop-project" in note for note in json.loads(out)["notes"]
    )


def test_a_dry_run_writes_the_folder_and_asks_nobody(call: Call, tmp_path: Path, google: GoogleStandIn) -> None:
    code, out, err = call(f"{PUBLISH} --dry-run --json")

    assert (code, err, google.calls) == (0, "", [])
    report = json.loads(out)
    assert report["deliveryApiBaseUrl"] == "https://shop-project.web.app/"
    assert "manifests/shop/latest.json" in report["writtenFiles"]
    assert (report["changes"]["comparedWith"], report["dryRun"]) == (None, True)
    assert (report["deployed"], report["outputPath"]) == (False, str(tmp_path / "site" / "public"))
    assert (tmp_path / "site" / "public" / "manifests" / "shop" / "latest.json").is_file()


def test_a_second_dry_run_compares_with_the_first(call: Call, tmp_path: Path) -> None:
    assert call(f"{PUBLISH} --dry-run")[0] == 0
    raise_version(tmp_path)

    report = json.loads(call(f"{PUBLISH} --dry-run --json")[1])

    assert report["changes"]["comparedWith"] == "1.0.0"


def test_the_new_file_deploys_the_folder_with_our_headers(call: Call, tmp_path: Path) -> None:
    assert call(f"{PUBLISH} --dry-run")[0] == 0

    hosting = config(tmp_path)["hosting"]
    assert list(config(tmp_path)) == ["hosting"]
    assert (hosting["public"], "site" in hosting) == ("public", False)
    assert hosting["ignore"] == ["firebase.json", "**/.*", "**/node_modules/**"]
    assert [rule.get("regex", rule.get("source")) for rule in hosting["headers"]] == [
        rule.get("regex", rule.get("glob")) for rule in header_rules()
    ]
    assert (tmp_path / "site" / "firebase.json").read_text().endswith("}\n")


def test_another_site_is_named_in_the_file(call: Call, tmp_path: Path) -> None:
    assert call(f"{PUBLISH} --dry-run --site shop-site")[0] == 0

    assert config(tmp_path)["hosting"]["site"] == "shop-site"


MINE = {
    "firestore": {"rules": "firestore.rules"},
    "hosting": {
        "public": "public",
        "cleanUrls": True,
        "ignore": ["*.txt"],
        "rewrites": [{"source": "**", "destination": "/index.html"}],
        "headers": [
            {"source": "/x", "headers": [{"key": "X", "value": "1"}]},
            {"source": "**", "headers": [{"key": "X-Frame-Options", "value": "DENY"}]},
        ],
    },
}


def test_what_people_wrote_into_the_file_stays(call: Call, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    path = tmp_path / "site" / "firebase.json"
    path.write_text(json.dumps(MINE))
    assert call(f"{PUBLISH} --dry-run")[0] == 0

    found = config(tmp_path)
    assert found["firestore"] == MINE["firestore"]
    hosting = found["hosting"]
    assert {name: hosting[name] for name in ("cleanUrls", "ignore", "rewrites")} == {
        "cleanUrls": True,
        "ignore": ["*.txt"],
        "rewrites": MINE["hosting"]["rewrites"],
    }
    assert hosting["headers"][0] == MINE["hosting"]["headers"][0]  # type: ignore[index]
    assert {"key": "X-Frame-Options", "value": "DENY"} in hosting["headers"][1]["headers"]

    before = path.stat().st_mtime_ns
    assert call(f"{PUBLISH} --dry-run")[0] == 0
    assert (config(tmp_path), path.stat().st_mtime_ns) == (found, before)


def test_a_file_about_another_site_gets_a_second_entry(call: Call, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    other = {"site": "web-page", "public": "dist"}
    (tmp_path / "site" / "firebase.json").write_text(json.dumps({"hosting": other}))
    assert call(f"{PUBLISH} --dry-run")[0] == 0

    first, second = config(tmp_path)["hosting"]
    assert (first, second["public"]) == (other, "public")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{ // comment\n}", "cannot be added to"),
        ('{"hosting": {"public": "dist"}}', "deploys the folder dist to this site"),
        ('{"hosting": {"public": "public", "site": "other"}}', "deploys the folder public to the site other"),
        ('{"hosting": "public"}', "none of the CLI's"),
        ('{"hosting": {"public": "public", "headers": {}}}', "none of the CLI's"),
    ],
)
def test_a_file_that_cannot_be_added_to_stops_everything(
    text: str, said: str, call: Call, tmp_path: Path, hosting: HostingService
) -> None:
    (tmp_path / "site").mkdir()
    path = tmp_path / "site" / "firebase.json"
    path.write_text(text)
    for line in (PUBLISH, f"{PUBLISH} --dry-run"):
        code, out, err = call(line)

        assert (code, said in err, "firebase.json" in err) == (1, True, True), (out, err)
        assert (path.read_text(), hosting.versions) == (text, {})
        assert not (tmp_path / "site" / "public").exists()


@pytest.mark.parametrize(
    ("output", "code", "said"),
    [("/", 64, "must end in the name of a folder"), ("..", 64, "must end in the name"), ("SOURCES", 1, "sources")],
)
def test_a_folder_that_cannot_be_is_refused(
    output: str, code: int, said: str, call: Call, tmp_path: Path, hosting: HostingService
) -> None:
    if output == "SOURCES":
        output = str(next(tmp_path.rglob("shop/manifest.json")).parent / "stac" / "public")
    found, _, err = call(f"publish shop --target firebase-hosting --env live --output {output}")

    assert (found, said in err, hosting.versions) == (code, True, {}), err


def test_cleaning_reaches_the_folder_too(call: Call, tmp_path: Path) -> None:
    assert call("create cafe --language json")[0] == 0
    assert call(PUBLISH.replace("shop", "cafe"))[0] == 0

    assert call(f"{PUBLISH} --clean")[0] == 0

    assert not (tmp_path / "site" / "public" / "manifests" / "cafe").exists()


def test_a_site_that_refuses_leaves_the_folder_alone(call: Call, tmp_path: Path) -> None:
    code, _, err = call(f"{PUBLISH} --site nobodys")

    assert (code, "there is no Hosting site nobodys" in err) == (1, True)
    assert not (tmp_path / "site" / "public").exists()
