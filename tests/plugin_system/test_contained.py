"""Code of plugins runs without effect on the command: interrupts, stdout, patches, what factories make."""

from __future__ import annotations

import _thread
import os
import signal
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

import pytest

from miniprogram.errors import PluginError, UsageError
from miniprogram.plugins.installed.discovery import PluginEntry
from miniprogram.plugins.loading import process_state
from miniprogram.plugins.loading.contained import (
    only_the_document,
    pass_on_interrupt,
    stdout_guarded,
    write_document,
)
from miniprogram.plugins.loading.loader import Footprint
from miniprogram.plugins.loading.patches import look, replaced_since
from miniprogram.plugins.spec_rules import protocol_members, with_checked_factories
from miniprogram.plugins.specs import TargetSpec


def test_ctrl_c_is_for_the_command_whoever_runs() -> None:
    def call_a_plugin() -> None:
        try:
            _thread.interrupt_main()
            for _ in range(1_000_000):
                pass
        except BaseException as error:  # noqa: BLE001
            pass_on_interrupt(error)

    with pytest.raises(KeyboardInterrupt):
        call_a_plugin()


@pytest.mark.parametrize("raised", [KeyboardInterrupt(), KeyboardInterrupt, SystemExit(0), ValueError("x")])
def test_what_code_raises_is_a_failure_of_that_code(raised: BaseException) -> None:
    try:
        raise raised
    except BaseException as error:  # noqa: BLE001
        pass_on_interrupt(error)


def test_only_the_document_reaches_stdout(capfd: pytest.CaptureFixture[str]) -> None:
    with only_the_document():
        print("noise")
        os.write(1, b"deeper noise\n")
        with stdout_guarded():
            print("noise of a hook")
        write_document("{}\n")
        print("more noise")
    print("after")

    out, err = capfd.readouterr()
    assert out == "{}\nafter\n"
    assert {"noise", "deeper noise", "noise of a hook", "more noise"} == set(err.splitlines())


def test_stdout_comes_back_after_an_exception(capfd: pytest.CaptureFixture[str]) -> None:
    before = sys.stdout
    with pytest.raises(ValueError, match="x"), only_the_document():
        raise ValueError("x")

    assert sys.stdout is before
    os.write(1, b"there\n")
    assert capfd.readouterr().out == "there\n"


def test_what_was_replaced_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    import json
    import textwrap

    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    before = look()
    monkeypatch.setattr(json, "dumps", lambda value: "{}")
    monkeypatch.setattr(textwrap.TextWrapper, "wrap", lambda self, text: [])
    monkeypatch.setitem(sys.modules, "colorsys", sys.modules[__name__])

    assert [each for each in replaced_since(before, set()) if not each.startswith("_pytest")] == [
        "json.dumps",
        "textwrap.TextWrapper.wrap",
    ]


def test_what_was_put_into_a_module_that_came_in_meanwhile_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    late, guest = ModuleType("late"), ModuleType("guest_hooks")
    exec("class Late:\n    def go(self): pass\ndef kept(): pass", vars(late))
    exec("def mine(self=None): pass", vars(guest))
    before = look()
    for module in (late, guest):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    late.__dict__["Late"].go = guest.__dict__["mine"]
    late.__dict__["added"] = guest.__dict__["mine"]

    assert replaced_since(before, {"guest_hooks"}) == ["late.Late.go", "late.added"]


def test_what_the_core_means_by_a_name_is_nobodys_to_change(monkeypatch: pytest.MonkeyPatch) -> None:
    before = look()
    monkeypatch.setattr(UsageError, "exit_code", 0)

    assert replaced_since(before, set()) == ["miniprogram.errors.UsageError.exit_code"]


def test_modules_that_code_of_a_plugin_replaced_are_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    import json

    for name in ("colorsys", "late_of_a_plugin"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    footprint = Footprint(PluginEntry("guest", "guest_hooks", "guest", "1"), watch=False)
    for name in ("json", "colorsys", "late_of_a_plugin"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.delitem(sys.modules, "textwrap")

    footprint.stop()

    assert sys.modules["json"] is json
    assert "textwrap" in sys.modules
    assert "colorsys" not in sys.modules, "Python's own is imported by whoever needs it"
    assert "late_of_a_plugin" in sys.modules


def test_what_was_changed_of_the_process_is_found_in_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = process_state.look()
    assert process_state.changed_since(before) == []

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MINE", "1")
    monkeypatch.syspath_prepend(tmp_path)
    usual = signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    try:
        found = process_state.changed_since(before)
    finally:
        signal.signal(signal.SIGUSR1, usual)

    assert found == ["sys.path", "the current folder", "the environment variable MINE", "what happens at SIGUSR1"]


def test_nothing_replaced_is_nothing_found() -> None:
    assert replaced_since(look(), set()) == []


class Base(Protocol):
    kept: int

    def go(self) -> None: ...


class Vehicle(Base, Protocol):
    @property
    def wheels(self) -> int: ...


class Cart:
    kept = 1

    def go(self) -> None: ...

    @property
    def wheels(self) -> int:
        raise AssertionError("looking at it does not run it")


def test_members_of_a_protocol_are_those_of_its_bases_too() -> None:
    assert protocol_members(Vehicle) == ["kept", "go", "wheels"]


def test_a_factory_gives_what_it_made_or_names_what_is_missing() -> None:
    where = {"create": f"{__name__}:Vehicle"}
    sys.modules[__name__].__dict__.setdefault("Vehicle", Vehicle)
    made, other = (with_checked_factories(_spec(thing), where, "target", "guest") for thing in (Cart(), 7))

    assert isinstance(made.create({}, {}), Cart)
    with pytest.raises(
        PluginError, match=r"^the target 'x' of guest makes .* no Vehicle: int has no kept, go, wheels$"
    ):
        other.create({}, {})


def _spec(made: object) -> Any:
    settings: Any = object
    create: Any = lambda *_: made  # noqa: E731
    return TargetSpec("x", "a", settings, create)
