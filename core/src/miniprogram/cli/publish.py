"""`publish`: build a mini-program and bring it to where hosts load it from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from miniprogram.bundle.from_project import make_bundle
from miniprogram.cli.options import (
    AsJson,
    EnvName,
    OptionalProgramId,
    ProgramRoot,
    RepoRoot,
    target_names,
    trimmed,
)
from miniprogram.cli.output import emit
from miniprogram.cli.toolbox import Toolbox
from miniprogram.errors import UsageError
from miniprogram.plugins.settings import option_name, parse_settings
from miniprogram.project.build import BuildReport, build_program
from miniprogram.project.location import ProgramLocation, locate_program
from miniprogram.project.screen_source import SourceContext
from miniprogram.publish.base_url import parse_base_url
from miniprogram.publish.default_target import default_target
from miniprogram.publish.publishing import plan_release, publish_release
from miniprogram.publish.report import PublishPlanReport, PublishReport
from miniprogram.publish.target import PublishTarget, Release, TargetContext
from miniprogram.state.env_file import LOCAL, find_env

if TYPE_CHECKING:
    from miniprogram.plugins.registry import Registry
    from miniprogram.plugins.specs import AnyTarget


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
    as_json: AsJson = False,
    settings: Mapping[str, object],
) -> None:
    """Build a mini-program and publish it.

    A published version never changes: the same content again does nothing, other content needs a higher version.
    Until everything is there, hosts get the version they got before.
    """
    tools: Toolbox = context.obj
    location = locate_program(
        program_id,
        explicit_root=Path(mini_program_root) if mini_program_root else None,
        repo_root=Path(repo_root) if repo_root else None,
        cwd=tools.cwd,
    )
    active = _active_environment(tools, location)
    name = target or default_target(active)
    spec = tools.registry.target(name)
    environment = (env or active) if spec.needs_environment else None
    url = parse_base_url(base_url) if base_url else None
    place = _open(spec, settings, tools.registry, _context(tools, location, environment))
    builder = SourceContext(
        environ=tools.environ,
        home=tools.home,
        repo_root=location.repo_root,
        builder_script=tools.cwd / stac_cli_script if stac_cli_script else None,
        fetch_dependencies=not skip_build_pub_get,
    )
    built = build_program(location, sources=tools.registry.screen_sources(), context=builder)
    release = _release(built, tools, base_url=url, allow_older=allow_older)
    run = plan_release if dry_run else publish_release
    report = run(release, place, target_name=name, environment=environment)
    if env and not spec.needs_environment:
        ignored = f"--env {env} was not used: the target {name} needs no environment"
        report = report.model_copy(update={"notes": (*report.notes, ignored)})
    emit(report, as_json=as_json, lines=_lines)


def _active_environment(tools: Toolbox, location: ProgramLocation) -> str | None:
    starts = [tools.cwd, location.root, *([location.repo_root] if location.repo_root else [])]
    found = find_env(explicit_root=None, start_directories=starts, home=tools.home)
    return found.document.active_environment if found else None


def _context(tools: Toolbox, location: ProgramLocation, environment: str | None) -> TargetContext:
    return TargetContext(
        cwd=tools.cwd,
        home=tools.home,
        environ=tools.environ,
        program_root=location.root,
        environment=None if environment == LOCAL else environment,
        repo_root=location.repo_root,
    )


def _open(
    spec: AnyTarget, settings: Mapping[str, object], registry: Registry, context: TargetContext
) -> PublishTarget:
    model = spec.settings()
    for field in settings:
        if field not in model.model_fields:
            raise _foreign_option(field, spec.name, registry)
    target: PublishTarget = spec.create(parse_settings(model, settings), context)
    return target


def _foreign_option(field: str, name: str, registry: Registry) -> UsageError:
    owners = registry.settings_models("publish_targets")
    having = [owner for owner, model in owners.items() if field in model.model_fields]
    option = option_name(field, owners[having[0]].model_fields[field]) if having else f"--{field}"
    return UsageError(f"{option} is an option of the target {' and '.join(having)}, not of {name}")


def _release(built: BuildReport, tools: Toolbox, **options: Any) -> Release:
    screens = {
        path.removeprefix("screens/").removesuffix(".json"): body
        for path, body in built.files.items()
        if path.startswith("screens/")
    }
    return Release(make_bundle(built.location.root, screens), tools.now(), **options)


def _lines(report: PublishReport) -> Iterator[str]:
    name = f"{report.mini_program_id} {report.version}"
    if isinstance(report, PublishPlanReport):
        yield f"Would publish {name} to {report.location}" if report.changed else f"{name} is already there"
        yield from (f"  write  {path}" for path in report.written_files)
        yield from (f"  remove {path}" for path in report.removed_files)
    elif report.changed:
        yield f"Published {name} to {report.location}"
    else:
        yield f"{name} was already published to {report.location}; nothing changed"
    yield f"Files: {_counts(report)}"
    yield f"Digest: {report.digest}"
    if report.delivery_api_base_url is not None:
        yield f"API base URL for hosts: {report.delivery_api_base_url}"
    yield from report.notes


def _counts(report: PublishReport) -> str:
    counts = {
        "to write" if report.dry_run else "written": report.written_file_count,
        "unchanged": report.unchanged_file_count,
        "to remove" if report.dry_run else "removed": report.removed_file_count,
    }
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "none"
