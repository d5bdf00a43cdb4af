"""Plugins that are broken, hostile or clumsy: commands that do not need them work, and the fault is named."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from miniprogram.testing import write_program

pytestmark = pytest.mark.process

API = "MINIPROGRAM_HOOK_API = '>=1.0.0 <2.0.0'\n"
HEAD = f"""{API}
from miniprogram.plugins.markers import hookimpl
from miniprogram.plugins.specs import *
from pydantic import BaseModel, Field
from typing import Any
"""


def hook(name: str, returned: str, *, field: str = "pass") -> str:
    """A plugin that answers one hook; `field` is what its `Settings` hold."""
    return f"""{HEAD}
class Settings(BaseModel):
    {field}

@hookimpl
def miniprogram_{name}():
    return {returned}
"""


def target(field: str, name: str = "webdav", create: str = "lambda *_: None") -> str:
    returned = f"[TargetSpec({name!r}, 'a share', lambda: Settings, {create})]"
    return hook("publish_targets", returned, field=field)


def provider(field: str, name: str = "moon") -> str:
    returned = f"[ProviderSpec({name!r}, 'a cloud', lambda: Settings, lambda *_: None)]"
    return hook("cloud_providers", returned, field=field)


BROKEN = {
    "import error": "import nothing_of_that_name\n",
    "syntax error": "def (:\n",
    "exit": "raise SystemExit(3)\n",
    "other exit": "class Stop(BaseException): pass\nraise Stop('now')\n",
    "wrong type": hook("publish_targets", "7"),
    "wrong item": hook("commands", "['x']"),
    "hook raises": hook("doctor_checks", "1 / 0"),
    "misspelt hook": HEAD + "@hookimpl\ndef miniprogram_comands():\n    return []\n",
    "other api": "MINIPROGRAM_HOOK_API = '>=9'\n",
    "settings raise": target("x: str = 1 / 0"),
    "settings of two names raise": hook(
        "cloud_providers",
        "[ProviderSpec(each, 'a cloud', lambda: 1 / 0, lambda *_: None) for each in ('moon', 'sun')]",
    ),
    "option of a strange type": target("headers: dict[str, str] = {}"),
    "built-in target": target("x: str = ''", name="local"),
    "first-party target": target("x: str = ''", name="static"),
    "built-in provider": provider("x: str = ''", name="filesystem"),
    "screens of the core": hook("screen_sources", "[ScreenSourceSpec('.py', 'mine', lambda _: None)]"),
    "suffix without dot": hook("screen_sources", "[ScreenSourceSpec('toml', 'mine', lambda _: None)]"),
    "built-in command": hook("commands", "[CommandSpec(('publish',), 'mine', 'json:loads')]"),
    "command below a command": hook("commands", "[CommandSpec(('publish', 'x'), 'mine', 'json:loads')]"),
    "interrupt": "raise KeyboardInterrupt\n",
    "hook stops everything": HEAD + "class Stop(BaseException): pass\n"
    "@hookimpl\ndef miniprogram_commands():\n    raise Stop('now')\n",
    "settings stop everything": target("x: str = ''").replace("lambda: Settings", "stop")
    + "class Stop(BaseException): pass\ndef stop(): raise Stop('now')\n",
    "summary that is no text": hook("commands", "[CommandSpec(('mine', 'x'), None, 'json:loads')]"),
    "command that looks like an option": hook("commands", "[CommandSpec(('--mine',), 'mine', 'json:loads')]"),
    "factory that is none": hook("publish_targets", "[TargetSpec('mine', 'mine', lambda: BaseModel, 'create')]"),
    "storages that are a text": hook(
        "backend_templates", "[BackendTemplateSpec('mine', 'mine', 'db', lambda: 0)]"
    ),
    "replaces what others call": target("x: str = ''") + "import json\njson.JSONDecodeError = ValueError\n",
    "replaces a module": target("x: str = ''")
    + "import sys, types\nfor name in ('json', 'hashlib', 'miniprogram.strict_json'):\n"
    "    sys.modules[name] = types.ModuleType(name)\n",
    "replaces what the core means": target("x: str = ''")
    + "import miniprogram.errors\nminiprogram.errors.MiniProgramError.exit_code = True\n",
    "replaces a function it imported": target("x: str = ''")
    + "import miniprogram.suggestions as found\nold = found.closest\nfound.closest = lambda *a: old(*a)\n",
    "replaces how a command ends": target("x: str = ''") + "import sys\nsys.exit = lambda *_: None\n",
    "goes elsewhere": target("x: str = ''") + "import os\nos.chdir('/')\n",
    "sets variables": target("x: str = ''") + "import os\nos.environ['LC_MESSAGES'] = 'x'\n",
    "cannot be stopped": target("x: str = ''") + "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n",
    "writes everybody's log": target("x: str = ''") + "import logging\nlogging.basicConfig(level=50)\n",
    "brings modules from elsewhere": target("x: str = ''") + "import sys\nsys.path.insert(0, '/tmp')\n",
    "option without dashes": target("x: str = Field('', json_schema_extra={'option': 'output'})"),
    "option of one letter": target("x: str = Field('', json_schema_extra={'option': '-o'})"),
    "short option that is long": target("x: str = Field('', json_schema_extra={'short': '--o'})"),
    "option that is no text": target("x: str = Field('', json_schema_extra={'option': 7})"),
    "settings that are no class": target("x: str = ''").replace("lambda: Settings", "lambda: Settings()"),
    "name with a slash": target("x: str = ''", name="a/b"),
    "name in capitals": provider("x: str = ''", name="Filesystem"),
    "suffix in capitals": hook("screen_sources", "[ScreenSourceSpec('.PY', 'mine', lambda _: None)]"),
    "capability twice": hook("capabilities", "[Capability('mine', 'mine', 'mine')] * 2"),
    "no end of things": hook("commands", "iter(lambda: CommandSpec(('mine',), 'mine', 'json:loads'), None)"),
    "command that cannot be loaded": hook("commands", "[CommandSpec(('mine',), 'mine', 'nothing_there:f')]"),
}
CLUMSY = {
    "option of another type": target("output: str = ''"),
    "option of the command": target("env: str = ''"),
    "provider option of another type": provider("port: str = ''"),
    "prints": target("x: str = ''") + "import os\nprint('noise')\nos.write(1, b'more noise')\n",
    "doctor check of a wrong status": hook("doctor_checks", "[DoctorCheckSpec('Odd', lambda _: odd())]")
    + "from miniprogram.seams.checks import Check\ndef odd(): return Check('Odd', 'splendid', 'fine')\n",
    "doctor check that stops everything": hook("doctor_checks", "[DoctorCheckSpec('Stop', stop)]")
    + "class Stop(BaseException): pass\ndef stop(_): raise Stop('now')\n",
    "doctor check that prints": hook("doctor_checks", "[DoctorCheckSpec('Loud', lambda _: print('noise'))]"),
}
TARGET_THAT = (
    HEAD
    + """
from miniprogram.seams.publish_target import PublishPlan, PublishReceipt

class Stop(BaseException): pass
class Settings(BaseModel): pass

class Target:
    def __init__(self):
        self.at("create")
    def at(self, moment):
        if moment == "{when}":
            {does}
    def plan(self, release):
        self.at("plan")
        return PublishPlan("nowhere", ("a",))
    def publish(self, release):
        self.at("publish")
        return PublishReceipt("nowhere", ("a",))

@hookimpl
def miniprogram_publish_targets():
    return [TargetSpec("webdav", "a share", lambda: Settings, lambda *_: Target())]
"""
)
EVERY_COMMAND = Path(__file__).with_name("every_command.py")


@pytest.fixture
def work(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    write_program(tmp_path / "shop")
    return tmp_path


def install(work: Path, code: str, *, name: str = "guest", distribution: str = "dist-guest") -> None:
    site = work / "site"
    site.mkdir(exist_ok=True)
    info = site / f"{distribution.replace('-', '_')}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n\n")
    (info / "entry_points.txt").write_text(f"[miniprogram]\n{name} = {name}_hooks\n")
    (site / f"{name}_hooks.py").write_text(code)


def run(
    work: Path, *argv: str, cwd: Path | None = None, program: str = "", timeout_s: float = 110, **environ: str
) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-P", *([program] if program else ["-m", "miniprogram"]), *argv],
        cwd=cwd or work / "shop",
        env={**os.environ, "HOME": str(work / "home"), "PYTHONPATH": str(work / "site"), **environ},
        capture_output=True,
        encoding="utf-8",
        timeout=timeout_s,
    )
    return done.returncode, done.stdout, done.stderr


def others_work(work: Path) -> None:
    """What needs no plugin of a stranger does what it always does, with clean stdout."""
    code, out, err = run(work, "publish", "--target", "static", "--output", "../out", "--json")
    assert (code, json.loads(out)["command"]) == (0, "publish static"), err
    code, out, err = run(work, "env", "configure", "x", "--provider", "filesystem", "--store", "s", "--port", "81")
    assert code == 0 or "env init" in err, err
    code, out, _ = run(work, "doctor", "--json")
    assert {"Plugins"} <= {row["label"] for row in json.loads(out)["checks"]}
    code, out, _ = run(work, "capabilities", "--json")
    assert (code, json.loads(out)["command"]) == (0, "capabilities")


@pytest.mark.parametrize("code", BROKEN.values(), ids=BROKEN)
def test_a_broken_plugin_is_named_and_harms_nobody(work: Path, code: str) -> None:
    install(work, code)

    others_work(work)
    status, out, _ = run(work, "plugins", "check", "--json")
    report = json.loads(out)
    assert (status, report["hasErrors"]) == (1, True)
    assert [
        (each["plugin"], each["distribution"]) for each in report["problems"] if each["severity"] == "error"
    ] == [("guest", "dist-guest")]


@pytest.mark.parametrize("code", CLUMSY.values(), ids=CLUMSY)
def test_a_clumsy_plugin_harms_nobody(work: Path, code: str) -> None:
    install(work, code)

    others_work(work)
    status, out, _ = run(work, "plugins", "check", "--json")
    assert (status, json.loads(out)["hasErrors"]) == (0, False)


def test_options_of_strangers_keep_working_under_a_longer_name(work: Path) -> None:
    install(work, target("output: str = 'x'", create="lambda settings, _: print(settings.output)"))

    _, out, err = run(work, "publish", "--help")
    assert "--webdav-output" in out, err
    code, _, err = run(work, "publish", "--target", "webdav", "--output", "y")
    assert (code, "it belongs to static" in err) == (64, True)


@pytest.mark.parametrize(
    "argv",
    [
        ["publish", "shop", "--target", "webdav"],
        ["publish", "--mini-program-root", "shop", "--target", "webdav"],
        ["publish", "--mini-program-root=shop", "--target", "webdav"],
        ["publish", "--target", "webdav", "shop"],
    ],
    ids=" ".join,
)
def test_pins_beside_the_mini_program_hold_wherever_the_command_runs(work: Path, argv: list[str]) -> None:
    install(work, target("x: str = ''") + f"open({str(work / 'ran')!r}, 'w')\n")
    (work / "shop" / "miniprogram.toml").write_text('[plugins]\nstatic = "*"\n')

    code, _, err = run(work, *argv, cwd=work)

    assert code != 0
    assert not (work / "ran").exists(), err


@pytest.mark.parametrize("claimed", ["static", "guest"])
def test_a_name_of_somebody_else_never_runs_under_a_pin(work: Path, claimed: str) -> None:
    install(work, f"open({str(work / 'ran')!r}, 'w')\n", name=claimed, distribution="hijack")

    run(work, "plugins", "list", MINIPROGRAM_PLUGINS=claimed)

    assert not (work / "ran").exists()


def test_a_failure_in_a_plugins_code_is_not_called_ours(work: Path) -> None:
    install(work, target("x: str = ''", create="lambda *_: 1 / 0"))

    code, out, err = run(work, "publish", "--target", "webdav")

    assert (code, out) == (1, "")
    assert err.startswith("the plugin guest (dist-guest 1.0) failed: ZeroDivisionError")
    assert "whoever made dist-guest" in err


def test_a_command_that_lies_beside_the_hooks_of_its_plugin_is_still_its_own(work: Path) -> None:
    install(work, hook("commands", "[CommandSpec(('mine', 'go'), 'mine', 'guest_commands:fail')]"))
    (work / "site" / "guest_commands.py").write_text("def fail() -> None:\n    raise LookupError('no way')\n")

    code, out, err = run(work, "mine", "go")

    assert (code, out) == (1, "")
    assert err.startswith("the plugin guest (dist-guest 1.0) failed: LookupError")


@pytest.mark.parametrize("returned", ["'done'", "None", "7"])
def test_a_target_that_returns_something_else_is_named(work: Path, returned: str) -> None:
    made = f"type('T', (), dict(plan=lambda *_: {returned}, publish=lambda *_: {returned}))()"
    install(work, target("x: str = ''", create=f"lambda *_: {made}"))

    code, _, err = run(work, "publish", "--target", "webdav")

    assert code == 1
    assert "the publish target 'webdav' returned" in err


@pytest.mark.parametrize("when", ["create", "plan", "publish"])
@pytest.mark.parametrize("ending", ["raise SystemExit(0)", "raise KeyboardInterrupt", "raise Stop('now')"])
def test_a_target_that_ends_the_process_does_not_pass_for_success(work: Path, when: str, ending: str) -> None:
    install(work, TARGET_THAT.format(when=when, does=ending))

    code, out, err = run(
        work, "publish", "--target", "webdav", "--json", *(["--dry-run"] if when == "plan" else [])
    )

    assert code != 0
    assert not out or json.loads(out)["error"]["exitCode"] == code
    assert "guest (dist-guest 1.0) failed" in err or "Keyboard" in ending


def test_what_a_target_prints_is_not_in_the_document(work: Path) -> None:
    install(
        work, TARGET_THAT.format(when="publish", does="print('noise'); import os; os.system('echo more noise')")
    )

    code, out, err = run(work, "publish", "--target", "webdav", "--json")

    assert (code, json.loads(out)["command"]) == (0, "publish webdav")
    assert "more noise" in err


def test_a_command_ends_though_a_plugin_left_a_thread_running(work: Path) -> None:
    thread = "import threading, time\nthreading.Thread(target=time.sleep, args=(90,), name='lingering').start()\n"
    install(work, target("x: str = ''") + thread)

    code, out, err = run(work, "plugins", "list", "--json")

    assert (code, json.loads(out)["command"]) == (0, "plugins list")
    assert "still running: lingering" in err


MAKES_NOTHING_OF_USE = {
    "target": (
        target("x: str = ''", create="lambda *_: object()"),
        ["publish", "--target", "webdav"],
        "the publish target 'webdav' of guest makes something that is no PublishTarget: object has no plan,",
    ),
    "screen source": (
        hook("screen_sources", "[ScreenSourceSpec('.toml', 'mine', lambda _: None)]"),
        ["build"],
        "the screen file type '.toml' of guest makes something that is no ScreenSource: NoneType has no load",
    ),
    "backend template": (
        hook("backend_templates", "[BackendTemplateSpec('mine', 'mine', ('db',), lambda: 7)]"),
        ["publisher-backend", "scaffold", "--mini-program-root", ".", "--template", "mine"],
        "the backend template 'mine' of guest makes something that is no BackendTemplate: int has no",
    ),
}


@pytest.mark.parametrize(("code", "argv", "told"), MAKES_NOTHING_OF_USE.values(), ids=MAKES_NOTHING_OF_USE)
def test_what_lacks_methods_of_its_seam_is_named(work: Path, code: str, argv: list[str], told: str) -> None:
    install(work, code)
    if ".toml" in code:
        (work / "shop" / "stac" / "screens" / "more.toml").write_text("")

    status, _, err = run(work, *argv)

    assert (status, told in err) == (1, True), err


def test_a_failure_says_where_to_report_it(work: Path) -> None:
    install(work, target("x: str = ''", create="lambda *_: 1 / 0"))
    metadata = work / "site" / "dist_guest-1.0.dist-info" / "METADATA"
    metadata.write_text(
        "Metadata-Version: 2.1\nName: dist-guest\nVersion: 1.0\n"
        "Project-URL: Homepage, https://guest.example/\nProject-URL: Issues, https://guest.example/issues\n\n"
    )

    _, _, err = run(work, "publish", "--target", "webdav")

    assert "Report it at https://guest.example/issues." in err


def test_what_hooks_import_and_how_long_they_take_is_told(work: Path) -> None:
    (work / "site").mkdir()
    (work / "site" / "heavy_sdk.py").write_text("")
    slow = "import time, heavy_sdk\n    time.sleep(0.1)\n    return []"
    install(work, hook("capabilities", "[]").replace("return []", slow))

    code, out, _ = run(work, "plugins", "check")

    assert code == 0
    assert "its hooks import heavy_sdk" in out
    assert re.search(r"guest \(dist-guest\): its hooks took 1\d\d ms", out)


@pytest.mark.timeout(300)
def test_every_command_answers_as_it_does_alone(work: Path) -> None:
    """All of them at once, every command with `--help` and without arguments where there is nothing to work on."""
    alone = _answers(work)
    for number, code in enumerate((*BROKEN.values(), *CLUMSY.values())):
        install(work, code, name=f"guest{number}", distribution=f"dist-guest{number}")

    among_them = _answers(work)

    assert {name: told for name, told in alone.items() if among_them[name] != told} == {}
    assert len(alone) > 150


def _answers(work: Path) -> dict[str, list[object]]:
    code, out, err = run(work, str(work), program=str(EVERY_COMMAND), timeout_s=140)
    assert code == 0, err
    answers: dict[str, list[object]] = json.loads(out)
    return answers


def test_of_two_of_one_name_each_is_told_by_its_distribution(work: Path) -> None:
    for name in ("aaa", "bbb"):
        install(work, API, name="acme", distribution=name)

    _, out, _ = run(work, "plugins", "check", "--json")

    errors = [row for row in json.loads(out)["problems"] if row["severity"] == "error"]
    problems = {row["distribution"]: row["message"] for row in errors}
    assert problems == {
        "aaa": "acme (aaa): bbb gives its plugin the name acme too, so neither is loaded",
        "bbb": "acme (bbb): aaa gives its plugin the name acme too, so neither is loaded",
    }


def test_a_row_of_capabilities_stays_whose_it_was(work: Path) -> None:
    _, before, _ = run(work, "capabilities", "--json")
    ids = json.loads(before)["capabilityIds"]
    rows = ", ".join(f"Capability({each!r}, 'mine', 'mine')" for each in ids)
    install(work, hook("capabilities", f"[{rows}]"), name="aaa", distribution="aaa")

    _, after, _ = run(work, "capabilities", "--json")
    status, _, err = run(work, "plugins", "check")

    assert after == before
    assert (status, "is declared 2 times, by aaa (aaa) and" in err) == (1, True), err
