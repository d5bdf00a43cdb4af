"""The use case behind `publish`: build a mini-program, make a bundle, hand it to the target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from miniprogram.clock import Clock
from miniprogram.environments.session import CloudSession, open_to_publish
from miniprogram.plugins.settings import parse_settings, settings_for
from miniprogram.project.build import build_program
from miniprogram.project.location import ProgramLocation, locate_program
from miniprogram.publish.base_url import parse_base_url
from miniprogram.publish.built_bundle import bundle_of, refuse_unread_screens
from miniprogram.publish.default_target import default_target
from miniprogram.publish.publishing import plan_release, publish_release
from miniprogram.publish.report import PublishReport
from miniprogram.seams.publish_target import PublishTarget, Release, TargetContext
from miniprogram.seams.screen_source import SourceContext
from miniprogram.state.env_file import LOCAL, find_env

if TYPE_CHECKING:
    from miniprogram.plugins.registry import Registry
    from miniprogram.plugins.specs import AnyTarget


class RunContext(Protocol):
    """Where a publish runs, what time it is, and which plugins there are."""

    @property
    def cwd(self) -> Path: ...
    @property
    def home(self) -> Path: ...
    @property
    def environ(self) -> Mapping[str, str]: ...
    @property
    def registry(self) -> Registry: ...
    @property
    def now(self) -> Clock: ...


@dataclass(frozen=True, slots=True)
class PublishRequest:
    """What is to be published, and how. `settings` are options of targets, by field name."""

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


def publish_program(request: PublishRequest, run_context: RunContext) -> PublishReport:
    """Build the mini-program and publish it, or say what that would do."""
    location = locate_program(
        request.program_id, explicit_root=request.program_root, repo_root=request.repo_root, cwd=run_context.cwd
    )
    run_context.registry.require_pins_of(location.root, run_context.environ)
    active = _active_environment(run_context, location)
    name = request.target or default_target(active)
    spec = run_context.registry.target(name)
    environment = (request.environment or active) if spec.needs_environment else None
    url = parse_base_url(request.base_url) if request.base_url else None
    opened = _open(spec, request.settings, _context(run_context, location, environment))
    built = build_program(
        location, sources=run_context.registry.screen_sources(), context=_builder(request, run_context, location)
    )
    refuse_unread_screens(built, run_context.registry)
    release = Release(bundle_of(built), run_context.now(), base_url=url, allow_older=request.allow_older)
    run = plan_release if request.dry_run else publish_release
    report = run(release, opened, target_name=name, environment=environment)
    if request.environment is None or spec.needs_environment:
        return report
    ignored = f"--env {request.environment} was not used: the target {name} needs no environment"
    return report.model_copy(update={"notes": (*report.notes, ignored)})


def _builder(request: PublishRequest, run_context: RunContext, location: ProgramLocation) -> SourceContext:
    return SourceContext(
        environ=run_context.environ,
        home=run_context.home,
        repo_root=location.repo_root,
        builder_script=request.builder_script,
        fetch_dependencies=request.fetch_dependencies,
    )


def _active_environment(run_context: RunContext, location: ProgramLocation) -> str | None:
    starts = _start_directories(run_context, location)
    found = find_env(explicit_root=None, start_directories=starts, home=run_context.home)
    return found.document.active_environment if found else None


def _start_directories(run_context: RunContext, location: ProgramLocation) -> list[Path]:
    return [run_context.cwd, location.root, *([location.repo_root] if location.repo_root else [])]


def _context(run_context: RunContext, location: ProgramLocation, environment: str | None) -> TargetContext:
    name = None if environment == LOCAL else environment

    def open_environment() -> CloudSession:
        return open_to_publish(
            name,
            start_directories=_start_directories(run_context, location),
            find_provider=run_context.registry.provider,
            home=run_context.home,
            environ=run_context.environ,
        )

    return TargetContext(
        cwd=run_context.cwd,
        home=run_context.home,
        environ=run_context.environ,
        program_root=location.root,
        environment=name,
        repo_root=location.repo_root,
        open_environment=open_environment,
    )


def _open(spec: AnyTarget, settings: Mapping[str, object], context: TargetContext) -> PublishTarget:
    model = spec.settings()
    given = settings_for(spec.name, settings, model, kind="target")
    target: PublishTarget = spec.create(parse_settings(model, given), context)
    return target
