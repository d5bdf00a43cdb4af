"""The shipped root help is what the code renders, and says what editors look for."""

from pathlib import Path

import pytest

from miniprogram.cli.command_table import COMMANDS, GROUPS
from miniprogram.cli.framework.help.usage import DAILY, render_root
from miniprogram.cli.framework.help.usage_lines import SECTIONS, words
from miniprogram.fast_path import root_help
from miniprogram.plugins.installed.first_party import bringer
from miniprogram.plugins.registry import Registry

WANTED = [
    "publish [mini-program-id] [--target local|cloud|static|firebase-hosting]",
    "capabilities [--json]",
    "access-key create|list|revoke|rotate",
    "cloud outputs [--format text|dart-define]",
    "cloud app list|info|disable|delete",
    "workflow status [--workspace <path>]",
    "partner package <mini-program-id>",
    "host run -d <device> [--env <env-name>]",
    "host endpoint add <mini-program-id>",
    "host endpoint import <partner-package.json>",
    "embed init [--project-root <path>] [--with-demo]",
    "embed cloud configure [--env <env-name>]",
    "publisher-backend scaffold --template mock|aws-lambda|firebase-functions",
    "publisher-backend aws deploy|status|outputs|smoke|seed|data|logs",
    "publisher-backend firebase deploy|status|outputs|host-command|handoff|smoke",
]
"""The contract's `root_usage_must_contain`."""


def test_the_shipped_text_is_current() -> None:
    assert root_help() == render_root(), "run: python -m miniprogram.cli.framework.help.reference docs/reference"


@pytest.mark.parametrize("line", WANTED)
def test_it_contains_what_editors_look_for(line: str) -> None:
    assert line in root_help()


def test_every_command_and_group_has_a_line(tmp_path: Path) -> None:
    known = {path for lines in SECTIONS.values() for usage in lines for path in words(usage.line)}
    commands = {spec.path for spec in Registry.discover(cwd=tmp_path, environ={}).commands()}

    assert {path for path in commands if not any(path[: len(line)] == line for line in known)} == set()
    assert {path for path in GROUPS if not any(line[: len(path)] == path for line in known)} == set()


def test_what_people_type_every_day_comes_first_and_nothing_is_said_twice() -> None:
    lines = root_help().splitlines()

    assert lines[4] == "Every day:"
    assert [line.split()[0] for line in lines[5:15]] == list(DAILY)
    assert all(len(line) <= 80 for line in lines[:15])
    about = [line for line in lines if line.startswith("      ")]
    assert len(about) == len(set(about))


def test_every_line_says_what_it_is_about() -> None:
    assert "      .\n" not in root_help()


def test_a_distribution_is_named_only_for_what_the_core_lacks() -> None:
    assert [spec.path for spec in COMMANDS if bringer("command", " ".join(spec.path))] == []


@pytest.mark.parametrize(
    ("path", "distribution"),
    [
        (("serve",), "miniprogram-server"),
        (("publisher-backend", "aws"), "miniprogram-aws"),
        (("publisher-backend", "firebase", "data", "export"), "miniprogram-firebase"),
        (("publisher-backend", "azure"), ""),
        (("nonsense",), ""),
    ],
    ids=str,
)
def test_who_brings_a_command(path: tuple[str, ...], distribution: str) -> None:
    assert (bringer("command", " ".join(path)) or "") == distribution
