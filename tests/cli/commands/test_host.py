"""`host endpoint …` and `host run`, as typed; `flutter` is a stub on a temporary PATH."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run

NOON = datetime(2030, 1, 2, 12, tzinfo=UTC)
KEY = "mpk_live_0123456789abcdef0123"

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """An embedded Flutter app."""
    root = tmp_path / "app"
    (root / "lib" / "mini_program").mkdir(parents=True)
    (root / "pubspec.yaml").write_text("name: app\ndependencies:\n  flutter:\n    sdk: flutter\n")
    (root / "lib" / "mini_program" / "mini_program_runtime_setup.dart").write_text("")
    return root


@pytest.fixture
def tools_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


@pytest.fixture
def call(app: Path, tmp_path: Path, tools_folder: Path, capfd: pytest.CaptureFixture[str]) -> Call:
    environ = {"HOME": str(tmp_path / "home"), "PATH": os.pathsep.join([str(tools_folder), "/usr/bin", "/bin"])}

    def typed(*argv: str, cwd: Path = app) -> tuple[int, str, str]:
        code = run(argv, AppContext(cwd=cwd, environ=environ, now=lambda: NOON))
        out, err = capfd.readouterr()
        return code, out, err

    return typed


def stub(folder: Path, script: str) -> None:
    (folder / "flutter").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "flutter").chmod(0o755)


def test_an_endpoint_comes_shows_and_goes(call: Call, app: Path) -> None:
    added = call(
        "host", "endpoint", "add", "--access-key", KEY, "shop", "--api-base-url=https://x.test/api/",
        "--backend-local-mock", "--title", "The Shop",
    )  # fmt: skip
    listed = call("host", "endpoint", "list", "--json")
    lines = call("host", "endpoint", "list")
    removed = call("host", "endpoint", "remove", "shop")
    empty = call("host", "endpoint", "list")

    assert [each[0] for each in (added, listed, lines, removed, empty)] == [0] * 5
    assert not any(KEY in out + err for _, out, err in (added, listed, lines, removed))
    assert json.loads(listed[1])["endpoints"] == [
        {
            "appId": "shop",
            "title": "The Shop",
            "apiBaseUri": "https://x.test/api",
            "accessMode": "protected",
            "hasAccessKey": True,
            "backendBaseUri": "http://127.0.0.1:9090",
            "backendConfigured": True,
            "backendMode": "local_mock",
        }
    ]
    assert lines[1].startswith("shop (The Shop): https://x.test/api (protected)")
    assert KEY not in (app / "lib" / "mini_program" / "mini_program_endpoints.dart").read_text()
    assert "no endpoints" in empty[1]


URL = ["--api-base-url", "https://x.test"]


@pytest.mark.parametrize(
    ("argv", "code", "culprit"),
    [
        ([*URL, "--public"], 64, "id is required"),
        (["shop", "--public"], 64, "--api-base-url"),
        (["shop", *URL], 64, "exactly one"),
        (["shop", *URL, "--public", "--access-key", KEY], 64, "exactly one"),
        (["shop", *URL, "--access-key", " "], 64, "exactly one"),
        (["shop", "--api-base-url", "/relative", "--public"], 64, "--api-base-url"),
        (["shop", *URL, "--public", "--backend-base-url", "x"], 64, "--backend-base-url"),
        (["shop", *URL, "--public", "--backend-base-url", "https://b", "--backend-local-mock"], 64, "not both"),
        (["shop", *URL, "--public", "--backend-local-mock", "--backend-local-mock-port", "0"], 64, "1 to 65535"),
        (["shop", *URL, "--public", "--backend-local-mock-port", "x"], 64, "--backend-local-mock-port"),
        (["shop", *URL, "--public", "surplus"], 64, "surplus"),
        (["a/b", *URL, "--public"], 1, "appId"),
        (["..", *URL, "--public"], 1, "appId"),
        (["shop", *URL, "--access-key", "short-secret"], 1, "24 to 128"),
        (["shop", *URL, "--public", "--title", "a\x1bb"], 1, "title"),
        (["shop", *URL, "--public", "--project-root", ".."], 1, "is not a host app"),
    ],
)
def test_bad_input_changes_nothing(call: Call, app: Path, argv: list[str], code: int, culprit: str) -> None:
    result, out, err = call("host", "endpoint", "add", *argv)

    assert (result, out) == (code, "")
    assert culprit in err
    assert "short-secret" not in err
    assert not list(app.rglob("mini_program_endpoints.dart"))


def test_the_mock_port_matters_only_with_the_mock(call: Call) -> None:
    assert call("host", "endpoint", "add", "a", *URL, "--public", "--backend-local-mock-port", "0")[0] == 0


def test_a_bad_package_is_reported_before_the_host(call: Call, tmp_path: Path) -> None:
    torn = tmp_path / "torn.partner.json"
    torn.write_text("{")

    code, out, err = call("host", "endpoint", "import", str(torn), cwd=tmp_path)

    assert (code, out) == (1, "")
    assert "torn.partner.json is not JSON" in err


def test_run_passes_the_exit_code_and_its_own_streams(call: Call, app: Path, tools_folder: Path) -> None:
    stub(tools_folder, 'echo "$PWD $*"; echo trouble >&2; exit 7')

    code, out, err = call("host", "run", "-d", "chrome")

    assert code == 7
    assert f"{app} run -d chrome\n" in out
    assert "trouble" in err


def test_run_passes_on_what_stands_after_two_dashes(call: Call, app: Path, tools_folder: Path) -> None:
    stub(tools_folder, 'printf "<%s>" "$@"')

    _, out, _ = call("host", "run", "-d", "chrome", "--", "--release", "--", "-d", "a b", "--dart-define=x=1")

    assert "<run><-d><chrome><--release><--><-d><a b><--dart-define=x=1>" in out


def test_run_refuses_surplus_words_without_two_dashes(call: Call, app: Path, tools_folder: Path) -> None:
    stub(tools_folder, "echo started")

    code, out, err = call("host", "run", "-d", "chrome", "release")

    assert (code, out) == (64, "")
    assert "surplus arguments: release" in err


def test_run_needs_a_device_a_host_and_flutter(call: Call, tmp_path: Path) -> None:
    assert call("host", "run")[0] == 64
    assert call("host", "run", "-d", " ")[0] == 64
    assert call("host", "run", "-d", "x", cwd=tmp_path)[0] == 1
    code, _, err = call("host", "run", "-d", "x")
    assert code == 1
    assert "flutter is not on PATH" in err


def test_run_says_that_endpoints_win(call: Call, tools_folder: Path) -> None:
    stub(tools_folder, "exit 0")
    call("host", "endpoint", "add", "shop", *URL, "--public")

    assert "mini_program_endpoints.dart are used instead" in call("host", "run", "-d", "x")[1]


def bind(app: Path, name: str, url: str = "https://bound.test") -> None:
    document = {
        "environmentName": name,
        "provider": "filesystem",
        "backendApiBaseUrl": url,
        "configuredAtUtc": "x",
        "updatedAtUtc": "x",
    }
    (app / ".mini_program").mkdir(exist_ok=True)
    (app / ".mini_program" / "host_cloud.json").write_text(json.dumps(document))


def configure(call: Call, app: Path, name: str, *options: str) -> None:
    call("env", "init")
    store = str(app.parent / name)
    assert call("env", "configure", name, "--provider", "filesystem", "--store", store, *options)[0] == 0


@pytest.mark.parametrize(
    ("bound", "options", "url"),
    [
        (None, [], "https://active.test"),
        (None, ["--env", "local"], None),
        (None, ["--env", "other"], None),
        ("other", [], "https://bound.test"),
        ("other", ["--env", "active"], "https://active.test"),
        ("other", ["--env", "local"], None),
        ("other", ["--env", "cloud"], None),
        ("gone", [], "https://bound.test"),
        ("gone", ["--env", "gone"], "https://bound.test"),
        ("gone", ["--env", "other"], None),
    ],
)
def test_the_url_is_found_in_order(
    call: Call, app: Path, tools_folder: Path, bound: str | None, options: list[str], url: str | None
) -> None:
    stub(tools_folder, 'for each; do echo "argument: $each"; done')
    configure(call, app, "active", "--api-base-url", "https://active.test/")
    configure(call, app, "other")
    call("env", "use", "active")
    if bound:
        bind(app, bound)

    code, out, _ = call("host", "run", "-d", "x", *options)

    defines = [line for line in out.splitlines() if "dart-define" in line]
    assert code == 0
    assert defines == ([f"argument: --dart-define=MINI_PROGRAM_BACKEND_BASE_URL={url}"] if url else [])


def test_an_unknown_environment_is_an_error(call: Call, app: Path, tools_folder: Path) -> None:
    stub(tools_folder, "exit 0")
    bind(app, "other")

    code, out, err = call("host", "run", "-d", "x", "--env", "nope")

    assert (code, out) == (1, "")
    assert "'nope'" in err


@pytest.mark.parametrize("body", ["{", "[]", '{"environmentName": "../x"}', '{"environmentName": 5}'])
def test_a_bad_binding_names_its_file(call: Call, app: Path, tools_folder: Path, body: str) -> None:
    stub(tools_folder, "exit 0")
    bind(app, "x")
    (app / ".mini_program" / "host_cloud.json").write_text(body)

    code, out, err = call("host", "run", "-d", "x")

    assert (code, out) == (1, "")
    assert "host_cloud.json" in err


def test_ctrl_c_ends_flutter_and_answers_130(app: Path, tools_folder: Path, tmp_path: Path) -> None:
    stub(tools_folder, f"echo up > {tmp_path}/up\nexec sleep 60")
    environ = {**os.environ, "HOME": str(tmp_path), "PATH": f"{tools_folder}:/usr/bin:/bin"}
    argv = [sys.executable, "-m", "miniprogram", "host", "run", "-d", "x"]
    child = subprocess.Popen(argv, cwd=app, env=environ, stdout=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + 30
    while not (tmp_path / "up").exists() and time.monotonic() < deadline:
        time.sleep(0.02)

    os.killpg(child.pid, signal.SIGINT)

    assert child.wait(30) == 130
