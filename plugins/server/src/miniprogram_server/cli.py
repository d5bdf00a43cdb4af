"""`serve` and `console`: the delivery server in the foreground, with or without administration beside it."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import emit_lines
from miniprogram.cli.framework.parsing.options import EnvName, trimmed
from miniprogram.errors import UsageError

if TYPE_CHECKING:
    from miniprogram.documents.environment_storage import EnvironmentStorage
    from miniprogram_server.plan import Plan, Settings, Source

Host = Annotated[
    str, typer.Option(metavar="ADDRESS", help="IP address to listen on; 0.0.0.0 opens it to the network.")
]
Unix = Annotated[
    str | None,
    typer.Option(parser=trimmed, metavar="PATH", help="Listen on a unix socket instead of an address and a port."),
]
TlsCert = Annotated[
    str | None,
    typer.Option(parser=trimmed, metavar="FILE", help="Speak TLS, with this certificate chain in PEM form."),
]
TlsKey = Annotated[
    str | None,
    typer.Option(parser=trimmed, metavar="FILE", help="The certificate's key, where it is not in the same file."),
]
Behind = Annotated[
    list[str] | None,
    typer.Option(
        parser=trimmed,
        metavar="PROXY",
        help="Address or network of a proxy whose X-Forwarded-For is believed, or `unix`. Repeatable; "
        "without it nobody is believed.",
    ),
]
PublicUrl = Annotated[
    str | None,
    typer.Option(
        "--public-origin",
        parser=trimmed,
        metavar="URL",
        help="Where browsers reach this server, such as https://programs.example.com.",
    ),
]
PerAddress = Annotated[
    int | None,
    typer.Option(min=4, metavar="N", help="Connections one address may have; half of all unless given."),
]
MetricsAt = Annotated[
    str | None,
    typer.Option(
        parser=trimmed,
        metavar="ADDRESS:PORT",
        help="Give figures in Prometheus form at /metrics there; with several workers each has a port.",
    ),
]
NoticeNetwork = Annotated[
    list[str] | None,
    typer.Option(
        parser=trimmed,
        metavar="NETWORK",
        help="Network that notices may be sent to beside public addresses, such as 10.0.0.0/8, or `loopback`. "
        "Repeatable.",
    ),
]
StaleIfError = Annotated[
    float | None,
    typer.Option(
        metavar="SECONDS",
        min=0,
        max=7 * 86_400,
        help="How long pointers and policies go on as they were while their store fails; access keys never do. "
        "An hour, or what the environment says, unless given.",
    ),
]
PointerMaxAge = Annotated[
    float | None,
    typer.Option(
        metavar="SECONDS",
        min=0.1,
        max=3_600,
        help="With --env, how old pointers, policies and access keys may get before they are looked at again; a "
        "second for a store behind a network unless given. What is told of sooner shows sooner.",
    ),
]


SignInFile = Annotated[
    str | None,
    typer.Option(
        parser=trimmed,
        metavar="FILE",
        help="How people sign in to the console with an account of an OpenID Connect provider, as TOML.",
    ),
]


def serve(
    context: typer.Context,
    *,
    root: Annotated[
        str | None,
        typer.Option(
            parser=trimmed, metavar="DIR", help="Backend workspace; with --env the folder that owns env.json."
        ),
    ] = None,
    env: EnvName = None,
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="TCP port; 0 takes a free one.")] = 8080,
    unix: Unix = None,
    tls_cert: TlsCert = None,
    tls_key: TlsKey = None,
    behind: Behind = None,
    public_origin: PublicUrl = None,
    workers: Annotated[
        int, typer.Option(min=1, max=64, help="Processes that answer, each started again when it ends.")
    ] = 1,
    connections_per_address: PerAddress = None,
    policy: Annotated[
        Literal["strict", "compatible"],
        typer.Option(help="Whether pins and direct reads obey rules; `compatible` is the older behaviour."),
    ] = "strict",
    snapshot: Annotated[
        str | None,
        typer.Option(
            parser=trimmed,
            metavar="DIR",
            help="With --env, a folder for the last good state of its store: a restart answers from it while "
            "the store is down.",
        ),
    ] = None,
    stale_if_error: StaleIfError = None,
    pointer_max_age: PointerMaxAge = None,
    log: Annotated[Literal["requests", "off"], typer.Option(help="What to log to stdout.")] = "requests",
    log_sample: Annotated[
        float,
        typer.Option(min=0, max=1, help="Share of answered requests to log; refused ones are always logged."),
    ] = 1.0,
    metrics: MetricsAt = None,
    sign_in: SignInFile = None,
    notice_network: NoticeNetwork = None,
    console: Annotated[
        bool, typer.Option("--console/--no-console", help="With --env, the release console and its API, too.")
    ] = True,
) -> None:
    """Serve a backend workspace, or an environment, to hosts until Ctrl-C."""
    from miniprogram_server.plan import Source

    tools: AppContext = context.obj
    source = Source(
        tools.cwd / root if root else None,
        env,
        is_environment=bool(env),
        policy=policy,
        administered=bool(env) and console,
        snapshot=tools.cwd / snapshot if snapshot else None,
        stale_if_error_s=stale_if_error,
        max_staleness_s=pointer_max_age,
        sign_in=tools.cwd / sign_in if sign_in else None,
    )
    if sign_in and not source.administered:
        raise UsageError("--sign-in: without a console nobody signs in", hint="Add --env NAME.")
    if snapshot and not source.is_environment:
        raise UsageError("--snapshot: a workspace is read from this disk, and needs none", hint="Add --env NAME.")
    if pointer_max_age is not None and not source.is_environment:
        raise UsageError("--pointer-max-age: a workspace is looked at all the time", hint="Add --env NAME.")
    if notice_network and not source.administered:
        raise UsageError("--notice-network: notices are sent where the console is", hint="Add --env NAME.")
    settings = _settings(
        tools,
        behind,
        public_origin,
        (tls_cert, tls_key),
        per_address=connections_per_address,
        log=log,
        log_sample=log_sample,
        metrics=metrics,
        notice_networks=notice_network,
    )
    _run(tools, source, settings, _Endpoint(host, port, tools.cwd / unix if unix else None), workers=workers)


def console(
    context: typer.Context,
    *,
    root: Annotated[
        str | None, typer.Option(parser=trimmed, metavar="DIR", help="The folder that owns env.json.")
    ] = None,
    env: EnvName = None,
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="TCP port; 0 takes a free one.")] = 8090,
    unix: Unix = None,
    tls_cert: TlsCert = None,
    tls_key: TlsKey = None,
    behind: Behind = None,
    public_origin: PublicUrl = None,
    sign_in: SignInFile = None,
    notice_network: NoticeNetwork = None,
    log: Annotated[Literal["requests", "off"], typer.Option(help="What to log to stdout.")] = "off",
) -> None:
    """Manage the releases of an environment in a browser, until Ctrl-C."""
    from miniprogram_server.plan import Source

    tools: AppContext = context.obj
    source = Source(
        tools.cwd / root if root else None,
        env,
        is_environment=True,
        administered=True,
        sign_in=tools.cwd / sign_in if sign_in else None,
    )
    settings = _settings(
        tools, behind, public_origin, (tls_cert, tls_key), log=log, notice_networks=notice_network
    )
    _run(tools, source, settings, _Endpoint(host, port, tools.cwd / unix if unix else None))


@dataclass(frozen=True, slots=True)
class _Endpoint:
    host: str
    port: int
    unix: Path | None


def _settings(
    tools: AppContext,
    behind: list[str] | None,
    public_origin: str | None,
    tls: tuple[str | None, str | None],
    *,
    log: str,
    log_sample: float = 1.0,
    per_address: int | None = None,
    metrics: str | None = None,
    notice_networks: list[str] | None = None,
) -> Settings:
    """Raises UsageError naming the option that does not fit."""
    from miniprogram_server.metrics import parse_endpoint
    from miniprogram_server.notifying.networks import parse_networks
    from miniprogram_server.plan import Settings
    from miniprogram_server.proxies import parse_origin, parse_proxies

    certificate, key = (None if name is None else tools.cwd / name for name in tls)
    if key is not None and certificate is None:
        raise UsageError("--tls-key: a key alone is no use", hint="Name the certificate with --tls-cert.")
    return Settings(
        parse_proxies(behind or ()),
        parse_origin(public_origin) if public_origin else None,
        certificate,
        key,
        per_address,
        parse_endpoint(metrics) if metrics else None,
        parse_networks(notice_networks or ()),
        logs_requests=log == "requests",
        log_sample=log_sample,
    )


def _run(tools: AppContext, source: Source, settings: Settings, endpoint: _Endpoint, *, workers: int = 1) -> None:
    """Check, listen, say where, and answer until somebody stops it."""
    from miniprogram_server.listening import listening
    from miniprogram_server.plan import Plan

    plan = Plan(source, settings, tools.cwd, dict(tools.environ))
    served, administered = plan.open(tools)
    settings.exposure()
    where = listening(endpoint.host, endpoint.port, unix=endpoint.unix, scheme=settings.scheme)
    with where as bound:
        lines = [f"Serving {served.storage}", f"API base URL for hosts: {bound.base_url}/api/"]
        if administered is not None:
            console_url = f"{settings.origin or bound.base_url}/console"
            lines.append(f"Release console: {console_url}/")
            plan, more = _set_up(plan, administered, tools, console_url)
            lines += more
        emit_lines([*lines, *(["Everybody who reaches this machine can reach it."] if bound.is_open else [])])
        sys.stdout.flush()
        if workers == 1:
            plan.run(tools, [bound.socket])
        else:
            _run_workers(plan, bound.socket, workers)


def _set_up(
    plan: Plan, storage: EnvironmentStorage, tools: AppContext, console_url: str
) -> tuple[Plan, list[str]]:
    """Where nobody administers the environment: the plan with a one-time code, and lines that show its link."""
    from miniprogram.errors import MiniProgramError
    from miniprogram.identity.command_context import CommandContext
    from miniprogram.identity.first_administrator import is_administered
    from miniprogram.identity.roles import Actor
    from miniprogram_server.console.set_up import new_set_up_code

    try:
        if is_administered(CommandContext(storage, Actor(name="server"), tools.now())):
            return plan, []
    except MiniProgramError as error:
        return plan, [f"Who administers it is not known now: {error}"]
    code = new_set_up_code()
    told = f"Nobody administers {storage.environment} yet. This link makes the first administrator, once:"
    return replace(plan, set_up=code.digest), [told, f"{console_url}/set-up?code={code.text}"]


def _run_workers(plan: Plan, listener: object, workers: int) -> None:
    from miniprogram_server.workers import run_workers

    run_workers(plan, [listener], workers)  # type: ignore[list-item]
