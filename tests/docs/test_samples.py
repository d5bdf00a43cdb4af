"""Every command that the documentation shows exists, with its options."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.pages import samples, with_commands
from miniprogram.cli.framework.parsing.command_line import load_command
from miniprogram.plugins.registry import Registry

pytestmark = pytest.mark.slow


def shown_commands() -> Iterator[object]:
    for page, text in with_commands().items():
        if page.endswith("write-a-plugin.md") or page.startswith("examples/plugins/"):
            continue  # of example plugins, which have tests of their own
        for sample in samples(text):
            for command in sample.commands:
                if command.line.startswith("miniprogram "):
                    yield pytest.param(command.line, id=f"{page}: {command.line}"[:120])


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.discover(cwd=Path("/"), environ={})


@pytest.mark.parametrize("command", list(shown_commands()))
def test_every_command_shown_exists_with_its_options(command: str, registry: Registry) -> None:
    words = shlex.split(re.split(r" [|>] ", command, maxsplit=1)[0], comments=True)[1:]
    if words and words[0] in ("--help", "--version", "help"):
        return
    specs = {spec.path: spec for spec in registry.commands()}
    path = next((tuple(words[:size]) for size in range(len(words), 0, -1) if tuple(words[:size]) in specs), None)
    groups = {spec.path[:size] for spec in registry.commands() for size in range(1, len(spec.path))}
    if path is None and tuple(word for word in words if not word.startswith("-")) in groups:
        return
    assert path is not None, f"there is no command like {command!r}"
    accepted = {
        word
        for parameter in load_command(specs[path], lambda: registry).params
        for word in (*parameter.opts, *parameter.secondary_opts)
    } | {"--help", "-h"}
    for word in words[len(path) :]:
        if word.startswith("--"):
            assert word.partition("=")[0] in accepted, command
