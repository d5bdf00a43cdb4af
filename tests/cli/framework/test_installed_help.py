"""The help a person gets is about what is installed; programs get the same text everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from miniprogram.cli.framework.help.installed_lines import OTHERS, installed_sections
from miniprogram.cli.framework.help.usage import render_root
from miniprogram.cli.framework.help.usage_lines import SECTIONS
from miniprogram.plugins.installed.first_party import PLUGINS
from miniprogram.plugins.markers import hookimpl
from miniprogram.plugins.registry import Registry
from miniprogram.plugins.specs import CommandSpec


class Acme:
    """A plugin of somebody else."""

    @hookimpl
    def miniprogram_commands(self) -> list[CommandSpec]:
        return [
            CommandSpec(("moon", "up"), "raise the moon", "acme:up", group="Where the moon is."),
            CommandSpec(("moon", "down"), "lower the moon", "acme:down"),
            CommandSpec(("stars",), "count the stars", "acme:stars"),
        ]


def test_nothing_is_told_of_what_is_not_installed() -> None:
    told = render_root(installed_sections(Registry.built_in()))

    assert [name for name in PLUGINS.values() if name in told] == []
    assert "publisher-backend aws" not in told
    assert "--template mock [--storage <name>]" in told
    assert "--target local|cloud] [--env <env-name>]" in told
    assert OTHERS not in told


def test_commands_of_anybody_are_told() -> None:
    registry = Registry.built_in()
    registry.add("acme", Acme())

    told = render_root(installed_sections(registry))

    assert "  moon up|down\n      Where the moon is (acme).\n" in told
    assert "  stars\n      Count the stars (acme).\n" in told


def test_with_everything_installed_it_is_the_text_that_programs_get(tmp_path: Path) -> None:
    found = installed_sections(Registry.discover(cwd=tmp_path, environ={}))

    for title, lines in SECTIONS.items():
        assert [usage.distribution for usage in found[title]] == [usage.distribution for usage in lines]


@pytest.mark.parametrize("plugin", ["aws", "firebase", "server", "trust"])
def test_one_plugin_brings_its_own_lines_only(plugin: str, tmp_path: Path) -> None:
    registry = Registry.discover(cwd=tmp_path, environ={"MINIPROGRAM_PLUGINS": plugin})

    told = {usage.distribution for lines in installed_sections(registry).values() for usage in lines}

    assert told == {"", PLUGINS[plugin]}
