"""`publish`: build a mini-program and bring it to where hosts load it from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from miniprogram.cli.commands.actor import account_name, checked_name, said_name
from miniprogram.cli.commands.program_options import build_folder
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import emit
from miniprogram.cli.framework.parsing.options import (
    AsJson,
    BuildDir,
    EnvName,
    OptionalProgramId,
    ProgramRoot,
    RepoRoot,
    target_names,
    trimmed,
)
from miniprogram.errors import UsageError
from miniprogram.number_words import number_of
from miniprogram.packages.package_options import DEFAULT_DELTAS, PackageOptions
from miniprogram.person_text import printable

if TYPE_CHECKING:
    from miniprogram.publish.report import PublishedPackage, PublishReport
    from miniprogram.publish.versions.changes import VersionChanges
    from miniprogram.publish.versions.json_differences import Difference

DIFFERENCES_SHOWN = 5
"""How many places of a screen are printed; `--json` has all."""
MOST_DELTAS = 100
VALUE_SHOWN = 40
"""Characters of a value that are printed."""


def publish(
    context: typer.Context,
    program_id: OptionalProgramId = None,
    *,
    target: Annotated[
        str | None,
        typer.Option(
            parser=trimmed,
            metavar="NAME",
            help="Where to publish; local, or cloud with an active environment.",
            autocompletion=target_names,
        ),
    ] = None,
    repo_root: RepoRoot = None,
    mini_program_root: ProgramRoot = None,
    env: EnvName = None,
    base_url: Annotated[
        str | None,
        typer.Option(parser=trimmed, metavar="URL", help="Where hosts will load from; images need it."),
    ] = None,
    allow_older: Annotated[
        bool, typer.Option("--allow-older", help="Let a lower version take the place of the one served.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be written, and write nothing there.")
    ] = False,
    stac_cli_script: Annotated[
        str | None,
        typer.Option(parser=trimmed, metavar="FILE", help="Entry script of a Stac builder, for Dart screens."),
    ] = None,
    skip_build_pub_get: Annotated[
        bool, typer.Option("--skip-build-pub-get", help="Leave the dependencies of Dart screens as they are.")
    ] = False,
    build_dir: BuildDir = None,
    deltas: Annotated[
        int,
        typer.Option(
            "--deltas",
            min=0,
            max=MOST_DELTAS,
            metavar="NUMBER",
            help="From how many published versions hosts can update by a small file.",
        ),
    ] = DEFAULT_DELTAS,
    delta_base: Annotated[
        list[str] | None,
        typer.Option(
            "--delta-base",
            parser=trimmed,
            metavar="VERSION",
            help="Also from this version, which host apps have embedded; later versions do so by themselves. "
            "Can be repeated.",
        ),
    ] = None,
    no_delta_base: Annotated[
        list[str] | None,
        typer.Option(
            "--no-delta-base",
            parser=trimmed,
            metavar="VERSION",
            help="Not from this version any more: no host app has it embedded. Can be repeated.",
        ),
    ] = None,
    no_package: Annotated[
        bool, typer.Option("--no-package", help="Store no package and no deltas beside the version.")
    ] = False,
    provenance: Annotated[
        bool,
        typer.Option("--provenance", help="Store a signed statement of which commit it was built from."),
    ] = False,
    actor: Annotated[
        str | None,
        typer.Option(
            "--actor",
            parser=trimmed,
            metavar="NAME",
            help="Who publishes, for `versions`; MINIPROGRAM_ACTOR says it too. The user's name goes only where "
            "hosts cannot read it.",
        ),
    ] = None,
    as_json: AsJson = False,
    settings: Mapping[str, object],
) -> None:
    """Build a mini-program and publish it.

    A published version never changes: the same content again does nothing, other content needs a higher version.
    Until everything is there, hosts get the version they got before.
    """
    from miniprogram.publish.publish_program import PublishRequest, publish_program

    tools: AppContext = context.obj
    request = PublishRequest(
        program_id=program_id,
        program_root=tools.cwd / mini_program_root if mini_program_root else None,
        repo_root=tools.cwd / repo_root if repo_root else None,
        target=target,
        environment=env,
        base_url=base_url,
        allow_older=allow_older,
        dry_run=dry_run,
        builder_script=tools.cwd / stac_cli_script if stac_cli_script else None,
        fetch_dependencies=not skip_build_pub_get,
        settings=settings,
        build_dir=build_folder(tools, build_dir),
        published_by=checked_name(said_name(tools, actor)),
        account=account_name(tools),
        packages=_packages(deltas, delta_base or [], no_delta_base or [], wanted=not no_package),
        provenance=provenance,
    )
    emit(publish_program(request, tools), as_json=as_json, lines=_lines)


def _packages(
    deltas: int, bases: Sequence[str], no_longer: Sequence[str], *, wanted: bool
) -> PackageOptions | None:
    """Raises UsageError for a version that is none, and for deltas without a package."""
    from miniprogram.catalogue.rollback import check_version

    if not wanted and (bases or no_longer or deltas != DEFAULT_DELTAS):
        raise UsageError(
            "--deltas, --delta-base and --no-delta-base have no effect with --no-package: deltas lead to a package"
        )
    both = sorted(set(bases) & set(no_longer))
    if both:
        raise UsageError(f"--delta-base and --no-delta-base contradict each other about {both[0]}")
    named, ended = (tuple(dict.fromkeys(map(check_version, each))) for each in (bases, no_longer))
    return PackageOptions(deltas, named, ended) if wanted else None


def _lines(report: PublishReport) -> Iterator[str]:
    from miniprogram.publish.report import PublishPlanReport

    name = f"{report.mini_program_id} {report.version}"
    if isinstance(report, PublishPlanReport):
        yield f"Would publish {name} to {report.location}" if report.changed else f"{name} is already there"
        yield from _changes(report.changes)
        yield from (f"  write  {path}" for path in report.written_files)
        yield from (f"  write  {path}" for path in (report.package.written_files if report.package else ()))
        yield from (f"  remove {path}" for path in report.removed_files)
    elif report.changed:
        yield f"Published {name} to {report.location}"
    else:
        yield f"{name} was already published to {report.location}; nothing changed"
    yield f"Files: {_counts(report)}"
    if report.package is not None:
        yield f"Package: {_sizes(report.package)}"
    yield f"Digest: {report.digest}"
    if report.delivery_api_base_url is not None:
        yield f"API base URL for hosts: {report.delivery_api_base_url}"
    yield from report.notes


def _changes(changes: VersionChanges | None) -> Iterator[str]:
    """What hosts will see that is new, a line for each screen and a few for what differs in it."""
    if changes is None or changes.is_empty:
        return
    if changes.compared_with is None:
        screens, assets = number_of(len(changes.screens), "screen"), number_of(len(changes.assets), "asset")
        yield f"Nothing is served there yet: {screens} and {assets} are new"
        return
    yield f"Changes since {changes.compared_with}, which is served now:"
    if changes.manifest:
        yield "  manifest changed"
        yield from _differences(changes.manifest)
    for kind, rows in (("screen", changes.screens), ("asset", changes.assets)):
        for row in rows:
            yield f"  {kind} {row.name} {row.change}"
            yield from _differences(row.differences)


def _differences(found: Sequence[Difference]) -> Iterator[str]:
    for each in found[:DIFFERENCES_SHOWN]:
        yield f"      {printable(each.path) or 'all of it'}: {_shown(each)}"
    if len(found) > DIFFERENCES_SHOWN:
        yield f"      and {len(found) - DIFFERENCES_SHOWN} more; --json lists all"


def _shown(each: Difference) -> str:
    if each.absent == "before":
        return f"new, {_value(each.after)}"
    if each.absent == "after":
        return f"gone, was {_value(each.before)}"
    return f"{_value(each.before)} -> {_value(each.after)}"


def _value(value: object) -> str:
    text = printable(json.dumps(value, ensure_ascii=False))
    return text if len(text) <= VALUE_SHOWN else f"{text[: VALUE_SHOWN - 1]}…"


def _sizes(package: PublishedPackage) -> str:
    deltas = ", ".join(f"{each.size:,} from {each.from_version}" for each in package.deltas)
    return f"{package.package_size:,} bytes" + (f", as a delta {deltas}" if deltas else "")


def _counts(report: PublishReport) -> str:
    counts = {
        "to write" if report.dry_run else "written": report.written_file_count,
        "unchanged": report.unchanged_file_count,
        "to remove" if report.dry_run else "removed": report.removed_file_count,
    }
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "none"
