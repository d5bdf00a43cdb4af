"""`provenance`: what a version was built from, and who says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import emit
from miniprogram.cli.framework.parsing.options import (
    AsJson,
    EnvName,
    OptionalProgramId,
    target_names,
    trimmed,
)
from miniprogram.errors import UsageError

if TYPE_CHECKING:
    from miniprogram.publish.provenance_reports import ProvenanceReport, StatementKeys

SHOWN = 12
Signers = Annotated[
    list[str] | None,
    typer.Option(
        "--signer",
        parser=trimmed,
        metavar="URI",
        help="A key to sign with, such as file:release.pem; repeatable, besides those in miniprogram.toml.",
    ),
]


def keys(context: typer.Context, *, signer: Signers = None, as_json: AsJson = False) -> None:
    """Print the public keys of those you sign with, as rules of targets and `--key` take them."""
    from miniprogram.publish.provenance_reports import statement_keys_report

    tools: AppContext = context.obj
    emit(statement_keys_report(tools, signer or ()), as_json=as_json, lines=_keys)


def verify(
    context: typer.Context,
    program_id: OptionalProgramId = None,
    version: Annotated[
        str | None, typer.Argument(metavar="<version>", parser=trimmed, help="A published version.")
    ] = None,
    *,
    key: Annotated[
        list[str] | None,
        typer.Option(
            "--key",
            parser=trimmed,
            metavar="KEY",
            help="A public key whose word counts, as `provenance keys` prints it; repeatable. Default: your own.",
        ),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(
            "--target",
            parser=trimmed,
            metavar="NAME",
            help="Where the version is; local, or cloud with an active environment.",
            autocompletion=target_names,
        ),
    ] = None,
    env: EnvName = None,
    as_json: AsJson = False,
    settings: Mapping[str, object],
) -> None:
    """Show which commit a version was built from, and with what, once its signature was checked.

    Exits with 1 when nobody signed it whose word counts, or when it is about other content than is published.
    """
    from miniprogram.catalogue.rollback import check_version
    from miniprogram.publish.provenance_reports import verify_provenance
    from miniprogram.publish.target_store import opened_target_store

    tools: AppContext = context.obj
    if program_id is None or version is None:
        raise UsageError("say which version: a mini-program and one of its versions")
    wanted = check_version(version)
    with opened_target_store(tools, target=target, environment=env, settings=settings, message="Look") as found:
        report = verify_provenance(tools, found, program_id, wanted, key or ())
    emit(report, as_json=as_json, lines=_verified)


def _keys(report: StatementKeys) -> Iterator[str]:
    for each in report.keys:
        yield each.key
        yield f"  {each.name}, id {each.key_id[:SHOWN]}"


def _verified(report: ProvenanceReport) -> Iterator[str]:
    found = report.provenance
    yield f"{found.mini_program_id} {found.version} in {report.location}: {found.digest}"
    if found.commit is None:
        yield "Commit: none is named"
    else:
        dirty = " and changes that are not committed" if found.dirty else ""
        where = f" of {found.repository}" if found.repository else ""
        yield f"Commit: {found.commit}{where}{dirty}"
    if found.folder:
        yield f"Folder: {found.folder}"
    yield f"Built: {found.finished_at} with {', '.join(f'{n} {v}' for n, v in sorted(found.built_with.items()))}"
    yield f"Signed: {', '.join(each[:SHOWN] for each in found.key_ids)}"
