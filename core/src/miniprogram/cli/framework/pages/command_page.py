"""How the help of a command is laid out: it fits the terminal, and options of plugins stand under their owner."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TextIO

from miniprogram.cli.framework.pages.fitting import fitted
from miniprogram.cli.framework.pages.records import help_record
from miniprogram.cli.framework.terminal import Style, painted, takes_colour, width_of

if TYPE_CHECKING:
    from miniprogram.cli.framework.app_context import AppContext

WIDEST = 100
"""Columns of a page, however wide the terminal is: longer lines are hard to read."""
NARROWEST_TEXT = 24
"""Columns that a text beside its name has at least; with less room it stands below."""
NAME_COLUMN = 30
"""Columns of names at most; a longer one has its text below."""
UNFITTED = "\b"
"""What a text begins with whose lines stay as they are."""

GOES_ON = " \\"
"""How a shell is told that the next line belongs to this one."""

Row = tuple[str, str]
Section = tuple[str, list[Row]]


class OwnedPanel(str):
    """What Typer carries for us with an option of settings: whose it is. The text is empty, Typer shows none.

    `helps` are the texts by owner, as in `SettingOption`; `everybody` are all who could own it.
    """

    helps: Mapping[str, str]
    everybody: frozenset[str]

    def __new__(cls, helps: Mapping[str, str], everybody: frozenset[str]) -> OwnedPanel:
        panel = super().__new__(cls, "")
        panel.helps, panel.everybody = dict(helps), everybody
        return panel


class Page:
    """A page of help as it is written: blocks of lines at most `width` columns wide."""

    def __init__(self, width: int, *, coloured: bool = False) -> None:
        self.width = min(width, WIDEST)
        self.coloured = coloured
        self.lines: list[str] = []

    @classmethod
    def of(cls, tools: AppContext, stream: TextIO | None = None) -> Page:
        """A page for whoever looks at `stream`; stdout unless given."""
        stream = stream or sys.stdout
        return cls(width_of(stream, tools.environ), coloured=takes_colour(stream, tools.environ))

    def text(self) -> str:
        return "\n".join(self.lines) + "\n"

    def usage(self, name: str, pieces: Sequence[str]) -> None:
        """`Usage: NAME PIECES`, whose further lines stand below the first piece if there is room."""
        line = f"Usage: {name} "
        rest = " " * (len(line) if len(line) <= self.width // 2 else 4)
        first, *more = fitted(" ".join([name, *pieces]), self.width, first="Usage: ", rest=rest)
        head = self._styled("Usage:", "heading")
        self.lines += [head + first.removeprefix("Usage:"), *more]

    def paragraphs(self, text: str) -> None:
        """The paragraphs of `text`, which blank lines divide. One that starts with a backspace stays as it is."""
        for block in text.strip("\n").split("\n\n"):
            self.lines.append("")
            if block.startswith(UNFITTED):
                self.lines += [f"  {line}" for line in block.splitlines()[1:]]
            else:
                self.lines += fitted(block, self.width, first="  ", rest="  ")

    def example(self, line: str) -> None:
        """A command line as somebody types it, or copies it: where it goes on, a shell is told."""
        *more, last = fitted(line, self.width - len(GOES_ON), first="  ", rest="      ")
        self.lines += ["", self._styled("For example:", "heading"), *(f"{each}{GOES_ON}" for each in more), last]

    def table(self, heading: str, rows: Sequence[Row]) -> None:
        """A section of names and what they are about."""
        self.lines += ["", self._styled(f"{heading}:", "heading")]
        longest = max((len(name) for name, _ in rows if len(name) <= NAME_COLUMN), default=0)
        for name, text in rows:
            self.lines += self._row(name, text, longest)

    def _row(self, name: str, text: str, longest: int) -> list[str]:
        names = fitted(name, self.width, first="  ", rest="      ")
        beside = self.width - longest - 4 >= NARROWEST_TEXT
        indent = " " * (longest + 4) if beside else " " * 6
        lines = fitted(text, self.width, first=indent, rest=indent) if text else []
        if lines and beside and len(name) <= longest:
            lines[0] = f"  {self._styled(name, 'name')}{lines[0][2 + len(name) :]}"
            return lines
        return [*(self._styled_after_indent(line) for line in names), *lines]

    def _styled_after_indent(self, line: str) -> str:
        start = len(line) - len(line.lstrip())
        return line[:start] + self._styled(line[start:], "name")

    def _styled(self, text: str, style: Style) -> str:
        return painted(text, style) if self.coloured else text


def command_page(command: Any, context: Any, page: Page) -> str:
    """The help of a `Command`; its epilog is an example of how it is typed.

    With a target or provider chosen, only its options stand among those of settings.
    """
    page.usage(context.command_path, command.collect_usage_pieces(context))
    page.paragraphs(inspect.cleandoc(command.help or ""))
    arguments, own, settings = [], [], []
    for parameter in command.get_params(context):
        record = help_record(parameter, context)
        if record is None:
            continue
        if parameter.param_type_name == "argument":
            arguments.append(record)
        elif not isinstance(panel := getattr(parameter, "rich_help_panel", None), OwnedPanel):
            own.append(record)
        elif command.chooser:
            settings.append((record[0], panel))
        else:  # there is one owner only, the command is about it
            own.append((record[0], " ".join(f"{text}." for text in panel.helps.values())))
    chooser, chosen = command.chooser, command.chosen
    sections = _of_one(chooser, chosen, settings) if chosen else _of_owners(chooser, settings)
    for heading, rows in (("Arguments", arguments), ("Options", own), *sections):
        if rows:
            page.table(heading, rows)
    if settings and not chosen:
        page.paragraphs(f"`{context.command_path} {chooser} NAME --help` shows those of one only.")
    if command.epilog:
        page.example(command.epilog)
    return page.text()


def _of_one(chooser: str, chosen: str, settings: Sequence[tuple[str, OwnedPanel]]) -> list[Section]:
    rows = [(names, f"{panel.helps[chosen]}.") for names, panel in settings if chosen in panel.helps]
    return [(f"With {chooser} {chosen}", rows)]


def _of_owners(chooser: str, settings: Sequence[tuple[str, OwnedPanel]]) -> list[Section]:
    """What everybody takes, what several take, then what belongs to one, in the order of the options."""
    any_of_them, several = f"With any {chooser}", f"With several values of {chooser}"
    sections: dict[str, list[Row]] = {any_of_them: [], several: []}
    for names, panel in settings:
        (owner, text), *others = panel.helps.items()
        if not others:
            sections.setdefault(f"With {chooser} {owner}", []).append((names, f"{text}."))
        elif panel.helps.keys() == panel.everybody and len({*panel.helps.values()}) == 1:
            sections[any_of_them].append((names, f"{text}."))
        else:
            sections[several].append((names, joined_help(panel.helps)))
    return list(sections.items())


def joined_help(helps: Mapping[str, str]) -> str:
    """Texts with the names they belong to: owners that say the same are named together."""
    owners: dict[str, list[str]] = {}
    for owner, text in helps.items():
        owners.setdefault(text, []).append(owner)
    return " ".join(f"{text} ({', '.join(names)}).".lstrip() for text, names in owners.items())
