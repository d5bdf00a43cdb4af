"""The lines of the help a person gets: those of what is installed, whoever brings it.

Programs get the shipped text, which is the same on every machine and costs no start of plugins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from miniprogram.cli.framework.help.usage_lines import SECTIONS, UsageLine, words
from miniprogram.plugins.registry import Registry
from miniprogram.plugins.specs import CommandSpec

OTHERS = "Of other plugins"
Path = tuple[str, ...]


def installed_sections(registry: Registry) -> dict[str, tuple[UsageLine, ...]]:
    """SECTIONS as far as they are installed, with the targets and templates of here, and others' commands."""
    brought = registry.commands_by_plugin()
    paths = [spec.path for _, spec in brought]
    sections = {
        title: tuple(_named(usage, registry) for usage in lines if _is_there(usage, paths))
        for title, lines in SECTIONS.items()
    }
    others = tuple(_of_others(brought, {each.entry.name: each.entry.distribution for each in registry.plugins}))
    return {**sections, **({OTHERS: others} if others else {})}


def _is_there(usage: UsageLine, paths: Sequence[Path]) -> bool:
    return not usage.distribution or any(_leads(line, path) for line in words(usage.line) for path in paths)


def _leads(line: Path, path: Path) -> bool:
    return path[: len(line)] == line


def _named(usage: UsageLine, registry: Registry) -> UsageLine:
    """With the names that `--target` and `--template` take here."""
    line = usage.line
    for option, names in (("--target", registry.targets()), ("--template", registry.backend_templates())):
        line = re.sub(rf"(?<={option} )[^\s\]]+\|[^\s\]]+", "|".join(names), line)
    return usage._replace(line=line)


def _of_others(
    brought: Sequence[tuple[str, CommandSpec]], distributions: Mapping[str, str]
) -> Iterator[UsageLine]:
    """A line for each command, or group of commands, of a plugin that SECTIONS say nothing of."""
    known = [line for lines in SECTIONS.values() for usage in lines for line in words(usage.line)]
    groups: dict[tuple[str, Path], list[CommandSpec]] = {}
    for plugin, spec in brought:
        if not any(_leads(line, spec.path) for line in known):
            whole = spec.path[:-1] or spec.path
            groups.setdefault((plugin, whole), []).append(spec)
    for (plugin, path), specs in groups.items():
        inside = "|".join(spec.path[-1] for spec in specs if len(spec.path) > 1)
        about = specs[0].summary if len(specs) == 1 else next((each.group for each in specs if each.group), "")
        line = " ".join((*path, inside)).strip()
        yield UsageLine(line, distributions.get(plugin, plugin), about or f"commands of {plugin}")
