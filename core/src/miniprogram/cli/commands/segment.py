"""`segment`: named lists that audiences ask."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from miniprogram.cli.commands.release_command import Work, on_program
from miniprogram.cli.commands.release_lines import table
from miniprogram.cli.commands.release_options import required
from miniprogram.cli.framework.output import Report
from miniprogram.cli.framework.parsing.options import trimmed
from miniprogram.errors import UsageError

Name = Annotated[str | None, typer.Argument(metavar="<segment>", parser=trimmed, help="Name of the segment.")]
IgnoreCase = Annotated[bool, typer.Option("--ignore-case", help="Capital and small letters are the same.")]


def _line(report: Any) -> Iterator[str]:
    what = report.subject
    unit = "ids" if what["kind"] == "ids" else "patterns"
    yield f"{report.command}: {what['name']} version {what['version']}, {what['count']} {unit}"


@on_program(_line)
def create(
    work: Work,
    name: Name = None,
    *,
    member: Annotated[list[str] | None, typer.Option("--id", metavar="ID", help="May be repeated.")] = None,
    pattern: Annotated[
        list[str] | None, typer.Option(metavar="REGEX", help="A regular expression instead; may be repeated.")
    ] = None,
    ignore_case: IgnoreCase = False,
) -> Report:
    """Make a segment of a few ids, or of patterns."""
    from miniprogram.releases.commands.segments import put_ids, put_patterns

    wanted = required(name, "the name of a segment")
    if bool(member) == bool(pattern):
        raise UsageError("give either --id or --pattern")
    if pattern:
        return put_patterns(work.context, work.program, wanted, pattern, ignore_case=ignore_case, create=True)
    return put_ids(work.context, work.program, wanted, member or (), ignore_case=ignore_case, create=True)


@on_program(_line)
def import_file(
    work: Work,
    name: Name = None,
    file: Annotated[
        Path | None, typer.Argument(metavar="<file>", help="Ids, one a line, or a column of a .csv.")
    ] = None,
    *,
    column: Annotated[
        str | None,
        typer.Option(
            parser=trimmed,
            metavar="NAME",
            help="Column of a .csv by name or number; default: its only one, or one called id, userId, email …",
        ),
    ] = None,
    ignore_case: IgnoreCase = False,
) -> Report:
    """Make the ids of a file the segment's next version; they replace those before."""
    from miniprogram.releases.commands.id_files import read_ids
    from miniprogram.releases.commands.segments import put_ids

    wanted = required(name, "the name of a segment")
    if file is None:
        raise UsageError("a file is required")
    ids = read_ids(work.tools.cwd / file, column=column)
    return put_ids(work.context, work.program, wanted, ids, ignore_case=ignore_case)


Ids = Annotated[
    list[str] | None, typer.Option("--add", metavar="ID", help="Put this id into it; may be repeated.")
]
NoIds = Annotated[
    list[str] | None, typer.Option("--remove", metavar="ID", help="Take this id out of it; may be repeated.")
]
FileOfIds = Annotated[Path | None, typer.Option(metavar="FILE", help="The ids of a file, too.")]


@on_program(_line)
def change(
    work: Work,
    name: Name = None,
    *,
    add: Ids = None,
    add_file: FileOfIds = None,
    remove: NoIds = None,
    remove_file: FileOfIds = None,
) -> Report:
    """Put ids into a segment, or take some out, without the others."""
    from miniprogram.releases.commands.id_files import read_ids
    from miniprogram.releases.commands.segments import change_ids

    wanted = required(name, "the name of a segment")
    if not (add or remove or add_file or remove_file):
        raise UsageError("say which ids: --add, --remove, --add-file or --remove-file")

    def ids(given: list[str] | None, file: Path | None) -> list[str]:
        return [*(given or ()), *(read_ids(work.tools.cwd / file) if file is not None else ())]

    return change_ids(work.context, work.program, wanted, add=ids(add, add_file), remove=ids(remove, remove_file))


def _list_lines(report: Any) -> Iterator[str]:
    rows = [
        (each.name, str(each.version), each.kind, str(each.count), each.updated_at) for each in report.segments
    ]
    yield from table(("SEGMENT", "VERSION", "KIND", "COUNT", "UPDATED"), rows)
    if not rows:
        yield f"{report.mini_program_id} has no segments."


@on_program(_list_lines)
def list_segments(work: Work) -> Report:
    """List the segments of a mini-program."""
    from miniprogram.releases.commands.segments import list_segments as listed

    return listed(work.storage, work.program)


def _show_lines(report: Any) -> Iterator[str]:
    segment = report.segment
    yield f"{segment.name}: version {segment.version}, {segment.count} {segment.kind}, by {segment.updated_by}"
    yield from (f"  {pattern}" for pattern in segment.patterns)
    yield f"Used by: {', '.join(report.used_by) or 'nothing'}"
    if report.contains is not None:
        yield f"{report.asked} is {'' if report.contains else 'not '}in it: {report.because}"


@on_program(_show_lines)
def show(
    work: Work,
    name: Name = None,
    *,
    contains: Annotated[
        str | None, typer.Option(parser=trimmed, metavar="ID", help="Say whether this id is in it.")
    ] = None,
) -> Report:
    """Show a segment, who uses it, and whether an id is in it."""
    from miniprogram.releases.commands.segments import show_segment

    return show_segment(work.storage, work.program, required(name, "the name of a segment"), asked=contains)


@on_program(_line)
def remove(work: Work, name: Name = None) -> Report:
    """Remove a segment nothing asks any more."""
    from miniprogram.releases.commands.segments import remove_segment

    return remove_segment(work.context, work.program, required(name, "the name of a segment"))
