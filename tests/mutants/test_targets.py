"""The list of what is mutated: everything it names is there, and no part of conditions is forgotten."""

from __future__ import annotations

import tomllib

from mutants.__main__ import HERE, ROOT, equivalents, jobs_of

TARGETS = tomllib.loads((HERE / "targets.toml").read_text("utf-8"))["target"]
MODULES = [module for target in TARGETS for module in target["modules"]]


def test_no_module_stands_there_twice() -> None:
    assert sorted(MODULES) == sorted(set(MODULES))


def test_the_tests_that_should_notice_are_there() -> None:
    assert [test for target in TARGETS for test in target["tests"] if not (ROOT / test).exists()] == []


def test_whatever_is_said_to_change_nothing_can_be_changed() -> None:
    """An entry that outlives what it is about would excuse the next mutant of that name."""
    assert equivalents().keys() - {job.key for job in jobs_of([])} == set()


def test_every_module_of_conditions_is_mutated() -> None:
    folder = "core/src/miniprogram/delivery/evaluation/conditions"
    found = {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*.py")}

    assert found - {*MODULES} == {f"{folder}/__init__.py"}
