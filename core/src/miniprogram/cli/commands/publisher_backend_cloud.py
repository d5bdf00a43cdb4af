"""`publisher-backend <provider> deploy|status|outputs|smoke|seed|logs|destroy`, for any provider.

A plugin makes its commands of these functions with `for_provider`; see `command_rows`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import emit, emit_slowly
from miniprogram.cli.framework.parsing.options import AsJson, EnvName, ProgramRoot
from miniprogram.cli.framework.parsing.signatures import KEYWORD, with_subject
from miniprogram.errors import UsageError
from miniprogram.number_words import number_of

if TYPE_CHECKING:
    from pydantic import BaseModel

    from miniprogram.backends.cloud.reports import (
        DeployReport,
        DestroyReport,
        LogsReport,
        OutputsReport,
        SeedReport,
        SmokeReport,
        StatusReport,
    )
    from miniprogram.backends.cloud.session import BackendSession

Settings = Mapping[str, object]
"""What the provider's own options say, by field name."""


_OPTIONS = (
    inspect.Parameter("env", KEYWORD, default=None, annotation=EnvName),
    inspect.Parameter("mini_program_root", KEYWORD, default=None, annotation=ProgramRoot),
    inspect.Parameter("settings", KEYWORD),
)


@dataclass(frozen=True, slots=True)
class SelectedBackend:
    """What the options of a command select. Nothing is read before `open`."""

    tools: AppContext
    provider: str
    env: str | None
    mini_program_root: str | None
    settings: Settings

    def open(self) -> BackendSession:
        """Open it. Raises UsageError when there is no environment file."""
        from miniprogram.backends.cloud.session import open_backend
        from miniprogram.files import real_path
        from miniprogram.state.env_file import require_env

        tools = self.tools
        root = real_path(tools.cwd / (self.mini_program_root or ""))
        return open_backend(
            require_env(explicit_root=None, start_directories=[root, tools.cwd], home=tools.home),
            self.env,
            provider=self.provider,
            program_root=root,
            options=self.settings,
            find_provider=tools.registry.provider,
            home=tools.home,
            environ=tools.environ,
        )


def for_provider(function: Callable[..., Any], provider: str, options: type[BaseModel]) -> Callable[..., Any]:
    """`function` as a command of `provider`, with the fields of `options` as further options."""
    from miniprogram.cli.framework.parsing.settings_options import accept_settings

    command = with_subject(function, _OPTIONS, partial(SelectedBackend, provider=provider))
    return accept_settings(command, {provider: options})


def deploy(
    selected: SelectedBackend,
    *,
    as_json: AsJson = False,
) -> int:
    """Put the publisher backend up, or bring it up to date, and wait until it answers."""
    from miniprogram.backends.cloud.deploying import deploy_backend

    tools = selected.tools
    session = selected.open()
    report = deploy_backend(session, progress=_progress(as_json=as_json), now=tools.now())
    emit(report, as_json=as_json, lines=_deploy_lines)
    return 1 if report.healthy is False else 0


def status(
    selected: SelectedBackend,
    *,
    as_json: AsJson = False,
) -> int:
    """Show whether the publisher backend is deployed and answers."""
    from miniprogram.backends.cloud.inspecting import backend_status

    session = selected.open()
    report = backend_status(session)
    emit(report, as_json=as_json, lines=_status_lines)
    return 0 if report.healthy or (report.healthy is None and report.outputs) else 1


def outputs(
    selected: SelectedBackend,
    *,
    as_json: AsJson = False,
) -> None:
    """Print how the publisher backend is reached."""
    from miniprogram.backends.cloud.inspecting import backend_outputs

    session = selected.open()
    emit(backend_outputs(session), as_json=as_json, lines=_outputs_lines)


def smoke(
    selected: SelectedBackend,
    *,
    include_write: Annotated[
        bool, typer.Option("--include-write", help="Also redeem a coupon, which stays redeemed.")
    ] = False,
    write_coupon_id: Annotated[
        str | None, typer.Option("--write-coupon-id", metavar="ID", help="Which coupon; coupon-10 unless given.")
    ] = None,
    write_user_id: Annotated[
        str | None, typer.Option("--write-user-id", metavar="ID", help="For which user; smoke-user unless given.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Ask the publisher backend for everything it should answer."""
    from miniprogram.backends.cloud.smoke import WriteProbe, smoke_backend

    ids = {"coupon_id": write_coupon_id, "user_id": write_user_id}
    given = {name: value.strip() for name, value in ids.items() if value is not None}
    for name, value in given.items():
        option = f"--write-{name.replace('_', '-')}"
        if not include_write:
            raise UsageError(f"{option} needs --include-write")
        if not value:
            raise UsageError(f"{option} must not be blank")
    session = selected.open()
    report = smoke_backend(session, WriteProbe(**given) if include_write else None)
    emit(report, as_json=as_json, lines=_smoke_lines)
    return 0 if report.passed else 1


def seed(
    selected: SelectedBackend,
    *,
    as_json: AsJson = False,
) -> int:
    """Store the starter's data files; records they do not mention stay."""
    from miniprogram.backends.cloud.seeding import seed_backend

    tools = selected.tools
    session = selected.open()
    report = seed_backend(session, now=tools.now())
    emit(report, as_json=as_json, lines=_seed_lines)
    return 0 if report.seeded else 1


def logs(
    selected: SelectedBackend,
    *,
    since: Annotated[
        str, typer.Option("--since", metavar="WINDOW", help="How far back, such as 10m, 1h or 1d.")
    ] = "1h",
    follow: Annotated[bool, typer.Option("--follow", help="Go on with new lines until interrupted.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print the logs of the publisher backend."""
    from miniprogram.backends.cloud.reports import LogsReport, make_report
    from miniprogram.deployments.log_window import window_seconds

    since_s = window_seconds(since)
    if follow and as_json:
        raise UsageError("--follow never ends, so it cannot give one document: leave out --json")
    session = selected.open()
    lines = session.operator.logs(since_s=since_s, follow=follow)
    if not as_json:
        emit_slowly(lines)
        return
    report = make_report(LogsReport, session.header("logs"), since=since.strip(), lines=tuple(lines))
    emit(report, as_json=True, lines=_logs_lines)


def destroy(
    selected: SelectedBackend,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Required: this cannot be undone.")] = False,
    confirm_data_loss: Annotated[
        bool, typer.Option("--confirm-data-loss", help="Also when there are records, which are lost then.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Take the publisher backend down, with its store when that is empty."""
    from miniprogram.backends.cloud.destroying import destroy_backend

    tools = selected.tools
    if not yes:
        raise UsageError("destroying cannot be undone: --yes is required")
    session = selected.open()
    report = destroy_backend(
        session, confirm_data_loss=confirm_data_loss, progress=_progress(as_json=as_json), now=tools.now()
    )
    emit(report, as_json=as_json, lines=_destroy_lines)
    return 0 if report.deleted else 1


def _progress(*, as_json: bool) -> Callable[[str], None]:
    return _silent if as_json else (lambda line: emit_slowly([line]))


def _silent(line: str) -> None:
    """With --json stdout is for the document alone."""


def _deploy_lines(report: DeployReport) -> Iterator[str]:
    words = f"miniprogram publisher-backend {report.provider}"
    yield f"The publisher backend is deployed to {report.environment_name} ({report.provider})."
    yield f"Health: {_health_words(report)}"
    yield from (f"{name}: {value}" for name, value in report.outputs.items())
    yield "Next:"
    if report.outputs.get("PublisherBackendStorageMode") != "bundled":
        yield f"  {words} seed --env {report.environment_name}"
        yield f"  {words} data status --env {report.environment_name}"
    yield f"  {words} smoke --env {report.environment_name}"


def _health_words(report: DeployReport | StatusReport) -> str:
    if report.healthy:
        return "healthy"
    if report.healthy is None and report.outputs:
        return "not asked: only invited callers are let in"
    return str(report.health_error)


def _status_lines(report: StatusReport) -> Iterator[str]:
    yield f"Environment: {report.environment_name} ({report.provider})"
    yield from _extra_lines(report.model_extra)
    yield f"Health: {_health_words(report)}"
    yield from (f"{name}: {value}" for name, value in report.outputs.items())
    if report.last_deploy:
        yield f"Last deploy: {report.last_deploy['deployedAtUtc']}"


def _outputs_lines(report: OutputsReport) -> Iterator[str]:
    return (f"{name}: {value}" for name, value in report.outputs.items())


def _smoke_lines(report: SmokeReport) -> Iterator[str]:
    for route in report.routes:
        said = route.error or " ".join(filter(None, [str(route.status_code), route.response_status]))
        yield f"[{'ok' if route.passed else 'failed'}] {route.method} {route.path}: {said}"
    if report.error:
        yield f"Nothing was asked: {report.error}"
    yield "Everything answers as it should." if report.passed else "The smoke test failed."


def _seed_lines(report: SeedReport) -> Iterator[str]:
    if report.seeded:
        yield f"Stored {number_of(report.item_count, 'record')} in {report.environment_name}."
    else:
        yield f"Not everything was stored: {report.error}"


def _logs_lines(report: LogsReport) -> Iterator[str]:
    return iter(report.lines)


def _destroy_lines(report: DestroyReport) -> Iterator[str]:
    if not report.deleted:
        yield f"Nothing was removed: {report.error}"
        return
    yield f"Removed the publisher backend of {report.environment_name}."
    if report.data_removed:
        yield "Its store was removed too."
    if report.error:
        yield f"Note: {report.error}"


def _extra_lines(extra: Mapping[str, Any] | None) -> Iterator[str]:
    for name, value in (extra or {}).items():
        if value is not None:
            words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name)
            yield f"{words[:1].upper()}{words[1:]}: {str(value).lower() if isinstance(value, bool) else value}"
