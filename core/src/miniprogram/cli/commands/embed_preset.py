"""`embed preset`: build a host app with a version of a mini-program."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from miniprogram.cli.commands.host_options import (
    HostKind,
    ProjectRoot,
    RequiredAppId,
    project_root,
    required_app_id,
)
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import emit
from miniprogram.cli.framework.parsing.options import AsJson, trimmed
from miniprogram.errors import UsageError

if TYPE_CHECKING:
    from miniprogram.cli.commands.outcomes import PresetChanged
    from miniprogram.packages.package_file import Package
    from miniprogram.seams.host_generator import EmbedRequest, HostGenerator


def preset(
    context: typer.Context,
    app_id: RequiredAppId = None,
    *,
    version: Annotated[
        str | None,
        typer.Option(
            "--version",
            parser=trimmed,
            metavar="VERSION",
            help="This one, not the one that delivery gives the app.",
        ),
    ] = None,
    package: Annotated[
        str | None,
        typer.Option(
            "--package", parser=trimmed, metavar="FILE", help="The version in this package; asks nobody."
        ),
    ] = None,
    digest: Annotated[
        str | None,
        typer.Option(
            "--digest", parser=trimmed, metavar="SHA256", help="It has to be this, as `publish` printed it."
        ),
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Build the app without one again.")] = False,
    root: ProjectRoot = None,
    host: HostKind = None,
    host_app_id: Annotated[
        str | None,
        typer.Option("--host-app-id", parser=trimmed, metavar="ID", help="What the app calls itself to delivery."),
    ] = None,
    host_version: Annotated[
        str | None, typer.Option("--host-version", parser=trimmed, metavar="VERSION", help="Its version.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Build a host app with a version of a mini-program, so that its first start needs no network."""
    from miniprogram.cli.commands.outcomes import PresetChanged
    from miniprogram.hosts.choice import require_host
    from miniprogram.hosts.presets import embed_preset, remove_preset
    from miniprogram.seams.host_generator import EmbedRequest

    tools: AppContext = context.obj
    wanted = required_app_id(app_id)
    given = {"--version": version, "--package": package, "--digest": digest}
    too_much = [option for option, value in given.items() if value is not None]
    if remove and too_much:
        raise UsageError(f"--remove takes the version out: leave {too_much[0]} away")
    if version is not None and package is not None:
        raise UsageError("--version and --package both say which version: give one of them")
    app_root = project_root(tools, root)
    generator = require_host(tools.registry.host_generators(), app_root, kind=host)
    if remove:
        report, found = remove_preset(generator, app_root, wanted), None
    else:
        found = (
            _from_file(tools.cwd / package, wanted)
            if package is not None
            else _from_delivery(generator, EmbedRequest(app_root, host_app_id, host_version), wanted, version)
        )
        report = embed_preset(generator, app_root, found, digest=digest)
    outcome = PresetChanged(
        command="embed preset",
        changed=bool(report.written.written),
        mini_program_id=wanted,
        version=None if found is None else found.bundle.version,
        digest=None if found is None else found.bundle.digest,
        file=str(report.file),
        size=0 if found is None else len(found.archive),
        written_files=tuple(map(str, report.written.written)),
        notes=report.notes,
    )
    emit(outcome, as_json=as_json, lines=_lines)


def _from_file(path: Path, app_id: str) -> Package:
    from miniprogram.packages.package_file import read_package

    found = read_package(path)
    if found.bundle.program_id != app_id:
        raise UsageError(f"{path} is a package of {found.bundle.program_id}, not of {app_id}")
    return found


def _from_delivery(generator: HostGenerator, request: EmbedRequest, app_id: str, version: str | None) -> Package:
    from miniprogram.catalogue.rollback import check_version
    from miniprogram.hosts.preset_loading import load_package
    from miniprogram.hosts.presets import known_endpoint

    endpoint = known_endpoint(generator, request.project_root, app_id)
    plan = generator.plan_embedding(request)
    chosen = None if version is None else check_version(version)
    return load_package(endpoint, host_app=plan.host_app_id, host_version=plan.host_version, version=chosen)


def _lines(report: PresetChanged) -> Iterator[str]:
    if report.version is None:
        yield f"The app is built without {report.mini_program_id} again"
    elif report.changed:
        yield f"The app is built with {report.mini_program_id} {report.version} ({report.size:,} bytes)"
    else:
        yield f"Nothing to change: the app is built with {report.mini_program_id} {report.version} already"
    yield from (f"Wrote {path}" for path in report.written_files)
    yield from (f"Note: {note}" for note in report.notes)
    if report.version is not None and report.changed:
        yield f"Next: whoever publishes {report.mini_program_id} says `--delta-base {report.version}` once."
