"""`package`: a version as one file that travels without a network, and the small files that update it."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from miniprogram.cli.commands.program_options import build_folder, selected_program
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import emit
from miniprogram.cli.framework.parsing.options import (
    AsJson,
    BuildDir,
    OptionalProgramId,
    ProgramRoot,
    RepoRoot,
    trimmed,
)
from miniprogram.errors import DocumentError, UsageError
from miniprogram.number_words import number_of

if TYPE_CHECKING:
    from miniprogram.packages.comparison import Comparison
    from miniprogram.packages.inspection import PackageReport
    from miniprogram.packages.package_file import Package
    from miniprogram.pictures.versions import PackageDifference
    from miniprogram.sealing.inspection import SealedReport

PackageFile = Annotated[str, typer.Argument(metavar="PACKAGE", help="A file that `package build` wrote.")]
OldPackage = Annotated[str, typer.Argument(metavar="OLD", help="The package that is there already.")]
Digest = Annotated[
    str | None,
    typer.Option("--digest", parser=trimmed, metavar="sha256:HEX", help="The digest that the version must have."),
]


def build(
    context: typer.Context,
    program_id: OptionalProgramId = None,
    *,
    repo_root: RepoRoot = None,
    mini_program_root: ProgramRoot = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            parser=trimmed,
            metavar="FILE",
            help="The file to write; one that ends in .tar is not compressed. Default: ID-VERSION.tar.zst here.",
        ),
    ] = None,
    build_dir: BuildDir = None,
    as_json: AsJson = False,
) -> None:
    """Build a mini-program and pack it into one file. The same sources give the same version on every machine."""
    from miniprogram.packages.package_file import file_name, package_of, write_package
    from miniprogram.plugins.absent import unusable_sentences
    from miniprogram.project.build import build_program
    from miniprogram.publish.built_bundle import bundle_of, notes_on, refuse_unread_screens
    from miniprogram.publish.this_machine_notes import this_machine_notes
    from miniprogram.seams.screen_source import SourceContext

    tools: AppContext = context.obj
    found = selected_program(tools, program_id, mini_program_root, repo_root)
    location = replace(found, build_dir=build_folder(tools, build_dir))
    unusable = unusable_sentences(tools.registry.plugins)
    around = SourceContext(
        environ=tools.environ, home=tools.home, repo_root=location.repo_root, unusable_plugins=unusable
    )
    built = build_program(location, sources=tools.registry.screen_sources(), context=around)
    refuse_unread_screens(built)
    bundle = bundle_of(built)
    sys.stderr.writelines(f"{note}\n" for note in (*notes_on(built), *this_machine_notes(bundle, None)))
    package = package_of(bundle)
    path = tools.cwd / (output or file_name(package.bundle))
    size = write_package(path, package)
    _tell(package, "package build", path, size, as_json=as_json)


def inspect(context: typer.Context, package: PackageFile, *, as_json: AsJson = False) -> None:
    """Show what a package holds: version, digest, and every file; of a sealed one what is told without a key."""
    from miniprogram.sealing.container import MAX_SEALED_BYTES, is_sealed
    from miniprogram.sealing.inspection import sealed_report
    from miniprogram.strict_json import read_bounded

    tools: AppContext = context.obj
    path = tools.cwd / package
    body = read_bounded(path, max_bytes=MAX_SEALED_BYTES)
    if is_sealed(body):
        report = sealed_report(body, command="package inspect", file=str(path))
        emit(report, as_json=as_json, lines=_sealed_lines)
        return
    _tell(_read(path, None), "package inspect", path, path.stat().st_size, as_json=as_json)


def verify(
    context: typer.Context, package: PackageFile, *, digest: Digest = None, as_json: AsJson = False
) -> None:
    """Check that a package is whole and, with --digest, that it is the version that was meant.

    Without --digest this finds damage, not malice: whoever can change a package can change its index too.
    """
    tools: AppContext = context.obj
    path = tools.cwd / package
    _tell(_read(path, digest), "package verify", path, path.stat().st_size, as_json=as_json)


def diff(
    context: typer.Context,
    old: OldPackage,
    new: Annotated[str, typer.Argument(metavar="NEW", help="The package it is updated to.")],
    *,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", parser=trimmed, metavar="FILE", help="Write the delta into this file."),
    ] = None,
    html: Annotated[
        str | None,
        typer.Option(
            "--html",
            parser=trimmed,
            metavar="FILE",
            help="Draw every screen of both, and write what looks different into this page.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what an update changes and costs, and write the delta that carries it.

    A delta is the Zstandard form that browsers read too (RFC 9842).
    """
    from miniprogram.files import write_atomic
    from miniprogram.packages.comparison import compare
    from miniprogram.pictures.shots import Wanted
    from miniprogram.pictures.versions import PackageDifference, difference_page, picture_versions

    tools: AppContext = context.obj
    first, second = _read(tools.cwd / old, None), _read(tools.cwd / new, None)
    compared, delta = compare(first, second)
    if output is not None:
        if delta is None:
            raise UsageError(
                f"{output} was not written: a delta would be almost as large as the whole package",
                hint=f"Hand out {new} instead.",
            )
        write_atomic(tools.cwd / output, delta)
    pictures = None
    if html is not None:
        painters = tools.registry.screen_painters()
        pictured = picture_versions(painters, first.bundle, second.bundle, Wanted(), tools.environ)
        write_atomic(tools.cwd / html, difference_page(pictured, first.bundle, second.bundle))
        pictures = pictured.difference.screens
    report = PackageDifference(**dict(compared), pictures=pictures)
    emit(report, as_json=as_json, lines=lambda report: _difference_lines(report, html))


def apply(
    context: typer.Context,
    old: OldPackage,
    delta: Annotated[str, typer.Argument(metavar="DELTA", help="A file that `package diff --output` wrote.")],
    *,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            parser=trimmed,
            metavar="FILE",
            help="The file to write. Default: ID-VERSION.tar.zst here.",
        ),
    ] = None,
    digest: Digest = None,
    as_json: AsJson = False,
) -> None:
    """Make the new package of an old one and a delta. Nothing is written unless the result is whole."""
    from miniprogram.packages.delta import apply_delta
    from miniprogram.packages.limits import MAX_ARCHIVE_BYTES
    from miniprogram.packages.package_file import file_name, open_archive, write_package
    from miniprogram.strict_json import read_bounded

    tools: AppContext = context.obj
    before = _read(tools.cwd / old, None)
    body = read_bounded(tools.cwd / delta, max_bytes=MAX_ARCHIVE_BYTES)
    package = open_archive(
        apply_delta(before.archive, body, old_sha256=before.sha256, name=delta),
        name=f"what {delta} makes of {old}",
    )
    _require_digest(package, digest, delta)
    path = tools.cwd / (output or file_name(package.bundle))
    size = write_package(path, package)
    _tell(package, "package apply", path, size, as_json=as_json)


def _read(path: Path, digest: str | None) -> Package:
    from miniprogram.packages.package_file import read_package

    package = read_package(path)
    _require_digest(package, digest, str(path))
    return package


def _require_digest(package: Package, digest: str | None, name: str) -> None:
    found = package.bundle.digest
    if digest is not None and digest != found:
        raise DocumentError(
            f"{name} holds {package.bundle.program_id} {package.bundle.version} with the digest {found}, "
            f"not {digest}"
        )


def _tell(package: Package, command: str, path: Path, size: int, *, as_json: bool) -> None:
    from miniprogram.packages.inspection import report_of

    report = report_of(package, command=command, file=str(path), file_size=size)
    emit(report, as_json=as_json, lines=_package_lines if command == "package inspect" else _summary_lines)


def _sealed_lines(report: SealedReport) -> Iterator[str]:
    yield f"{report.mini_program_id} {report.version}: sealed, {report.file_size:,} bytes"
    yield f"File: {report.file}"
    yield f"Digest: {report.digest}"
    yield f"Algorithm: {report.algorithm}"
    yield f"Package in it: {report.package_size:,} bytes, compressed"
    yield from (f"  for the key {each}" for each in report.recipients)


def _summary_lines(report: PackageReport) -> Iterator[str]:
    files = number_of(len(report.files), "file")
    yield f"{report.mini_program_id} {report.version}: {files}, {report.file_size:,} bytes"
    yield f"File: {report.file}"
    yield f"Digest: {report.digest}"
    yield from report.notes


def _package_lines(report: PackageReport) -> Iterator[str]:
    yield from _summary_lines(report)
    yield f"Archive: {report.archive_size:,} bytes, sha256 {report.archive_sha256}"
    for each in report.files:
        yield f"  {each.size:>10,}  {each.path}"


def _difference_lines(report: PackageDifference, html: str | None) -> Iterator[str]:
    yield from _comparison_lines(report)
    if report.pictures is not None:
        numbers = Counter(each.change for each in report.pictures)
        yield f"Screens: {', '.join(f'{number} {change}' for change, number in numbers.items()) or 'none'}"
        yield f"Pictures: {html}"


def _comparison_lines(report: Comparison) -> Iterator[str]:
    yield f"{report.mini_program_id} {report.old_version} → {report.new_version}"
    for each in report.changes:
        size = each.old_size if each.new_size is None else each.new_size
        yield f"  {each.change:<8} {size:>10,}  {each.path}"
    if not report.changes:
        yield "  no file differs"
    delta = "not worthwhile" if report.delta_size is None else f"{report.delta_size:,} bytes"
    yield f"Delta: {delta}"
    yield f"Changed files: {report.changed_files_size:,} bytes"
    yield f"Whole package: {report.full_size:,} bytes"
