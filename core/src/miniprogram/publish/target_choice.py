"""From the options of a command to an opened target: whose settings, which environment, which mini-program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from miniprogram.environments.session import CloudSession, open_to_publish
from miniprogram.plugins.run_context import RunContext
from miniprogram.plugins.settings import parse_settings, settings_for
from miniprogram.publish.default_target import default_target
from miniprogram.seams.publish_target import PublishTarget, TargetContext
from miniprogram.state.env_file import LOCAL, find_env

if TYPE_CHECKING:
    from miniprogram.plugins.specs import AnyTarget


@dataclass(frozen=True, slots=True)
class TargetChoice:
    """What a command line says about the target. `settings` are options of targets, by field name."""

    target: str | None
    environment: str | None
    settings: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ChosenTarget:
    """A target by name, and the environment it goes into; None for targets that need none."""

    name: str
    environment: str | None
    spec: AnyTarget
    provider: str | None = None
    """The provider of that environment."""

    def unused(self, choice: TargetChoice) -> tuple[str, ...]:
        """A sentence when `--env` was given and had no effect."""
        if choice.environment is None or self.spec.needs_environment:
            return ()
        return (f"--env {choice.environment} was not used: the target {self.name} needs no environment",)


def choose_target(choice: TargetChoice, run_context: RunContext, *starts: Path) -> ChosenTarget:
    """The target that was named, else the one of the active environment, looked for from `starts` too.

    Raises UsageError or PluginError saying why there is no such target.
    """
    found = find_env(explicit_root=None, start_directories=[run_context.cwd, *starts], home=run_context.home)
    active = found.document.active_environment if found else None
    name = choice.target or default_target(active)
    spec = run_context.registry.target(name)
    environment = (choice.environment or active) if spec.needs_environment else None
    configured = found.document.find(environment) if found and environment else None
    return ChosenTarget(name, environment, spec, configured.provider if configured else None)


def open_target(
    chosen: ChosenTarget,
    choice: TargetChoice,
    run_context: RunContext,
    *,
    program_root: Path,
    repo_root: Path | None,
) -> PublishTarget:
    """The target, made. Raises UsageError for options that are not its own, and what making it raises."""
    name = None if chosen.environment == LOCAL else chosen.environment
    starts = [run_context.cwd, program_root, *([repo_root] if repo_root else [])]
    context = TargetContext(
        cwd=run_context.cwd,
        home=run_context.home,
        environ=run_context.environ,
        program_root=program_root,
        environment=name,
        repo_root=repo_root,
        open_environment=_opener(name, starts, run_context),
    )
    model = chosen.spec.settings()
    given = settings_for(chosen.name, choice.settings, model, kind="target")
    target: PublishTarget = chosen.spec.create(parse_settings(model, given), context)
    return target


def _opener(name: str | None, starts: list[Path], run_context: RunContext) -> Callable[[], CloudSession]:
    def open_environment() -> CloudSession:
        return open_to_publish(
            name,
            start_directories=starts,
            find_provider=run_context.registry.provider,
            home=run_context.home,
            environ=run_context.environ,
        )

    return open_environment
