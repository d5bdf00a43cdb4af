"""`version`: the version in a mini-program's manifest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from miniprogram.cli.commands.program_options import SelectedProgram, on_program
from miniprogram.cli.framework.output import emit
from miniprogram.cli.framework.parsing.options import AsJson, trimmed
from miniprogram.errors import UsageError
from miniprogram.models import FrozenModel

if TYPE_CHECKING:
    from miniprogram.project.location import ProgramLocation
    from miniprogram.project.manifest.version_change import Part


class VersionReport(FrozenModel):
    """The version in a manifest, and what it was before. Equal when nothing was changed."""

    schema_version: int = 1
    command: str
    mini_program_id: str
    manifest_path: str
    previous_version: str
    version: str


@on_program
def show(selected: SelectedProgram, *, as_json: AsJson = False) -> None:
    """Print the version in the manifest: what the next publish brings."""
    from miniprogram.project.manifest.version_change import read_version

    location = selected.locate()
    version = read_version(location)
    emit(_report("show", location, version, version), as_json=as_json, lines=lambda report: [report.version])


@on_program
def set_version(
    selected: SelectedProgram,
    version: Annotated[
        str | None,
        typer.Argument(metavar="<version>", parser=trimmed, help="Such as 1.2.0.", show_default=False),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Write a version into the manifest; the rest of the file stays as it is."""
    if version is None:
        raise UsageError("the version to set is required")
    _change("set", version, selected.locate(), as_json=as_json)


@on_program
def patch(selected: SelectedProgram, *, as_json: AsJson = False) -> None:
    """Raise the last number of the version: 1.2.3 becomes 1.2.4, and 1.3.0-rc.1 becomes 1.3.0."""
    _raise("patch", selected.locate(), as_json=as_json)


@on_program
def minor(selected: SelectedProgram, *, as_json: AsJson = False) -> None:
    """Raise the middle number of the version: 1.2.3 becomes 1.3.0."""
    _raise("minor", selected.locate(), as_json=as_json)


@on_program
def major(selected: SelectedProgram, *, as_json: AsJson = False) -> None:
    """Raise the first number of the version: 1.2.3 becomes 2.0.0."""
    _raise("major", selected.locate(), as_json=as_json)


def _raise(part: Part, location: ProgramLocation, *, as_json: bool) -> None:
    from miniprogram.project.manifest.version_change import next_version, read_version

    _change(part, next_version(read_version(location), part), location, as_json=as_json)


def _change(word: str, version: str, location: ProgramLocation, *, as_json: bool) -> None:
    from miniprogram.project.manifest.version_change import change_version

    change = change_version(location, version)
    emit(_report(word, location, change.before, change.after), as_json=as_json, lines=_lines)


def _report(word: str, location: ProgramLocation, before: str, after: str) -> VersionReport:
    return VersionReport(
        command=f"version {word}",
        mini_program_id=location.program_id,
        manifest_path=str(location.root / "manifest.json"),
        previous_version=before,
        version=after,
    )


def _lines(report: VersionReport) -> Iterator[str]:
    if report.version == report.previous_version:
        yield f"{report.mini_program_id} is at {report.version} already"
    else:
        yield f"{report.mini_program_id}: {report.previous_version} -> {report.version}"
