"""`cloud deploy` on this machine, for any provider that has a store: the delivery server as a managed process.

    def deployment(self) -> DeliveryDeployment:
        return SelfHostedDeployment(self.settings, self.context, store_name=self.address.bucket)

`settings` inherits ServedSettings. The server is `miniprogram serve`: it opens the environment as any command.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence

from miniprogram.addresses import Address, require_free
from miniprogram.clock import to_iso, utc_now
from miniprogram.errors import PluginError, ProcessError
from miniprogram.plugins.installed.first_party import SERVER, how_to_install
from miniprogram.processes import Launch, is_alive, probe, start, stop
from miniprogram.provider_kit.process_file import DeliveryProcess, DeploymentFolder
from miniprogram.provider_kit.process_logs import read_logs
from miniprogram.provider_kit.resource_names import delivery_name
from miniprogram.provider_kit.settings import ServedSettings
from miniprogram.seams.cloud_provider import DeploymentStatus, Progress, ProviderContext

STAGE = "local"
START_WAIT_S = 20.0
LOCK_WAIT_S = 30.0
HEALTH_TIMEOUT_S = 2.0


class SelfHostedDeployment:
    """One delivery server per environment, known by its record below the environment's folder."""

    def __init__(
        self,
        settings: ServedSettings,
        context: ProviderContext,
        *,
        store_name: str,
        argv: Sequence[str] | None = None,
    ) -> None:
        """`store_name` is what reports call the store; `argv` replaces the command line of the server."""
        self._settings, self._context, self._store_name = settings, context, store_name
        self._argv = tuple(argv) if argv else None
        self._folder = DeploymentFolder(context.root, context.environment)

    def deploy(self, progress: Progress) -> DeploymentStatus:
        with self._folder.record.locked(wait_s=LOCK_WAIT_S):
            running = self._folder.record.read()
            if running is not None and is_alive(running.process):
                if self._serves_these_settings(running):
                    progress(f"{self._name} runs already (process {running.pid}); nothing to change.")
                    return self._status(running)
                progress(f"Stopping process {running.pid} to start it with the settings as they are now.")
                stop(running.process)
            elif running is not None:
                progress(f"Process {running.pid} is gone; starting another.")
            return self._status(self._launch(progress))

    def status(self) -> DeploymentStatus:
        running = self._folder.record.read()
        if running is None:
            return DeploymentStatus(self._name, STAGE, exists=False)
        if not is_alive(running.process):
            reason = f"process {running.pid} is gone; `miniprogram cloud deploy` starts another"
            return DeploymentStatus(self._name, STAGE, exists=False, status="STOPPED", status_reason=reason)
        return self._status(running)

    def logs(self, *, since_s: float, follow: bool) -> Iterator[str]:
        running = self._folder.record.read()
        if running is None and not any(log.is_file() for log in self._folder.logs):
            raise ProcessError(
                f"{self._name} has no logs: it was never deployed",
                hint=f"Run `miniprogram cloud deploy --env {self._context.environment}`.",
            )

        def goes_on() -> bool:
            return follow and running is not None and is_alive(running.process)

        return read_logs(self._folder.logs, since_s=since_s, now=utc_now(), goes_on=goes_on)

    def plan_destroy(self) -> Iterator[str]:
        running = self._folder.record.read()
        if running is not None:
            alive = is_alive(running.process)
            yield f"process {running.pid} at {running.base_url}" if alive else f"record of process {running.pid}"
        for path in (self._folder.record.path, *self._folder.logs):
            if path.is_file():
                yield str(path)

    def destroy(self, progress: Progress) -> None:
        with self._folder.record.locked(wait_s=LOCK_WAIT_S):
            running = self._folder.record.read()
            if running is None:
                progress(f"{self._name} does not run.")
            elif is_alive(running.process):
                stop(running.process)
                progress(f"Stopped process {running.pid}.")
            else:
                progress(f"Process {running.pid} is gone already.")
            self._folder.record.remove()
            for log in self._folder.logs:
                log.unlink(missing_ok=True)

    @property
    def _name(self) -> str:
        return delivery_name(self._context.environment)

    def _launch(self, progress: Progress) -> DeliveryProcess:
        settings = self._settings
        address = Address(settings.host, settings.port)
        self._require_free(address)
        if self._argv is None:
            require_server(self._context)
        base_url = address.url()
        launch = Launch(
            argv=self._argv or serve_argv(settings, self._context),
            cwd=self._context.root,
            health_url=f"{base_url}health",
            stdout_log=self._folder.stdout_log,
            stderr_log=self._folder.stderr_log,
            environ=self._context.environ,
        )
        progress(f"Starting {self._name} at {base_url}")
        self._folder.record.remove()
        process = start(launch, wait_s=START_WAIT_S)
        running = DeliveryProcess(
            pid=process.pid,
            process_created_at=process.created,
            port=settings.port,
            host=settings.host,
            base_url=base_url,
            started_at_utc=to_iso(utc_now()),
            settings=self._fingerprint(),
        )
        try:
            self._folder.record.write(running)
        except BaseException:
            stop(process)  # nobody would ever find it again
            raise
        return running

    def _require_free(self, address: Address) -> None:
        try:
            require_free(address)
        except ProcessError as error:
            change = f"miniprogram env configure {self._context.environment} --port NUMBER"
            raise ProcessError(str(error), hint=f"Choose another one with `{change}`.") from error

    def _fingerprint(self) -> dict[str, str]:
        told = self._settings.model_dump(mode="json", by_alias=True, exclude={"api_base_url"})
        return {name: str(value) for name, value in told.items()}

    def _serves_these_settings(self, running: DeliveryProcess) -> bool:
        if running.settings != self._fingerprint():
            return False
        return probe(f"{running.base_url}health", timeout_s=HEALTH_TIMEOUT_S).healthy

    def _status(self, running: DeliveryProcess) -> DeploymentStatus:
        outputs = {
            "ArtifactBucketName": self._store_name,
            "BackendApiBaseUrl": self._public_api_url(running),
            "HealthUrl": f"{running.base_url}health",
            "HttpApiId": self._name,
            "HttpApiStageUrl": running.base_url,
        }
        return DeploymentStatus(self._name, STAGE, exists=True, status="RUNNING", outputs=outputs)

    def _public_api_url(self, running: DeliveryProcess) -> str:
        """What hosts are given: a URL somebody configured, unless it is one of this server's own."""
        configured = self._settings.api_base_url
        if configured is None or re.match(r"http://(127\.0\.0\.1|localhost|\[::1\])(:|/|$)", configured):
            return f"{running.base_url}api/"
        return f"{configured}/"


def serve_argv(settings: ServedSettings, context: ProviderContext) -> list[str]:
    """The command line of the server: this interpreter, whatever lies in its current folder."""
    environment = ["--env", context.environment, "--root", str(context.root)]
    address = ["--host", settings.host, "--port", str(settings.port)]
    return [sys.executable, "-P", "-m", "miniprogram", "serve", *environment, *address]


def require_server(context: ProviderContext) -> None:
    """Raises PluginError unless the process to start will know the command `serve`."""
    from miniprogram.plugins.registry import Registry

    registry = Registry.discover(cwd=context.root, environ=context.environ)
    if not any(spec.path == ("serve",) for spec in registry.commands()):
        raise PluginError(
            "deploying on this machine needs the delivery server, which is not installed or may not load here",
            hint=how_to_install(SERVER),
        )
