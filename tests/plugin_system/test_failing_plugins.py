"""A plugin that fails at its work: the fault is named, with whose it is, and told nobody else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from testbed.hostile_plugins import (
    TARGET_THAT,
    hook,
    install,
    run,
    target,
)

pytestmark = pytest.mark.process


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
