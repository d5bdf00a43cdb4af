"""Usage texts: of the root, shipped as a file so that nothing need be imported for it, and of groups."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from miniprogram.cli.command_table import COMMANDS, GROUPS
from miniprogram.cli.framework.help.usage_lines import SECTIONS, UsageLine, words
from miniprogram.cli.framework.pages.command_page import Page
from miniprogram.cli.framework.pages.fitting import fitted
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
miniprogram help <command>     the same
miniprogram plugins list       print what installed plugins add
miniprogram -C <dir> <command> run it in another folder

--verbose and --quiet, as the first word or after a command, write more or less of what is going on.
"""


MORE_HELP = [
    ("miniprogram help <command>", "a command's options, with an example"),
    ("miniprogram help --all", "every command with its options"),
    ("miniprogram -C <dir> ...", "run in another folder"),
    ("miniprogram --version", "the version of the tool"),
]


def render_root(lines: Mapping[str, Sequence[UsageLine]] = SECTIONS) -> str:
    """The text of `miniprogram --help`: for programs the same on every machine, whatever is installed."""
    said: set[str] = set()
    sections = [f"{title}:\n" + "".join(_entry(usage, said) for usage in each) for title, each in lines.items()]
    return "\n".join([INTRODUCTION, _daily(), *sections, CLOSING])


def _daily_rows() -> list[tuple[str, str]]:
    """What people type every day, and what it does."""
    summaries = {spec.path: spec.summary for spec in COMMANDS}
    return [(name, about or summaries[name,]) for name, about in DAILY.items()]


def _daily() -> str:
    rows = _daily_rows()
    width = max(len(name) for name, _ in rows)
    return "Every day:\n" + "".join(f"  {name:<{width}}  {summary}\n" for name, summary in rows)


def render_group(tree: CommandTree, path: tuple[str, ...], page: Page) -> str:
    """The text of `miniprogram GROUP --help`."""
    name = " ".join(("miniprogram", *path))
    page.usage(name, ["<command>", "[options]"])
    if tree.summary(path):
        page.paragraphs(tree.summary(path))
    page.table("Commands", list(tree.children(path).items()))
    page.paragraphs(f"Run `{name} <command> --help` for the options of a command.")
    return page.text()


def render_start(page: Page, lines: Mapping[str, Sequence[UsageLine]] = SECTIONS) -> str:
    """What somebody at a terminal gets who asks for nothing in particular: it fits on a screen.

    The whole text, which editors read, is `miniprogram help --all`.
    """
    page.usage("miniprogram", ["<command>", "[options]"])
    page.paragraphs("Create, validate, publish and deliver mini-programs.")
    page.table("Every day", _daily_rows())
    page.table("All commands", [(title, ", ".join(_first_words(each))) for title, each in lines.items()])
    page.table("More help", MORE_HELP)
    return page.text()


def fit_root(text: str, width: int) -> str:
    """The whole text in lines of at most `width`: what does not fit goes on below, further in."""
    return "\n".join(each for line in text.splitlines() for each in _fit(line, width)) + "\n"


def _fit(line: str, width: int) -> list[str]:
    if len(line) <= width:
        return [line]
    column = re.match(r" *[^ ]+ {2,}", line)
    if column:  # a name, and its text beside it
        return fitted(line[column.end() :], width, first=column[0], rest=" " * column.end())
    indent = line[: len(line) - len(line.lstrip())]
    return fitted(line, width, first=indent, rest=f"{indent}    ")


def _first_words(lines: Sequence[UsageLine]) -> list[str]:
    return list(dict.fromkeys(word for usage in lines for word, *_ in words(usage.line)))


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
