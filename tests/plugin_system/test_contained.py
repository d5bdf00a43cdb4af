"""Code of plugins runs without effect on the command: interrupts, stdout, patches, what factories make."""

from __future__ import annotations

import _thread
import os
import sys
from typing import Any, Protocol

import pytest

from miniprogram.errors import PluginError
from miniprogram.plugins.loading.contained import (
    only_the_document,
    pass_on_interrupt,
    stdout_guarded,
    write_document,
)
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

    assert [each for each in replaced_since(before) if not each.startswith("_pytest")] == [
        "json.dumps",
        "textwrap.TextWrapper.wrap",
    ]


def test_nothing_replaced_is_nothing_found() -> None:
    assert replaced_since(look()) == []


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
