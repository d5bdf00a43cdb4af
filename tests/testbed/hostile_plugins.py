"""Plugins that are broken, hostile or clumsy, as code; installed for a process, and a command line among them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

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
