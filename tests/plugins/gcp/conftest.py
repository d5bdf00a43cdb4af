"""What the tests of the Google Cloud plugin share: Cloud Storage on this machine, with a bucket for each test."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.seams.cloud_provider import DeploymentStatus, ProviderContext
from miniprogram.testing.delivery_deployment import silent
from miniprogram_gcp.calls import StorageCalls
from miniprogram_gcp.gcs_store import GcsObjectStore
from miniprogram_gcp.run.deployment import CloudRunDeployment
from miniprogram_gcp.run.plan import delivery_plan
from miniprogram_gcp.settings import GcpSettings
from testbed import servers
from testbed.google.functions_service import FunctionsService
from testbed.google.kms_service import KmsService
from testbed.google.run_service import RunService
from testbed.google.server import TOKEN, Call, GoogleStandIn
from testbed.google.small_services import (
    LoggingService,
    MetadataService,
    MonitoringService,
    ResourceManagerService,
    ServiceUsageService,
)

REGION, PROJECT = "europe-west1", "acme-prod-1234"


@pytest.fixture(autouse=True)
def _no_google_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith(("GOOGLE_", "GCLOUD_", "CLOUDSDK_", "STORAGE_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path / "no-gcloud"))
    monkeypatch.setenv("NO_GCE_CHECK", "true")


@pytest.fixture(scope="session")
def server_logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("servers")


@pytest.fixture(scope="session")
def gcs_url(server_logs: Path) -> Iterator[str]:
    with servers.fake_gcs(server_logs / "gcs.log") as url:
        yield url


class HeedsDeletes(httpx.BaseTransport):
    """The server deletes whatever the condition says; the service does not. All else goes through unchanged."""

    def __init__(self) -> None:
        self._inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        wanted = request.url.params.get("ifGenerationMatch")
        if request.method == "DELETE" and wanted is not None:
            path = request.url.copy_with(params={"fields": "generation"})
            found = self._inner.handle_request(httpx.Request("GET", path))
            found.read()
            if found.status_code == 404 or found.json()["generation"] != wanted:
                return httpx.Response(
                    412, json={"error": {"code": 412, "errors": [{"reason": "conditionNotMet"}]}}
                )
        return self._inner.handle_request(request)

    def close(self) -> None:
        self._inner.close()


class Place:
    """A bucket that nobody else uses, made with versioning as publishing wants it."""

    def __init__(self, url: str, root: Path) -> None:
        self.url, self.root, self.bucket = url, root, f"b-{secrets.token_hex(6)}"
        self.home = root / "home"

    def settings(self, **changes: Any) -> GcpSettings:
        values = {"bucket": self.bucket, "region": REGION, "endpoint_url": self.url}
        values |= {"project_id": PROJECT, "delivery": "self"}
        return GcpSettings(**{**values, **changes})

    def calls(self, **changes: Any) -> StorageCalls:
        return StorageCalls(self.settings(**changes), {}, transport=HeedsDeletes())

    def store(self) -> GcsObjectStore:
        return GcsObjectStore(self.calls())

    def context(self) -> ProviderContext:
        return ProviderContext("prod", self.root, self.home, {**os.environ, "HOME": str(self.home)})

    def make_bucket(self, *, versioned: bool = True) -> None:
        wanted = {"name": self.bucket, "versioning": {"enabled": versioned}}
        httpx.post(f"{self.url}/storage/v1/b", params={"project": PROJECT}, json=wanted).raise_for_status()


@pytest.fixture
def free_place(gcs_url: str, tmp_path: Path) -> Place:
    """Without its bucket."""
    return Place(gcs_url, tmp_path)


@pytest.fixture
def place(free_place: Place) -> Place:
    free_place.make_bucket()
    return free_place


@pytest.fixture
def call(free_place: Place, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs a command line that must end with `code`; gives what it printed, and what it told about failure."""

    def calling(*argv: str, code: int = 0) -> str:
        environ = {**os.environ, "HOME": str(free_place.home)}
        found = run(argv, AppContext(cwd=free_place.root, environ=environ))
        out, err = capsys.readouterr()
        assert found == code, f"{argv}: {err}{out}"
        return out + err

    return calling


class Cloud:
    """Google Cloud on this machine: Cloud Run that really runs, its logs, and the switches of APIs."""

    def __init__(self, stand_in: GoogleStandIn, folder: Path, gcs_url: str) -> None:
        self.stand_in = stand_in
        self.usage = ServiceUsageService(PROJECT, "storage.googleapis.com", "run.googleapis.com")
        self.metadata = MetadataService()
        self.run = RunService(PROJECT, folder, {"STORAGE_EMULATOR_HOST": gcs_url})
        self.run.is_enabled = lambda api: api in self.usage.enabled
        self.logging = LoggingService(self.run)
        self.monitoring = MonitoringService(self.run, PROJECT)
        self.functions = FunctionsService(self.run, stand_in.address)
        self.kms = KmsService()
        stand_in.services += [self.run, self.functions, self.logging, self.usage, self.metadata, self.kms]
        stand_in.services.append(self.monitoring)
        stand_in.services.append(ResourceManagerService(self.run))

    @property
    def environ(self) -> dict[str, str]:
        """What leads commands here."""
        address = self.stand_in.address
        apis = ["run", "cloudfunctions", "logging", "monitoring", "serviceusage", "cloudkms"]
        apis.append("cloudresourcemanager")
        return {
            "FIREBASE_TOKEN": TOKEN,
            **{f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{api.upper()}": f"{address}/{api}/" for api in apis},
        }

    def asked(self, verb: str) -> list[Call]:
        """Requests to Cloud Run."""
        return [call for call in self.stand_in.calls if call.verb == verb and call.path.startswith("/run/")]


@pytest.fixture
def cloud(gcs_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    with GoogleStandIn().running() as stand_in:
        found = Cloud(stand_in, tmp_path / "containers", gcs_url)
        for name, value in found.environ.items():
            monkeypatch.setenv(name, value)
        try:
            yield found
        finally:
            found.run.close()


@pytest.fixture
def deployment(place: Any, cloud: Any) -> Callable[..., CloudRunDeployment]:
    """The deployment with other settings, or with other environment variables of the program."""
    del cloud

    def make(
        *, breaks: bool = False, sleep: Callable[[float], None] = lambda _: None, **changes: Any
    ) -> CloudRunDeployment:
        settings = place.settings(delivery="cloud", **changes)
        context = place.context()
        plan = delivery_plan(settings, context, bucket=settings.bucket, location=settings.region)
        if breaks:
            plan.program.environ["ARTIFACTS_PREFIX"] = " "  # type: ignore[index]
        return CloudRunDeployment(settings, context, plan, sleep=sleep)

    return make


@pytest.fixture
def first(deployment: Callable[..., CloudRunDeployment]) -> DeploymentStatus:
    return deployment().deploy(silent)
