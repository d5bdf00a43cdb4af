"""Usage texts: of the root, shipped as a file so that nothing need be imported for it, and of groups."""

from __future__ import annotations

from miniprogram.cli.command_table import COMMANDS, GROUPS
from miniprogram.cli.framework.help.usage_lines import SECTIONS, UsageLine, words
from miniprogram.cli.framework.parsing.tree import CommandTree

INTRODUCTION = """\
Usage: miniprogram <command> [options]

Create, validate, publish and deliver mini-programs.
"""

DAILY = {
    "create": "",
    "build": "",
    "preview": "",
    "validate": "",
    "publish": "",
    "versions": "",
    "rollback": "",
    "env": "name the places mini-programs go to, and choose one",
    "release": "take a version through review, pilot and grayscale to everybody",
    "doctor": "",
}
"""With a text for groups; commands have their own."""
CLOSING = """\
miniprogram --version          print the version
miniprogram <command> --help   print the options of a command
miniprogram plugins list       print what installed plugins add

miniprogram help <command>     the same
miniprogram -C <dir> <command> run it in another folder

--verbose and --quiet, as the first word or after a command, write more or less of what is going on.
"""


def render_root() -> str:
    """The text of `miniprogram --help`. The same on every machine, whatever is installed."""
    said: set[str] = set()
    sections = [
        f"{title}:\n" + "".join(_entry(usage, said) for usage in lines) for title, lines in SECTIONS.items()
    ]
    return "\n".join([INTRODUCTION, _daily(), *sections, CLOSING])


def _daily() -> str:
    """What people type every day, a line each."""
    summaries = {spec.path: spec.summary for spec in COMMANDS}
    rows = [(name, about or summaries[name,]) for name, about in DAILY.items()]
    width = max(len(name) for name, _ in rows)
    return "Every day:\n" + "".join(f"  {name:<{width}}  {summary}\n" for name, summary in rows)


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


def _entry(usage: UsageLine, said: set[str]) -> str:
    """A line and what it is about, unless a line before has `said` the same."""
    summary = (usage.summary or _summary(usage)).rstrip(".")
    where = f" ({usage.distribution})" if usage.distribution else ""
    if summary in said:
        return f"  {usage.line}\n"
    said.add(summary)
    return f"  {usage.line}\n      {summary[:1].upper()}{summary[1:]}{where}.\n"


def _summary(usage: UsageLine) -> str:
    """Of the one command the line names, else of the group its commands share."""
    path, *others = words(usage.line)
    one = next((spec.summary for spec in COMMANDS if spec.path == path and not others), "")
    return one or GROUPS.get(path[:-1], "")
