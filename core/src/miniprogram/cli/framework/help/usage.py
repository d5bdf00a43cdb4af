"""Usage texts: of the root, shipped as a file so that nothing need be imported for it, and of groups."""

from __future__ import annotations

from miniprogram.cli.command_table import COMMANDS, GROUPS
from miniprogram.cli.framework.help.usage_lines import SECTIONS, UsageLine, words
from miniprogram.cli.framework.parsing.tree import CommandTree

INTRODUCTION = """\
Usage: miniprogram <command> [options]

Create, validate, publish and deliver mini-programs.
"""

CLOSING = """\
miniprogram --version          print the version
miniprogram <command> --help   print the options of a command
miniprogram plugins list       print what installed plugins add

--verbose, as the first word or after a command, writes what is going on to stderr.
"""


def render_root() -> str:
    """The text of `miniprogram --help`. The same on every machine, whatever is installed."""
    sections = [f"{title}:\n" + "".join(map(_entry, lines)) for title, lines in SECTIONS.items()]
    return "\n".join([INTRODUCTION, *sections, CLOSING])


def render_group(tree: CommandTree, path: tuple[str, ...]) -> str:
    """The text of `miniprogram GROUP --help`."""
    name = " ".join(("miniprogram", *path))
    rows = tree.children(path)
    width = max(map(len, rows), default=0)
    about = f"{tree.summary(path)}\n\n" if tree.summary(path) else ""
    lines = "".join(f"  {child:<{width}}  {summary}".rstrip() + "\n" for child, summary in rows.items())
    return (
        f"Usage: {name} <command> [options]\n\n{about}Commands:\n{lines}\n"
        f"Run `{name} <command> --help` for the options of a command.\n"
    )


def _entry(usage: UsageLine) -> str:
    summary = (usage.summary or _summary(usage)).rstrip(".")
    where = f" ({usage.distribution})" if usage.distribution else ""
    return f"  {usage.line}\n      {summary[:1].upper()}{summary[1:]}{where}.\n"


def _summary(usage: UsageLine) -> str:
    """Of the one command the line names, else of the group its commands share."""
    path, *others = words(usage.line)
    one = next((spec.summary for spec in COMMANDS if spec.path == path and not others), "")
    return one or GROUPS.get(path[:-1], "")
