from __future__ import annotations

import json
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from miniprogram.errors import DocumentError, ProcessError
from miniprogram.filesystem_provider.provider import FilesystemProvider
from miniprogram.filesystem_provider.settings import FilesystemSettings
from miniprogram.provider_kit.process_file import DeploymentFolder
from miniprogram.provider_kit.self_hosted import SelfHostedDeployment
from miniprogram.seams.cloud_provider import CloudProvider, ProviderContext
from miniprogram.testing.cloud_provider import CloudProviderContract

pytestmark = pytest.mark.process

SERVER = """
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

    def log_message(self, *parts):
        print("2030-01-01T00:00:00Z", self.path, file=sys.stderr, flush=True)

HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def settings(tmp_path: Path) -> FilesystemSettings:
    return FilesystemSettings(store_root=tmp_path / "store", port=free_port())


@pytest.fixture
def context(tmp_path: Path) -> ProviderContext:
    return ProviderContext("dev", tmp_path / "env", tmp_path / "home", dict(os.environ))


@pytest.fixture
def deploying(
    settings: FilesystemSettings, context: ProviderContext
) -> Iterator[Callable[..., SelfHostedDeployment]]:
    """Makes the deployment, with a small server in place of ours; stops what runs afterwards."""
    context.root.mkdir()

    def make(changed: FilesystemSettings = settings, *, script: str = SERVER) -> SelfHostedDeployment:
        return SelfHostedDeployment(
            changed, context, store_name="store", argv=[sys.executable, "-c", script, str(changed.port)]
        )

    yield make
    make().destroy(lambda _: None)


class TestFilesystemProvider(CloudProviderContract):
    @pytest.fixture(autouse=True)
    def _provider(
        self,
        settings: FilesystemSettings,
        context: ProviderContext,
        deploying: Callable[..., SelfHostedDeployment],
    ) -> None:
        class Provider(FilesystemProvider):
            def deployment(self) -> SelfHostedDeployment:
                return deploying()

        self.open = lambda: Provider(settings, context)

    def make_provider(self) -> CloudProvider:
        return self.open()


Deploying = Callable[..., SelfHostedDeployment]


def alive(deployment: SelfHostedDeployment) -> bool:
    return deployment.status().exists


def test_deploying_twice_changes_nothing_and_says_so(deploying: Deploying) -> None:
    said: list[str] = []
    deploying().deploy(said.append)
    deploying().deploy(said.append)

    assert "nothing to change" in said[-1]


def test_other_settings_restart_it(
    deploying: Deploying, settings: FilesystemSettings, context: ProviderContext
) -> None:
    deploying().deploy(lambda _: None)
    before = DeploymentFolder(context.root, "dev").record.read()
    moved = settings.model_copy(update={"port": free_port()})
    said: list[str] = []

    status = deploying(moved).deploy(said.append)

    assert before is not None
    assert not psutil.pid_exists(before.pid)
    assert f":{moved.port}/" in status.outputs["HealthUrl"]
    assert said[0].startswith(f"Stopping process {before.pid}")


def test_a_public_url_is_what_hosts_are_given(deploying: Deploying, settings: FilesystemSettings) -> None:
    public = settings.model_copy(update={"api_base_url": "https://programs.example/api"})

    status = deploying(public).deploy(lambda _: None)

    assert status.outputs["BackendApiBaseUrl"] == "https://programs.example/api/"
    assert status.outputs["HealthUrl"] == f"http://127.0.0.1:{settings.port}/health"


def test_an_address_of_an_earlier_deployment_is_not_taken_for_a_public_one(
    deploying: Deploying, settings: FilesystemSettings
) -> None:
    stale = settings.model_copy(update={"api_base_url": "http://127.0.0.1:1/api"})

    status = deploying(stale).deploy(lambda _: None)

    assert status.outputs["BackendApiBaseUrl"] == f"http://127.0.0.1:{settings.port}/api/"


def test_a_process_that_died_is_told_and_replaced(deploying: Deploying, context: ProviderContext) -> None:
    deploying().deploy(lambda _: None)
    record = DeploymentFolder(context.root, "dev").record.read()
    assert record is not None
    psutil.Process(record.pid).kill()
    psutil.wait_procs([psutil.Process(record.pid)] if psutil.pid_exists(record.pid) else [], timeout=5)

    status = deploying().status()
    assert (status.exists, status.status) == (False, "STOPPED")
    assert f"process {record.pid} is gone" in (status.status_reason or "")

    said: list[str] = []
    assert deploying().deploy(said.append).exists
    assert said[0].startswith(f"Process {record.pid} is gone")


def test_a_pid_that_belongs_to_somebody_else_is_left_alone(deploying: Deploying, context: ProviderContext) -> None:
    deploying().deploy(lambda _: None)
    folder = DeploymentFolder(context.root, "dev")
    record = folder.record.read()
    assert record is not None
    ours = psutil.Process(record.pid)
    folder.record.write(record.model_copy(update={"pid": os.getpid(), "process_created_at": 1.0}))

    try:
        assert not deploying().status().exists
        deploying().destroy(lambda _: None)
        assert psutil.pid_exists(os.getpid())
    finally:
        ours.terminate()
        ours.wait(timeout=5)


def test_a_taken_port_is_one_sentence_with_a_way_out(deploying: Deploying, settings: FilesystemSettings) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", settings.port))
        other.listen()

        with pytest.raises(ProcessError, match=f"port {settings.port} on 127.0.0.1 is in use") as failure:
            deploying().deploy(lambda _: None)

    assert "env configure dev --port" in (failure.value.hint or "")
    assert not alive(deploying())


def test_a_server_that_dies_shows_the_end_of_its_log(deploying: Deploying) -> None:
    script = "import sys; sys.exit('the store is on fire')"

    with pytest.raises(ProcessError) as failure:
        deploying(script=script).deploy(lambda _: None)

    assert "the store is on fire" in (failure.value.hint or "")
    assert not alive(deploying())


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b'{"schemaVersion": 9, "pid": 1}', b'{"schemaVersion": 1, "pid": "x"}'],
    ids=["torn", "list", "newer", "type"],
)
def test_a_broken_record_is_named_and_kept(
    settings: FilesystemSettings, context: ProviderContext, body: bytes
) -> None:
    path = DeploymentFolder(context.root, "dev").record.path
    path.parent.mkdir(parents=True)
    path.write_bytes(body)

    for attempt in (
        SelfHostedDeployment(settings, context, store_name="store").status,
        lambda: SelfHostedDeployment(settings, context, store_name="store").deploy(lambda _: None),
        lambda: SelfHostedDeployment(settings, context, store_name="store").destroy(lambda _: None),
    ):
        with pytest.raises(DocumentError, match=r"delivery\.json"):
            attempt()
    assert path.read_bytes() == body


def test_checks_name_secrets_that_others_may_read(settings: FilesystemSettings, context: ProviderContext) -> None:
    provider = FilesystemProvider(settings, context)
    provider.store().put("metadata/link_keys/shop.json", b"{}")
    assert [check.status for check in provider.checks() if check.label == "Private files"] == ["ok"]

    (provider.store().root / "metadata/link_keys/shop.json").chmod(0o644)

    (found,) = (check for check in provider.checks() if check.label == "Private files")
    assert (found.status, "metadata/link_keys/shop.json" in found.summary) == ("warning", True)
    assert "chmod -R go=" in (found.detail or "")


def test_checks_name_a_store_that_cannot_be_one(
    settings: FilesystemSettings, context: ProviderContext, tmp_path: Path
) -> None:
    (tmp_path / "store").write_text("a file")

    (store, server) = FilesystemProvider(settings, context).checks()

    assert (store.status, server.status) == ("error", "warning")
    assert str(tmp_path / "store") in store.summary


def test_following_ends_with_the_process(deploying: Deploying) -> None:
    deployment = deploying()
    deployment.deploy(lambda _: None)
    lines: list[str] = []
    reader = threading.Thread(target=lambda: lines.extend(deployment.logs(since_s=1e9, follow=True)))
    reader.start()
    time.sleep(0.3)

    deployment.destroy(lambda _: None)
    reader.join(timeout=10)

    assert not reader.is_alive()
    assert any("/health" in line for line in lines)


def test_logs_of_nothing_say_how_to_get_some(settings: FilesystemSettings, context: ProviderContext) -> None:
    with pytest.raises(ProcessError, match="never deployed"):
        SelfHostedDeployment(settings, context, store_name="store").logs(since_s=60, follow=False)


def test_two_deploys_at_once_start_one_server(deploying: Deploying, context: ProviderContext) -> None:
    statuses: list[object] = []
    threads = [
        threading.Thread(target=lambda: statuses.append(deploying().deploy(lambda _: None))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert len(statuses) == 2
    assert statuses[0] == statuses[1]
    record = json.loads(DeploymentFolder(context.root, "dev").record.path.read_bytes())
    assert psutil.pid_exists(record["pid"])
