"""`env`: environments, where mini-programs go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import emit
from miniprogram.cli.framework.parsing.options import (
    AsJson,
    RepoRoot,
    StateRoot,
    environment_names,
    provider_names,
    trimmed,
)
from miniprogram.errors import UsageError

if TYPE_CHECKING:
    from miniprogram.cli.commands.outcomes import EnvironmentConfigured, EnvironmentFileWritten
    from miniprogram.environments.selection import EnvList, EnvStatus
    from miniprogram.state.env_file import EnvFile, ResolvedEnv

RequiredName = Annotated[
    str | None,
    typer.Argument(metavar="<env-name>", parser=trimmed, help="Its name.", autocompletion=environment_names),
]


def init(
    context: typer.Context,
    *,
    root: StateRoot = None,
    use: Annotated[
        str | None, typer.Option("--use", parser=trimmed, metavar="NAME", help="Environment to make active.")
    ] = None,
    repo_root: RepoRoot = None,
    as_json: AsJson = False,
) -> None:
    """Create the environment file here, or refresh it."""
    from miniprogram.environments.selection import init_env
    from miniprogram.project.location import find_monorepo

    tools: AppContext = context.obj
    monorepo = find_monorepo(_path(tools, repo_root), cwd=tools.cwd)
    env_root = _path(tools, root) or monorepo or tools.cwd
    remembered = monorepo if repo_root else None
    report = init_env(env_root, use=use, repo_root=remembered, home=tools.home, now=tools.now())
    outcome = _file_written("env init", report.path, report.document, created=report.created, notes=report.notes)
    emit(outcome, as_json=as_json, lines=_init_lines)


def configure(
    context: typer.Context,
    name: RequiredName = None,
    *,
    provider: Annotated[
        str | None,
        typer.Option(
            "--provider",
            parser=trimmed,
            metavar="NAME",
            help="Provider; required for a new environment.",
            autocompletion=provider_names,
        ),
    ] = None,
    root: StateRoot = None,
    repo_root: RepoRoot = None,
    unset: Annotated[
        list[str] | None,
        typer.Option("--unset", metavar="SETTING", help="Remove a stored setting; may be repeated."),
    ] = None,
    as_json: AsJson = False,
    settings: Mapping[str, object],
) -> None:
    """Create a named environment, or change what is given and keep the rest."""
    from miniprogram.cli.commands.outcomes import EnvironmentConfigured
    from miniprogram.environments.configure import ConfigureRequest
    from miniprogram.environments.configure import configure as configure_environment
    from miniprogram.plugins.settings import GivenSettings

    tools: AppContext = context.obj
    wanted = _required(name)
    given = {field: _settled(tools, value) for field, value in settings.items()}
    relative = frozenset(field for field, value in settings.items() if _is_relative(value))
    store = _root_as_setting(tools, wanted, given, provider=provider, root=root, repo_root=repo_root)
    resolved = _found(tools, None if store else _path(tools, root), repo_root)
    options = settings.options if isinstance(settings, GivenSettings) else {}
    told = GivenSettings({**given, **store}, options)
    taken = frozenset(store) if _is_relative(Path(root or "/")) else frozenset()
    request = ConfigureRequest(wanted, provider, told, [text.strip() for text in unset or ()], relative | taken)
    report = configure_environment(
        resolved,
        request,
        find_provider=tools.registry.provider,
        home=tools.home,
        environ=tools.environ,
        now=tools.now(),
    )
    outcome = EnvironmentConfigured(
        command="env configure",
        file_path=str(report.resolved.path),
        created=report.created,
        environment_name=report.environment.name,
        provider=report.environment.provider,
        values=report.environment.values,
        previous_provider=report.previous_provider,
        dropped=report.dropped,
        is_active=report.resolved.document.active_environment == report.environment.name,
        notes=(*report.done, *report.resolved.notes),
    )
    emit(outcome, as_json=as_json, lines=_configure_lines)


def _root_as_setting(
    tools: AppContext,
    name: str,
    given: Mapping[str, object],
    *,
    provider: str | None,
    root: str | None,
    repo_root: str | None,
) -> dict[str, object]:
    """`--root DIR` as a setting: for a provider that knows such a one, when DIR holds no environment file."""
    from miniprogram.environments.configure import field_for_root
    from miniprogram.state.env_file import local_path

    explicit = _path(tools, root)
    if explicit is None or local_path(explicit).is_file():
        return {}
    if provider is None:
        usual = _find(tools, None, repo_root)
        stored = usual.document.find(name) if usual else None
        provider = stored.provider if stored else None
    spec = tools.registry.providers().get(provider or "")
    field = field_for_root(spec) if spec else None
    return {field: _settled(tools, explicit)} if field and field not in given else {}


def list_environments(
    context: typer.Context, *, root: StateRoot = None, repo_root: RepoRoot = None, as_json: AsJson = False
) -> int:
    """List environments; the active one is marked with a star."""
    from miniprogram.environments.selection import env_list

    tools: AppContext = context.obj
    resolved = _find(tools, _path(tools, root), repo_root)
    emit(env_list(resolved), as_json=as_json, lines=_list_lines)
    return 0 if resolved else 1


def use(
    context: typer.Context,
    name: RequiredName = None,
    *,
    root: StateRoot = None,
    repo_root: RepoRoot = None,
    as_json: AsJson = False,
) -> None:
    """Make an environment the active one."""
    from miniprogram.environments.selection import use_environment

    tools: AppContext = context.obj
    wanted = _required(name)
    resolved = _found(tools, _path(tools, root), repo_root)
    after = use_environment(resolved, wanted, home=tools.home, now=tools.now())
    outcome = _file_written("env use", after.path, after.document, notes=after.notes)
    emit(outcome, as_json=as_json, lines=_use_lines)


def status(
    context: typer.Context, *, root: StateRoot = None, repo_root: RepoRoot = None, as_json: AsJson = False
) -> int:
    """Show the environment file in force."""
    from miniprogram.environments.selection import env_status

    tools: AppContext = context.obj
    report = env_status(_find(tools, _path(tools, root), repo_root))
    emit(report, as_json=as_json, lines=_status_lines)
    return 0 if report.configured else 1


def _find(tools: AppContext, root: Path | None, repo_root: str | None) -> ResolvedEnv | None:
    from miniprogram.state.env_file import find_env

    starts = [tools.cwd, *filter(None, [_path(tools, repo_root)])]
    return find_env(explicit_root=root, start_directories=starts, home=tools.home)


def _found(tools: AppContext, root: Path | None, repo_root: str | None) -> ResolvedEnv:
    from miniprogram.state.env_file import require_env

    starts = [tools.cwd, *filter(None, [_path(tools, repo_root)])]
    return require_env(explicit_root=root, start_directories=starts, home=tools.home)


def _path(tools: AppContext, given: str | None) -> Path | None:
    return tools.cwd / given if given else None


def _settled(tools: AppContext, value: object) -> object:
    """Paths against the folder the command runs in; everything else as it is."""
    from os.path import normpath

    return Path(normpath(tools.cwd / value)) if isinstance(value, Path) else value


def _is_relative(value: object) -> bool:
    return isinstance(value, Path) and not value.is_absolute()


def _required(name: str | None) -> str:
    if name is None:
        raise UsageError("the name of an environment is required")
    return name


def _file_written(
    command: str, path: Path, document: EnvFile, *, created: bool = False, notes: tuple[str, ...]
) -> EnvironmentFileWritten:
    from miniprogram.cli.commands.outcomes import EnvironmentFileWritten

    return EnvironmentFileWritten(
        command=command,
        file_path=str(path),
        created=created,
        active_environment=document.active_environment,
        environments=tuple(entry.name for entry in document.cloud_environments),
        notes=notes,
    )


def _init_lines(report: EnvironmentFileWritten) -> Iterator[str]:
    yield f"{'Created' if report.created else 'Refreshed'} {report.file_path}"
    yield f"Active environment: {report.active_environment}"
    yield f"Configured environments: {', '.join(report.environments) or 'none yet'}"
    yield from report.notes


def _use_lines(report: EnvironmentFileWritten) -> Iterator[str]:
    yield f"Active environment: {report.active_environment}"
    yield f"File: {report.file_path}"
    yield from report.notes


def _configure_lines(report: EnvironmentConfigured) -> Iterator[str]:
    yield from report.notes
    yield f"{'Configured' if report.created else 'Changed'} {report.environment_name} ({report.provider})"
    for name, value in sorted(report.values.items()):
        yield f"  {name}: {_shown(value)}"
    if report.previous_provider:
        dropped = ", ".join(report.dropped) or "no settings"
        yield f"Note: it was {report.previous_provider} before; gone with it: {dropped}"
    yield f"File: {report.file_path}"
    if not report.is_active:
        yield f"Make it active with: miniprogram env use {report.environment_name}"


def _list_lines(report: EnvList) -> Iterator[str]:
    if not report.configured:
        yield "No env.json was found; run `miniprogram env init`."
        return
    for entry in report.environments:
        mark = "*" if entry.active else " "
        yield f"{mark} {entry.name}" + (f" ({entry.provider})" if entry.provider else "")
    yield f"File: {report.file_path}"


def _status_lines(report: EnvStatus) -> Iterator[str]:
    if not report.configured:
        yield "Environment: not configured; run `miniprogram env init`."
        return
    yield f"File: {report.file_path} ({report.scope})"
    yield f"Active environment: {report.active_environment}"
    yield f"Configured environments: {report.cloud_environment_count}"
    if report.repo_root_path:
        yield f"Monorepo: {report.repo_root_path}"
    active = report.active_cloud_environment
    if active:
        yield f"Provider: {active['provider']}"
        for name, value in sorted(active["values"].items()):
            yield f"  {name}: {_shown(value)}"
    yield f"Updated: {report.updated_at_utc}"


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
