"""`workflow status --json`: every section, and one broken file never kills it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Report = Callable[..., dict[str, Any]]
Call = Callable[..., tuple[int, str, str]]

KEY = "mpk_live_" + "k" * 32


def test_an_empty_folder_is_the_smallest_report(report: Report, workspace: Path) -> None:
    assert report() == {
        "schemaVersion": 1,
        "command": "workflow status",
        "generatedAtUtc": "2030-01-02T12:00:00.123Z",
        "workspace": {"path": str(workspace), "exists": True, "type": "unknown"},
        "environment": {"configured": False},
        "miniProgram": {"detected": False},
        "hostApp": {"detected": False},
        "backend": {"configured": False, "statusChecked": False},
        "remote": {"checked": False},
        "ready": False,
        "severity": "warning",
        "nextActions": ["Open a mini-program or Flutter host app workspace."],
    }


def test_a_folder_that_is_not_there_is_told(report: Report, workspace: Path) -> None:
    found = report("--workspace", "nowhere")["workspace"]
    assert found == {"path": str(workspace / "nowhere"), "exists": False, "type": "unknown"}


def test_a_built_program_is_described(report: Report, program: Path) -> None:
    found = report()["miniProgram"]
    assert (found["detected"], found["appId"], found["version"], found["entry"]) == (
        True,
        "shop",
        "1.0.0",
        "shop_home",
    )
    assert found["build"] == {
        "screensDirectory": str(program / "stac/.build/screens"),
        "exists": True,
        "screenCount": 1,
        "entryScreenPath": str(program / "stac/.build/screens/shop_home.json"),
        "entryScreenExists": True,
        "stale": False,
    }
    assert found["validation"] == {"status": "ok", "errorCount": 0, "warningCount": 0}
    assert "manifestError" not in found


def test_a_source_newer_than_the_build_is_stale(report: Report, program: Path) -> None:
    source = program / "stac" / "screens" / "shop_home.json"
    source.parent.mkdir()
    source.write_text("{}")
    built = program / "stac/.build/screens/shop_home.json"
    later = built.stat().st_mtime + 5
    os.utime(source, (later, later))
    found = report()
    assert found["miniProgram"]["build"]["stale"] is True
    assert found["nextActions"][0] == "Run `miniprogram build`."


def test_a_build_that_changes_nothing_is_current_again(call: Call, report: Report, program: Path) -> None:
    source = program / "stac/screens/shop_home.json"
    source.parent.mkdir()
    source.write_text('{"type": "center"}')
    assert call("build")[0] == 0
    for path in (program / "stac/.build").rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    os.utime(program / "stac/.build", (1_000_000_000, 1_000_000_000))
    assert report()["miniProgram"]["build"]["stale"] is True
    built = (program / "stac/.build/screens/shop_home.json").stat()

    code, out, _ = call("build")

    assert (code, out.split(" ")[:2]) == (0, ["Already", "built"])
    assert report()["miniProgram"]["build"]["stale"] is False
    assert (program / "stac/.build/screens/shop_home.json").stat() == built


@pytest.mark.parametrize("name", ["stac/screens/case.toml", "stac/components/case.json"])
def test_screens_that_are_not_built_are_counted_as_by_validate(
    call: Call, report: Report, program: Path, name: str
) -> None:
    for file in ("stac/screens/shop_home.json", name):
        (program / file).parent.mkdir(parents=True, exist_ok=True)
        (program / file).write_text('{"type": "scaffold"}', "utf-8")

    _, out, _ = call("validate", "--json")
    found = report()["miniProgram"]["validation"]

    assert found == {"status": "warning", "errorCount": 0, "warningCount": json.loads(out)["warningCount"]}
    assert found["warningCount"] > 0


def test_partner_packages_are_told_without_their_keys(call: Call, program: Path) -> None:
    package = {"appId": "shop", "title": "Shop", "apiBaseUrl": "https://x/api", "accessKey": KEY}
    (program / "a.partner.json").write_text(json.dumps(package))
    (program / "b.partner.json").write_text("{")
    code, out, _ = call("workflow", "status", "--json")
    first, second = json.loads(out)["miniProgram"]["partnerPackages"]
    assert code == 0
    assert KEY not in out
    assert (first["accessMode"], first["hasAccessKey"], first["backendConfigured"]) == ("protected", True, False)
    assert set(second) == {"filePath", "error"}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"id": 7, "id": 8}', "\ufeff nothing"])
def test_a_broken_manifest_is_told_in_its_section(report: Report, program: Path, text: str) -> None:
    (program / "manifest.json").write_text(text)
    found = report()
    assert found["miniProgram"]["manifestExists"] is False
    assert "manifest.json" in found["miniProgram"]["manifestError"]
    assert found["miniProgram"]["validation"]["status"] == "not_run"
    assert found["severity"] == "error"


@pytest.mark.parametrize("text", ["{", "[]", '{"schemaVersion": 99}', '{"schemaVersion": 2}', "\x00"])
def test_a_broken_env_file_is_told_in_its_section(report: Report, program: Path, text: str) -> None:
    (program / ".mini_program").mkdir()
    (program / ".mini_program" / "env.json").write_text(text)
    found = report("--remote")
    assert found["environment"]["configured"] is False
    assert "env.json" in found["environment"]["error"]
    assert found["remote"]["errors"] == ["No named cloud environment is configured."]
    assert (found["severity"], found["ready"]) == ("error", False)


@pytest.mark.parametrize("text", ["{", "[]", '{"schemaVersion": 99}', '{"schemaVersion": 1}'])
def test_a_broken_backend_record_is_told_in_its_section(report: Report, program: Path, text: str) -> None:
    (program / ".mini_program").mkdir()
    (program / ".mini_program" / "backend_workspace.json").write_text(text)
    found = report()
    assert found["backend"]["configured"] is False
    assert "backend_workspace.json" in found["backend"]["error"]
    assert found["severity"] == "error"


def test_a_backend_that_is_gone_is_told(report: Report, call: Call, program: Path, tmp_path: Path) -> None:
    import shutil

    assert call("backend", "init", "--root", str(tmp_path / "backend"))[0] == 0
    assert report()["backend"]["statusChecked"] is True
    assert report()["backend"]["healthy"] is False
    shutil.rmtree(tmp_path / "backend")
    found = report()["backend"]
    assert (found["configured"], found["statusChecked"]) == (True, False)
    assert "not one any more" in found["error"]


def test_environment_values_show_no_secret(call: Call, program: Path, tmp_path: Path) -> None:
    assert call("env", "init")[0] == 0
    path = program / ".mini_program" / "env.json"
    document = json.loads(path.read_text())
    values = {"bucket": "b", "region": "eu-west-1", "apiKey": KEY, "requireAccessKeys": True}
    times = {"configuredAtUtc": "2030-01-01T00:00:00.000Z", "updatedAtUtc": "2030-01-01T00:00:00.000Z"}
    document["cloudEnvironments"] = [{"name": "prod", "provider": "moon", "values": values, **times}]
    path.write_text(json.dumps(document))
    code, out, _ = call("workflow", "status", "--json", "--env", "prod", "--remote")
    found = json.loads(out)
    assert (code, KEY in out) == (0, False)
    assert found["environment"] | {"rootPath": "", "filePath": ""} == {
        "configured": True,
        "scope": "local",
        "rootPath": "",
        "filePath": "",
        "activeEnvironment": "local",
        "selectedEnvironment": "prod",
        "cloudEnvironmentCount": 1,
        "provider": "moon",
        "requireAccessKeys": True,
        "cloudConfigured": True,
        **times,
        "apiBaseUrl": None,
        "bucket": "b",
        "region": "eu-west-1",
        "projectId": None,
        "functionName": None,
        "functionUrl": None,
        "artifactsPrefix": None,
        "metadataPrefix": None,
        "awsProfile": None,
        "stackName": None,
        "stageName": None,
        "samS3Bucket": None,
        "serviceName": None,
    }
    assert found["remote"]["provider"] == "moon"
    assert "moon" in found["remote"]["errors"][0]
    assert found["severity"] == "warning"


def test_an_unknown_environment_is_selected_but_not_configured(report: Report, call: Call, program: Path) -> None:
    call("env", "init")
    found = report("--env", "nowhere")
    environment = found["environment"]
    assert (environment["selectedEnvironment"], environment["provider"]) == ("nowhere", None)
    assert environment["cloudConfigured"] is False
    assert "Run `miniprogram env use <env-name>`." in found["nextActions"]


def test_a_program_with_everything_in_place_is_ready(
    report: Report, call: Call, program: Path, tmp_path: Path
) -> None:
    call("env", "init")
    store = tmp_path / "store"
    assert call("env", "configure", "team", "--provider", "filesystem", "--store", str(store))[0] == 0
    assert call("env", "use", "team")[0] == 0
    found = report()
    assert (found["ready"], found["severity"]) == (True, "ok")
    assert found["nextActions"] == ["Run `miniprogram workflow status --remote`."]
    remote = report("--remote")
    assert remote["remote"]["checked"] is True
    assert remote["remote"]["cloudStatus"]["stackExists"] is False
    assert remote["ready"] is False


def test_a_host_app_is_described_without_keys(call: Call, workspace: Path) -> None:
    (workspace / "pubspec.yaml").write_text(
        "name: host\nversion: 1.0.0\ndependencies:\n  flutter:\n    sdk: flutter\n"
    )
    (workspace / "lib").mkdir()
    assert call("embed", "init")[0] == 0
    empty = json.loads(call("workflow", "status", "--json")[1])
    assert (empty["workspace"]["type"], empty["severity"]) == ("host_app", "warning")
    assert empty["nextActions"] == ["Run `miniprogram host endpoint import <partner.json>`."]
    add = ("host", "endpoint", "add", "shop", "--api-base-url", "https://x.example/api", "--access-key", KEY)
    assert call(*add)[0] == 0
    code, out, _ = call("workflow", "status", "--json")
    host = json.loads(out)["hostApp"]
    assert (code, KEY in out) == (0, False)
    assert (host["endpointCount"], host["endpointAppIds"], host["registryAppIds"]) == (1, ["shop"], ["shop"])
    assert host["endpoints"] == [
        {
            "appId": "shop",
            "apiBaseUri": "https://x.example/api",
            "accessMode": "protected",
            "hasAccessKey": True,
            "backendBaseUri": None,
            "backendConfigured": False,
            "backendMode": "none",
        }
    ]
    assert host["hostCloud"] == {"configured": False}
    assert json.loads(out)["ready"] is True


@pytest.mark.parametrize(
    ("place", "member"),
    [
        ("lib/mini_program/mini_program_endpoints.dart", "endpointMapError"),
        (".mini_program/host_cloud.json", "hostCloud"),
    ],
)
def test_a_broken_host_file_is_told_in_its_member(call: Call, workspace: Path, place: str, member: str) -> None:
    (workspace / "pubspec.yaml").write_text("name: host\ndependencies:\n  flutter:\n    sdk: flutter\n")
    (workspace / "lib").mkdir()
    call("embed", "init")
    path = workspace / place
    path.parent.mkdir(exist_ok=True)
    path.write_text("// BEGIN MINI_PROGRAM_ENDPOINTS_JSON\n// {bad\n// END MINI_PROGRAM_ENDPOINTS_JSON\n")
    code, out, _ = call("workflow", "status", "--json")
    told = json.loads(out)["hostApp"][member]
    assert code == 0
    assert path.name in (told if isinstance(told, str) else told["error"])
    assert json.loads(out)["severity"] == "error"


def test_text_says_what_is_next(call: Call, program: Path) -> None:
    code, out, err = call("workflow", "status")
    assert (code, err) == (0, "")
    assert "Mini-program: shop 1.0.0" in out
    assert "  Run `miniprogram env init` and configure a cloud env." in out


@pytest.mark.parametrize("argv", [["--workspace"], ["surplus"], ["--remote=yes"]])
def test_usage_errors(call: Call, argv: list[str]) -> None:
    assert call("workflow", "status", *argv)[0] == 64
