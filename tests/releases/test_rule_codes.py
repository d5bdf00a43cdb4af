"""Codes of rules are one table: what is raised is in it, and what is in it is raised."""

from __future__ import annotations

import re
from pathlib import Path

from miniprogram.releases.state_machine.transitions import TABLE
from miniprogram.rule_codes import RULES

SOURCE = Path(__file__).parents[2] / "core" / "src" / "miniprogram"
_raised = re.compile(r"\b(?:Refused|Denied|_guard)\(\s*\"(\w+)\"").findall


def test_what_is_raised_is_in_the_table_and_the_other_way_round() -> None:
    rooms = [SOURCE / name for name in ("releases", "identity", "documents", "promotion", "notices")]
    raised = {code for room in rooms for path in room.rglob("*.py") for code in _raised(path.read_text("utf-8"))}

    assert raised == set(RULES)


def test_each_guard_of_the_table_has_a_code_of_its_own() -> None:
    guards = {guard for row in TABLE for guard in row.guards}

    assert len({guard.code for guard in guards}) == len(guards)


def test_codes_are_no_names_of_functions() -> None:
    """Renaming a function changes no code: the decorator says it, in so many words."""
    text = (SOURCE / "releases" / "state_machine" / "guards.py").read_text("utf-8")

    assert "__name__" not in text
