"""What `publish` was told, carried out: build, make a bundle, hand it to the target.

Apart from the command itself, so that its help and completion do not import what publishing needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from miniprogram.bundle.from_project import make_bundle
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


@dataclass(frozen=True, slots=True)
class PublishOrder:
    """The command line of one publish. `settings` are options of targets, by field name."""

    program_id: str | None
    program_root: Path | None
    repo_root: Path | None
    target: str | None
    environment: str | None
    base_url: str | None
    allow_older: bool
    dry_run: bool
    builder_script: Path | None
    fetch_dependencies: bool
    settings: Mapping[str, object]


def carry_out(order: PublishOrder, tools: Toolbox) -> PublishReport:
    """Build the mini-program and publish it, or say what that would do."""
    location = locate_program(
        order.program_id, explicit_root=order.program_root, repo_root=order.repo_root, cwd=tools.cwd
    )
    active = _active_environment(tools, location)
    name = order.target or default_target(active)
    spec = tools.registry.target(name)
    environment = (order.environment or active) if spec.needs_environment else None
    url = parse_base_url(order.base_url) if order.base_url else None
    place = _open(spec, order.settings, tools.registry, _context(tools, location, environment))
    built = build_program(
        location, sources=tools.registry.screen_sources(), context=_builder(order, tools, location)
    )
    release = _release(built, tools, base_url=url, allow_older=order.allow_older)
    run = plan_release if order.dry_run else publish_release
    report = run(release, place, target_name=name, environment=environment)
    if order.environment is None or spec.needs_environment:
        return report
    ignored = f"--env {order.environment} was not used: the target {name} needs no environment"
    return report.model_copy(update={"notes": (*report.notes, ignored)})


def _builder(order: PublishOrder, tools: Toolbox, location: ProgramLocation) -> SourceContext:
    return SourceContext(
        environ=tools.environ,
        home=tools.home,
        repo_root=location.repo_root,
        builder_script=order.builder_script,
        fetch_dependencies=order.fetch_dependencies,
    )


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
        providers=lambda: tools.registry.providers(),  # noqa: PLW0108 - asked only by targets that need it
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


def report_lines(report: PublishReport) -> Iterator[str]:
    """The report for people."""
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
