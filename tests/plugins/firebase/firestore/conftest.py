"""The stand-in for Firestore, and Google's own client pointed at it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import firestore

from testbed.google.firestore.grpc_server import serving
from testbed.google.firestore.service import FirestoreService


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[FirestoreService, str]]:
    service = FirestoreService()
    with serving(service) as address:
        yield service, address


@pytest.fixture
def client(
    served: tuple[FirestoreService, str], monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[firestore.Client]:
    """A client of a project that only this test has."""
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", served[1])
    name = f"p{abs(hash(request.node.nodeid))}"
    made = firestore.Client(project=name, credentials=AnonymousCredentials())
    yield made
    made.close()
