"""`doctor`: every status rule of the contract, and checks that fail."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import psutil
import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.plugins.specs import DoctorCheckSpec
from miniprogram.seams.checks import Check, CheckContext
from miniprogram.workflow.doctor import run_doctor

pytestmark = pytest.mark.slow

LABELS = ["Python runtime", "Screen builder", "Env config", "Platform repo", "Backend workspace", "Backend status"]


class Doctor:
    """Runs `doctor` in a folder of its own, with nothing on PATH."""

    def __init__(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.cwd, self.home, self._capsys = place / "work", place / "home", capsys
        self.cwd.mkdir()
        self.home.mkdir()
        self.environ = {"HOME": str(self.home), "PATH": str(place)}

    def run(self, *argv: str) -> tuple[int, str]:
        self._capsys.readouterr()
        code = run(["doctor", *argv], AppContext(cwd=self.cwd, environ=self.environ))
        out, err = self._capsys.readouterr()
        assert err == ""
        return code, out

    def checks(self, *argv: str) -> tuple[int, dict[str, dict[str, Any]]]:
        code, out = self.run("--json", *argv)
        return code, {check["label"]: check for check in json.loads(out)["checks"]}

    def write(self, name: str, document: Any) -> Path:
        path = self.cwd / ".mini_program" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        return path


@pytest.fixture
def doctor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Doctor:
    return Doctor(tmp_path, capsys)


@pytest.fixture
def workspace(doctor: Doctor, capsys: pytest.CaptureFixture[str]) -> Path:
    """A local backend workspace, recorded in the home folder."""
    root = doctor.home / "backend"
    app_context = AppContext(cwd=doctor.cwd, environ=doctor.environ)
    assert run(["backend", "init", "--root", str(root)], app_context) == 0
    return root


def env_file(**more: Any) -> dict[str, Any]:
    moment = "2030-01-01T00:00:00.000Z"
    return {
        "schemaVersion": 2,
        "activeEnvironment": "local",
        "initializedAtUtc": moment,
        "updatedAtUtc": moment,
        **more,
    }


def test_nothing_configured_is_no_error(doctor: Doctor) -> None:
    code, out = doctor.run("--json")

    document = json.loads(out)
    assert code == 0
    assert list(document) == ["schemaVersion", "command", "hasErrors", "summary", "checks"]
    assert (document["schemaVersion"], document["command"], document["hasErrors"]) == (1, "doctor", False)
    assert [check["label"] for check in document["checks"]][:6] == LABELS
    assert all(list(check) == ["label", "status", "summary", "detail"] for check in document["checks"])
    statuses = [check["status"] for check in document["checks"]]
    assert document["summary"] == {name: statuses.count(name) for name in ("ok", "warning", "error", "skipped")}
    assert statuses[:6] == ["ok", "ok", "warning", "skipped", "warning", "skipped"]


def test_the_text_names_every_check_and_adds_up(doctor: Doctor) -> None:
    code, out = doctor.run()

    assert code == 0
    assert all(f"] {label}: " in out for label in LABELS)
    is_ok = [line for line in out.splitlines() if line.startswith("[ok] ")]
    assert out.splitlines()[-1].startswith(f"{len(is_ok)} ok, ")


def test_an_environment_file_is_found(doctor: Doctor) -> None:
    path = doctor.write("env.json", env_file())

    _, checks = doctor.checks()

    assert checks["Env config"]["status"] == "ok"
    assert str(path) in checks["Env config"]["summary"]


def test_an_unreadable_environment_file_is_an_error(doctor: Doctor) -> None:
    path = doctor.write("env.json", "{")

    code, checks = doctor.checks()

    assert code == 1
    assert checks["Env config"]["status"] == "error"
    assert str(path) in checks["Env config"]["summary"]


def monorepo(root: Path) -> Path:
    for folder in ("mini_programs", "backend/api", "packages/mini_program_tooling"):
        (root / folder).mkdir(parents=True)
    (root / "packages" / "mini_program_tooling" / "pubspec.yaml").write_text("name: mini_program_tooling\n")
    return root


def test_a_monorepo_is_checked_when_named_or_remembered(doctor: Doctor, tmp_path: Path) -> None:
    root = monorepo(tmp_path / "repo")

    assert doctor.checks("--repo-root", str(root))[1]["Platform repo"]["status"] == "ok"
    code, checks = doctor.checks("--repo-root", "elsewhere")
    assert (code, checks["Platform repo"]["status"]) == (1, "error")
    doctor.write("env.json", env_file(repoRootPath=str(root)))
    assert doctor.checks()[1]["Platform repo"]["status"] == "ok"
    doctor.write("env.json", env_file(repoRootPath=str(tmp_path)))
    assert doctor.checks()[1]["Platform repo"]["status"] == "error"


@pytest.mark.usefixtures("workspace")
def test_a_workspace_without_a_server_is_a_warning(doctor: Doctor) -> None:
    code, checks = doctor.checks()

    assert code == 0
    assert checks["Backend workspace"]["status"] == "ok"
    assert (checks["Backend status"]["status"], checks["Backend status"]["summary"]) == ("warning", "not running")


def test_a_recorded_workspace_that_is_gone_is_an_error(doctor: Doctor, workspace: Path) -> None:
    workspace.rename(workspace.with_name("moved"))

    code, checks = doctor.checks()

    assert (code, checks["Backend workspace"]["status"]) == (1, "error")
    assert checks["Backend status"]["status"] == "skipped"


class Healthy(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def port() -> Iterator[int]:
    """Where something answers every request with 200."""
    server = HTTPServer(("127.0.0.1", 0), Healthy)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def process_state(port: int) -> str:
    state = {
        "pid": psutil.Process().pid,
        "port": port,
        "bindHost": "127.0.0.1",
        "healthCheckUrl": f"http://127.0.0.1:{port}/health",
        "stdoutLogPath": "out.log",
        "stderrLogPath": "err.log",
        "startedAtUtc": "2099-01-01T00:00:00.000Z",
    }
    return json.dumps(state)


def test_a_backend_that_answers_is_fine(doctor: Doctor, workspace: Path, port: int) -> None:
    (workspace / ".mini_program" / "backend.local.json").write_text(process_state(port))

    assert doctor.checks()[1]["Backend status"]["status"] == "ok"


def test_a_backend_that_does_not_answer_is_a_warning(doctor: Doctor, workspace: Path) -> None:
    (workspace / ".mini_program" / "backend.local.json").write_text(process_state(1))

    assert doctor.checks()[1]["Backend status"]["status"] == "warning"


def test_a_state_that_cannot_be_read_is_an_error(doctor: Doctor, workspace: Path) -> None:
    (workspace / ".mini_program" / "backend.local.json").write_text("[]")

    code, checks = doctor.checks()

    assert (code, checks["Backend status"]["status"]) == (1, "error")
    assert "backend.local.json" in checks["Backend status"]["summary"]


def test_plugins_in_trouble_are_an_error(doctor: Doctor) -> None:
    doctor.environ["MINIPROGRAM_PLUGINS"] = "absent"

    code, checks = doctor.checks()

    assert (code, checks["Plugins"]["status"]) == (1, "error")
    assert "absent" in checks["Plugins"]["summary"]


def test_pins_that_cannot_be_read_leave_the_built_in_checks(doctor: Doctor) -> None:
    (doctor.cwd / "miniprogram.toml").write_text("[")

    code, checks = doctor.checks()

    assert code == 1
    assert list(checks) == [*LABELS, "Plugins"]


def explode(_: CheckContext) -> Check:
    raise RuntimeError("bang")


def leave(_: CheckContext) -> Check:
    raise SystemExit(0)


def rubbish(_: CheckContext) -> Any:
    return "fine"


@pytest.mark.parametrize(
    ("check", "summary"),
    [
        (explode, "the check failed: RuntimeError: bang"),
        (leave, "the check failed: SystemExit: 0"),
        (rubbish, "the check returned str"),
    ],
)
def test_a_check_that_fails_is_an_error_of_its_own(
    tmp_path: Path, check: Callable[..., Any], summary: str
) -> None:
    context = CheckContext(cwd=tmp_path, home=tmp_path, environ={})
    fine = DoctorCheckSpec("Fine", lambda _: Check("Fine", "ok", "yes"))

    report = run_doctor([DoctorCheckSpec("Odd", check), fine], context, plugin_problems=[])

    assert report.has_errors
    assert [(row.status, row.summary) for row in report.checks[:2]] == [("error", summary), ("ok", "yes")]
