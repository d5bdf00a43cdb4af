"""A project with two sites, in memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from miniprogram_gcp.google_calls import GoogleCalls
from testbed.google.hosting import HostingService
from testbed.google.server import TOKEN, GoogleStandIn


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
