"""The table of doors against the commands, the operations and the pages that there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from miniprogram.cli.command_table import COMMANDS
from miniprogram_server.admin.operations.table import OPERATIONS
from miniprogram_server.console.pages import pages
from miniprogram_server.console.rendering.templates import command_text
from miniprogram_server.doors import DOORS, render

PAGE = Path(__file__).parents[3] / "docs/reference/doors.md"
GROUPS = {"session", "release", "segment", "switch", "app", "member", "token", "audit", "qr", "notice"}
PAGES = {each.path for each in pages(None, None)}


def test_every_command_about_releases_stands_in_the_table() -> None:
    commands = [" ".join(each.path) for each in COMMANDS if each.path[0] in GROUPS]
    assert sorted(commands) == sorted(name for each in DOORS for name in each.commands)


def test_every_operation_stands_in_the_table() -> None:
    names = [name for each in DOORS for name in each.operations]
    assert sorted(each.name for each in OPERATIONS) == sorted(names)


@pytest.mark.parametrize("door", DOORS, ids=lambda each: each.what)
def test_a_page_is_there_and_a_door_that_is_shut_says_why(door) -> None:
    verb_page = door.page.rpartition("/")[0] + "/{verb}"
    assert not door.page or door.page in PAGES or verb_page in PAGES
    assert bool(door.because) == (not all((door.commands, door.operations, door.page)))


def test_every_page_that_acts_stands_in_the_table() -> None:
    acts = {each.path for each in pages(None, None) if each.method == "POST" and not each.is_part}
    known = {each.page for each in DOORS}
    assert {path for path in acts if path not in known and "{verb}" not in path} == set()


def test_the_trail_of_the_console_has_words_for_every_command() -> None:
    """Of those that change something: what is only read leaves no event, and tokens and links have their own."""
    done = {name for each in DOORS for name in each.commands if not _reads(name)}
    assert {name for name in done if command_text(name) in (name, name.removeprefix("release "))} == set()


def _reads(command: str) -> bool:
    told = (
        "list",
        "show",
        "why",
        "simulate",
        "lint",
        "reviews",
        "history",
        "overrides",
        "denials",
        "access",
        "verify",
        "export",
        "log",
        "test",
        "resend",
    )
    return command.rsplit(maxsplit=1)[-1] in (*told, "others", "enable", "disable")


def test_the_page_is_what_the_table_says() -> None:
    assert PAGE.read_text("utf-8") == render(), "run `make reference`"
