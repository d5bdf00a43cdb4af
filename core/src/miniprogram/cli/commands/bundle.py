"""`bundle`: bring a version that was let through into another environment, as one file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from miniprogram.cli.commands.actor import ActorName, actor_name
from miniprogram.cli.commands.cloud_session import SelectedEnvironment, in_environment
from miniprogram.cli.commands.program_options import selected_program
from miniprogram.cli.commands.provenance import SHOWN, Signers
from miniprogram.cli.commands.release_command import Work, escaped, on_release
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import Report, emit
from miniprogram.cli.framework.parsing.options import AsJson, ProgramRoot, trimmed
from miniprogram.errors import UsageError

if TYPE_CHECKING:
    from miniprogram.packages.bundle import Bundle
    from miniprogram.promotion.reports import ExportReport, ImportReport, InspectReport, PromotedVersion

SUFFIX = ".mpbundle"
File = Annotated[
    str | None, typer.Argument(metavar="<file>", parser=trimmed, help="A file that `bundle export` wrote.")
]


def _exported(report: ExportReport) -> Iterator[str]:
    yield f"Wrote {report.file}: {report.file_size:,} bytes"
    yield from _about(report.exported)


@on_release(_exported)
def export(
    work: Work,
    *,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", parser=trimmed, metavar="FILE", help=f"Default: ID-VERSION{SUFFIX} here."),
    ] = None,
    signer: Signers = None,
) -> Report:
    """Write a version that was let through, with its approvals, trail and signatures, into one signed file.

    The trail tells of it. What it holds is listed by `bundle inspect`; testers and lists of ids stay here.
    """
    from miniprogram.promotion.use_cases import export_to_file

    path = work.tools.cwd / (output or f"{work.program}-{work.version}{SUFFIX}")
    return export_to_file(
        work.tools,
        work.context,
        work.program,
        work.version,
        work.target,
        path=path,
        signer_uris=signer or (),
    )


def inspect(
    context: typer.Context,
    file: File = None,
    *,
    key: Annotated[
        list[str] | None,
        typer.Option(
            "--key",
            parser=trimmed,
            metavar="KEY",
            help="A public key whose word counts, as `provenance keys` prints it; repeatable.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check that an exported file is whole, and show what is in it. Nothing is imported.

    Without --key this finds damage, not malice: anybody can sign a file.
    """
    from miniprogram.promotion.use_cases import inspect_file

    tools: AppContext = context.obj
    emit(inspect_file(tools.cwd / _required(file), key or ()), as_json=as_json, lines=_inspected)


@in_environment
def import_file(
    selected: SelectedEnvironment,
    file: File = None,
    program_id: Annotated[
        str | None,
        typer.Argument(metavar="[mini-program-id]", parser=trimmed, help="Refuse a file of any other."),
    ] = None,
    *,
    mini_program_root: ProgramRoot = None,
    allow_older: Annotated[
        bool, typer.Option("--allow-older", help="Also a version below the one that is full.")
    ] = False,
    new_origin: Annotated[
        bool,
        typer.Option("--new-origin", help="Also from another environment than all imports so far."),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, and write nothing.")] = False,
    actor: ActorName = None,
    as_json: AsJson = False,
) -> None:
    """Take a version over that another environment exported, with its approvals, or refuse it.

    The release begins as approved: pilot, percentage and the rest follow here. With --mini-program-root the
    version is built from its sources, and refused when they give something else.
    """
    from miniprogram.environments.session import storage_of
    from miniprogram.identity.command_context import CommandContext
    from miniprogram.identity.roles import store_owner
    from miniprogram.promotion.use_cases import ImportRequest, import_from_file

    path = selected.tools.cwd / _required(file)
    tools = selected.tools
    sources = None if mini_program_root is None else _built(tools, mini_program_root)
    session = selected.open()
    context = CommandContext(storage_of(session), store_owner(actor_name(tools, actor)), tools.now())
    request = ImportRequest(path, program_id, sources, allow_older, new_origin, dry_run)
    emit(import_from_file(tools, context, session, request), as_json=as_json, lines=_imported)


def _built(tools: AppContext, root: str) -> Bundle:
    """The version in a folder of sources, built beside them."""
    from tempfile import TemporaryDirectory

    from miniprogram.plugins.absent import unusable_sentences
    from miniprogram.project.build import build_program
    from miniprogram.publish.built_bundle import bundle_of, refuse_unread_screens
    from miniprogram.seams.screen_source import SourceContext

    found = selected_program(tools, None, root, None)
    with TemporaryDirectory() as folder:
        location = replace(found, build_dir=Path(folder) / "build")
        around = SourceContext(
            environ=tools.environ,
            home=tools.home,
            repo_root=location.repo_root,
            unusable_plugins=unusable_sentences(tools.registry.plugins),
        )
        built = build_program(location, sources=tools.registry.screen_sources(), context=around)
        refuse_unread_screens(built)
        return bundle_of(built)


def _required(file: str | None) -> str:
    if file is None:
        raise UsageError("say which file: one that `miniprogram bundle export` wrote")
    return file


def _inspected(report: InspectReport) -> Iterator[str]:
    yield f"{report.file}: whole, {report.file_size:,} bytes"
    yield from _about(report.exported)


def _imported(report: ImportReport) -> Iterator[str]:
    about = report.imported
    name = f"{about.mini_program_id} {about.version}"
    did = "Would import" if report.dry_run else "Imported"
    yield f"{did} {name} into {report.environment_name}: {report.release_id} on {about.target}, {report.state}"
    yield from _about(about)
    yield from escaped(report.checked)
    if report.dry_run:
        yield from (f"  write  {key}" for key in report.written_files)


def _about(about: PromotedVersion) -> Iterator[str]:
    lines = [
        f"{about.mini_program_id} {about.version} on {about.target}, {about.state} in {about.environment}",
        f"Digest: {about.digest}",
        f"Exported: {about.exported_at} by {about.exported_by}",
    ]
    if about.applicant is not None:
        people = ", ".join(each.reviewer for each in about.approvals) or "nobody"
        lines.append(f"Approvals: {people}; {about.applicant} applied")
    lines.append(f"Trail: {about.events} events, ends with {about.trail_hash[:SHOWN]}")
    with_it = [
        *(["provenance"] if about.has_provenance else []),
        *([f"{about.trust_file_count} files of trust metadata"] if about.trust_file_count else []),
    ]
    lines += [f"Beside it: {', '.join(with_it)}"] if with_it else []
    lines += [f"Signed: {', '.join(each[:SHOWN] for each in about.key_ids)}"] if about.key_ids else []
    yield from escaped(lines)
