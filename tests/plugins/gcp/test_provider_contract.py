"""The provider against what every cloud provider must do, with our own delivery server before the bucket."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from miniprogram.seams.cloud_provider import CloudProvider
from miniprogram.testing import CloudProviderContract, HooksContract
from miniprogram_gcp.provider import GcpProvider
from testbed import servers

pytestmark = pytest.mark.process


class TestHooks(HooksContract):
    distribution = "miniprogram-gcp"


class TestGcpProvider(CloudProviderContract):
    @pytest.fixture(autouse=True)
    def _environment(self, place: Any, call: Callable[..., str]) -> Iterator[None]:
        """The environment `prod`, configured where the provider's context says: the delivery server opens it."""
        self.place, self.port = place, servers.free_port()
        call("env", "init")
        where = ["--bucket", place.bucket, "--region", "europe-west1", "--endpoint-url", place.url]
        call(
            "env", "configure", "prod", "--provider", "gcp", *where, "--port", str(self.port), "--delivery", "self"
        )
        yield
        self._destroy()

    def make_provider(self) -> CloudProvider:
        return GcpProvider(self.place.settings(port=self.port, project_id=None), self.place.context())
