"""The stand-in over REST, called by Google's own client and held against the discovery document."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from google.api_core import exceptions
from google.cloud.firestore_v1.services.firestore import FirestoreClient
from google.cloud.firestore_v1.services.firestore.transports import FirestoreRestTransport
from google.oauth2.credentials import Credentials

from testbed.google.firestore.rest import FirestoreRest
from testbed.google.firestore.service import FirestoreService
from testbed.google.server import TOKEN, GoogleStandIn

DATABASE = "projects/p/databases/(default)"


@pytest.fixture
def address() -> Iterator[str]:
    with GoogleStandIn().running() as stand_in:
        stand_in.services.append(FirestoreRest(FirestoreService()))
        yield stand_in.address


@pytest.fixture
def client(address: str) -> FirestoreClient:
    host = address.removeprefix("http://")
    return FirestoreClient(
        transport=FirestoreRestTransport(host=host, credentials=Credentials(TOKEN), url_scheme="http")
    )


def _update(name: str, number: int) -> dict[str, object]:
    return {"update": {"name": f"{DATABASE}/documents/{name}", "fields": {"n": {"integer_value": number}}}}


def test_a_client_of_googles_writes_and_reads(client: FirestoreClient) -> None:
    client.commit({"database": DATABASE, "writes": [_update("c/1", 1), _update("c/2", 2)]})
    found = client.get_document({"name": f"{DATABASE}/documents/c/1"})
    assert found.fields["n"].integer_value == 1
    listed = client.list_documents({"parent": f"{DATABASE}/documents", "collection_id": "c", "page_size": 1})
    assert [each.name.rsplit("/")[-1] for each in listed] == ["1", "2"]
    with pytest.raises(exceptions.NotFound):
        client.get_document({"name": f"{DATABASE}/documents/c/3"})
    query = {"from_": [{"collection_id": "c"}], "order_by": [{"field": {"field_path": "n"}}]}
    answers = client.run_query({"parent": f"{DATABASE}/documents", "structured_query": query})
    assert [each.document.fields["n"].integer_value for each in answers] == [1, 2]


def test_a_client_of_googles_is_refused(client: FirestoreClient) -> None:
    guarded = {**_update("c/1", 1), "current_document": {"exists": True}}
    with pytest.raises(exceptions.NotFound):
        client.commit({"database": DATABASE, "writes": [_update("c/2", 2), guarded]})
    with pytest.raises(exceptions.NotFound):
        client.get_document({"name": f"{DATABASE}/documents/c/2"})


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"writes": [{"updated": {}}]}, "updated"),
        ({"write": []}, "write"),
        ({"writes": [{"update": {"name": "elsewhere", "fields": {}}}]}, "name"),
    ],
)
def test_a_request_that_the_service_would_not_read_is_refused(address: str, body: object, said: str) -> None:
    answer = httpx.post(
        f"{address}/v1/{DATABASE}/documents:commit", json=body, headers={"authorization": f"Bearer {TOKEN}"}
    )
    assert answer.status_code == 400
    assert said in answer.json()["error"]["message"]


def test_nobody_comes_in_without_a_token(address: str) -> None:
    assert httpx.get(f"{address}/v1/{DATABASE}/documents/c/1").status_code == 401
