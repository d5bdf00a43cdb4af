"""A project of Firebase on this machine: Hosting sites, Cloud Run that really runs, Firestore and its rules."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram_gcp.google_calls import GoogleCalls
from testbed.google.firestore.rest import FirestoreRest
from testbed.google.firestore.service import FirestoreService
from testbed.google.hosting import HostingService
from testbed.google.rules import RulesService
from testbed.google.run_service import RunService
from testbed.google.server import TOKEN, GoogleStandIn
from testbed.google.small_services import LoggingService, MetadataService, ServiceUsageService

PROJECT = "shop-project"
APIS = ("run", "logging", "serviceusage")

Call = Callable[..., tuple[int, str]]


@pytest.fixture
def google() -> Iterator[GoogleStandIn]:
    with GoogleStandIn().running() as stand_in:
        yield stand_in


@pytest.fixture
def hosting(google: GoogleStandIn) -> HostingService:
    service = HostingService(google.address, "shop-project", "shop-project", "shop-site", page=3)
    google.services.append(service)
    return service


@pytest.fixture
def calls(google: GoogleStandIn) -> GoogleCalls:
    return GoogleCalls(google.address, {"FIREBASE_TOKEN": TOKEN}, sleep=lambda _: None)


class Cloud:
    """A Firebase project on this machine."""

    def __init__(self, stand_in: GoogleStandIn, folder: Path) -> None:
        self.stand_in, self.token = stand_in, TOKEN
        self.firestore, self.rules = FirestoreService(), RulesService(PROJECT)
        inside = {
            "CLOUDSDK_API_ENDPOINT_OVERRIDES_FIRESTORE": stand_in.address,
            "GCE_METADATA_HOST": stand_in.address.removeprefix("http://"),
        }
        self.run = RunService(PROJECT, folder, inside)
        self.usage = ServiceUsageService(PROJECT, "run.googleapis.com")
        stand_in.services += [
            self.run,
            LoggingService(self.run),
            self.usage,
            MetadataService(),
            self.rules,
            FirestoreRest(self.firestore),
        ]

    @property
    def environ(self) -> dict[str, str]:
        address = self.stand_in.address
        named = {f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{api.upper()}": f"{address}/{api}/" for api in APIS}
        here = {f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{api}": address for api in ("FIRESTORE", "FIREBASERULES")}
        return {"FIREBASE_TOKEN": self.token, "FIREBASE_HOSTING_API_URL": address, **named, **here}


@pytest.fixture
def cloud(tmp_path: Path, google: GoogleStandIn) -> Iterator[Cloud]:
    made = Cloud(google, tmp_path / "containers")
    yield made
    made.run.close()


@pytest.fixture
def call(tmp_path: Path, cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> Call:
    root = tmp_path / "shop"
    root.mkdir()
    (root / "manifest.json").write_text(json.dumps({"id": "shop", "title": "Shop"}))

    def typed(line: str, *more: str, code: int = 0) -> tuple[int, str]:
        environ = {**os.environ, "HOME": str(tmp_path / "home"), **cloud.environ}
        found = run([*line.split(), *more], AppContext(cwd=root, environ=environ))
        out, err = capsys.readouterr()
        assert found == code, f"{line}: {err}{out}"
        return found, out + err

    typed("env init")
    typed(f"env configure prod --provider firebase --project-id {PROJECT}")
    typed("env use prod")
    typed("publisher-backend scaffold --template firebase-functions")
    return typed
