"""What a service on Cloud Run wrote, read back from Cloud Logging."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from miniprogram.clock import to_iso
from miniprogram.seams.cloud_provider import ProviderContext
from miniprogram.seams.log_source import LogSource
from miniprogram.testing import LogSourceContract
from miniprogram_gcp.run.logs import ServiceLog
from testbed.google.server import TOKEN, GoogleStandIn
from testbed.google.small_services import LoggingService

PROJECT, SERVICE = "programs-1", "shop"


class TestServiceLog(LogSourceContract):
    @pytest.fixture(autouse=True)
    def _logging(self, tmp_path: Path) -> Iterator[None]:
        self.container = SimpleNamespace(service=SERVICE, revision="shop-1", lines=[])
        other = SimpleNamespace(service="other", revision="other-1", lines=[("2999-01-01T00:00:00Z", "not ours")])
        services = {
            ("europe-west1", each.service): SimpleNamespace(revisions={"1": each}, failed=())
            for each in (self.container, other)
        }
        run: Any = SimpleNamespace(project=PROJECT, services=services)
        with GoogleStandIn().running() as stand_in:
            stand_in.services.append(LoggingService(run, page=2))
            environ = {
                "FIREBASE_TOKEN": TOKEN,
                "CLOUDSDK_API_ENDPOINT_OVERRIDES_LOGGING": f"{stand_in.address}/logging/",
            }
            self.context = ProviderContext("prod", tmp_path, tmp_path, environ)
            yield

    def make_source(self) -> LogSource:
        return ServiceLog(self.context, PROJECT, SERVICE)

    def write(self, lines: Sequence[tuple[int, str]]) -> None:
        self.container.lines += [(to_iso(datetime.fromtimestamp(at / 1000, UTC)), text) for at, text in lines]

    def make_unreadable_source(self) -> LogSource:
        return ServiceLog(self.context, "programs-of-others", SERVICE)
