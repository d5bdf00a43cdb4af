"""What is to be served and how, as plain values: every process that serves starts from one of these."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from miniprogram.cli.framework.app_context import AppContext
from miniprogram_server.running import Exposure, Logging, log_stream, run_process
from miniprogram_server.serving.tls import tls_context

if TYPE_CHECKING:
    from miniprogram.addresses import Address
    from miniprogram.documents.environment_storage import EnvironmentStorage
    from miniprogram.environments.session import CloudSession
    from miniprogram_server.app import Served
    from miniprogram_server.console.accounts.settings import AccountSignIn
    from miniprogram_server.notifying.networks import Network
    from miniprogram_server.proxies import PublicOrigin, TrustedProxies


@dataclass(frozen=True, slots=True)
class Source:
    """Which documents: a workspace below `folder`, or the environment `env` of the file there."""

    folder: Path | None
    env: str | None = None
    is_environment: bool = False
    policy: str = "strict"
    administered: bool = False
    """Whether the environment's console and its API are served, too."""
    snapshot: Path | None = None
    """A folder for the last good state of what an environment's store holds."""
    stale_if_error_s: float | None = None
    """How long that goes on while the store fails; None: as the environment says, or an hour."""
    sign_in: Path | None = None
    """A file that says how people sign in to the console with an account."""
    max_staleness_s: float | None = None
    """How old what is known of an environment's store may get unasked; None: as its store needs it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a server shows itself, and what it writes."""

    proxies: TrustedProxies
    origin: PublicOrigin | None = None
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    connections_per_address: int | None = None
    metrics: Address | None = None
    """With several workers the first one's; the others have the ports behind it."""
    notice_networks: tuple[Network, ...] = ()
    """Which addresses notices may be sent to, beside public ones."""
    logs_requests: bool = True
    log_sample: float = 1.0

    @property
    def scheme(self) -> str:
        return "http" if self.tls_certificate is None else "https"

    def exposure(self, worker: int = 1) -> Exposure:
        """Raises UsageError for a certificate or key that cannot be used."""
        metrics = self.metrics
        if metrics is not None and metrics.port:
            metrics = replace(metrics, port=metrics.port + worker - 1)
        tls = None if self.tls_certificate is None else tls_context(self.tls_certificate, self.tls_key)
        networks = self.notice_networks if worker == 1 else None  # one process is enough to send notices
        return Exposure(self.proxies, self.origin, tls, self.connections_per_address, metrics, networks)


@dataclass(frozen=True, slots=True)
class Plan:
    """A server to run. Opening checks everything that can be checked before it listens."""

    source: Source
    settings: Settings
    cwd: Path
    environ: dict[str, str] = field(repr=False)
    set_up: str | None = None
    """Digest of the code that makes the first administrator, where there is none yet."""

    def open(self, tools: AppContext) -> tuple[Served, EnvironmentStorage | None]:
        """What is served, and the storage that is administered. Raises MiniProgramError with the reason."""
        if not self.source.is_environment:
            return _workspace(self.source, tools), None
        from miniprogram_server.app import serve_environment

        session = _session(self.source, tools)
        served = serve_environment(
            session,
            strictness=self.source.policy,
            snapshot=self.source.snapshot,
            stale_if_error_s=self.source.stale_if_error_s,
            max_staleness_s=self.source.max_staleness_s,
        )
        self._accounts()
        return served, _administered(session) if self.source.administered else None

    def _accounts(self) -> AccountSignIn | None:
        """How people sign in with an account, if they do. Raises UsageError."""
        if self.source.sign_in is None:
            return None
        from miniprogram_server.console.accounts.settings import read_account_settings

        return read_account_settings(self.source.sign_in, self.environ)

    def run(
        self,
        tools: AppContext,
        listeners: Sequence[socket.socket],
        *,
        worker: int = 1,
        shared: Path | None = None,
    ) -> None:
        """Serve in this process until a signal: see `run_process`."""
        served, administered = self.open(tools)
        settings = self.settings
        stream = log_stream(requests=settings.logs_requests)
        run_process(
            served,
            administered,
            listeners,
            exposure=settings.exposure(worker),
            logging=Logging(stream, settings.logs_requests, settings.log_sample),
            now=tools.now,
            shared=shared,
            accounts=self._accounts(),
            set_up=self.set_up,
            frame=next((each.create for each in tools.registry.screen_frames()), None),
        )


def _workspace(source: Source, tools: AppContext) -> Served:
    from miniprogram.state.workspace_location import require_workspace
    from miniprogram_server.app import serve_workspace

    workspace = require_workspace(explicit=source.folder, cwd=tools.cwd, extra_roots=(), home=tools.home)
    if source.stale_if_error_s is None:
        return serve_workspace(workspace, strictness=source.policy)
    return serve_workspace(workspace, strictness=source.policy, stale_if_error_s=source.stale_if_error_s)


def _session(source: Source, tools: AppContext) -> CloudSession:
    from miniprogram.environments.session import open_session
    from miniprogram.state.env_file import require_env

    resolved = require_env(explicit_root=source.folder, start_directories=[tools.cwd], home=tools.home)
    return open_session(
        resolved, source.env, find_provider=tools.registry.provider, home=tools.home, environ=tools.environ
    )


def _administered(session: CloudSession) -> EnvironmentStorage:
    """The environment's storage for the console and the API, which list again and again."""
    from miniprogram.documents.index_memory import IndexMemory
    from miniprogram.environments.session import storage_of

    return replace(storage_of(session), index_memory=IndexMemory())
