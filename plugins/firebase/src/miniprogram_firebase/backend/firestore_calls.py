"""Calls of Firestore's REST interface (v1) about one database, and what its refusals mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import quote

from miniprogram.errors import StoreError
from miniprogram.provider_kit.sdk_errors import Explanation, Failure, Subject, when
from miniprogram_gcp.cloud_errors import cloud_errors, names_lost_project
from miniprogram_gcp.google_calls import GoogleCalls, Refused, service_calls

SERVICE = "https://firestore.googleapis.com"
API, ENABLED = "firestore", "firestore.googleapis.com"
EMULATOR = "FIRESTORE_EMULATOR_HOST"
"""Another address of the service, as Firebase's own tools name it. An emulator asks for no sign-in."""
PAGE = 300

NO_DATABASE = when(
    (),
    "{resource} has no Firestore database",
    "Make one: `gcloud firestore databases create --location LOCATION`; its location cannot be changed.",
    statuses=(404,),
)


def _other_mode(found: Failure, subject: Subject) -> Explanation | None:
    if "Datastore Mode" not in found.message:
        return None
    return (
        f"the database of {subject.resource} is in Datastore mode, which knows no documents",
        "Use another project, or `--storage bundled`: an empty database can be changed in the console.",
    )


class FirestoreCalls:
    """Requests about the documents of a project's default database. Safe to use from many threads."""

    def __init__(self, project: str, environment: str, environ: Mapping[str, str], **options: Any) -> None:
        """`environment` is the one errors name; `options` are those of GoogleCalls."""
        emulator = environ.get(EMULATOR, "").strip()
        if emulator:
            self._calls = GoogleCalls(f"http://{emulator}", environ, signed=False, **options)
        else:
            self._calls = service_calls(API, SERVICE, environ, **options)
        self._headers = {"authorization": "Bearer owner"} if emulator else {}
        self.project = project
        self._errors = cloud_errors(
            "Firestore",
            project,
            environment,
            api=ENABLED,
            role="roles/datastore.user",
            own=(_other_mode, NO_DATABASE),
            default=StoreError,
        )
        self.root = f"projects/{project}/databases/(default)/documents"

    def exists(self) -> bool:
        """Whether the project has the database. Raises StoreError, for a project that is not there too."""
        with self.mapped("look at the database"):
            try:
                self._call("GET", f"/v1/{self.root}/{quote('miniPrograms')}", params={"pageSize": 1})
            except Refused as refused:
                if refused.status == 404 and not names_lost_project(refused.message):
                    return False
                raise
        return True

    def pages(self, collection: str) -> Iterator[list[dict[str, Any]]]:
        """The documents of a collection as the service writes them, page by page, in order of ids."""
        token = ""
        while True:
            params = {"pageSize": PAGE, **({"pageToken": token} if token else {})}
            with self.mapped("read the records"):
                page = self._call("GET", f"/v1/{self.root}/{quote(collection)}", params=params)
            yield page.get("documents", [])
            token = page.get("nextPageToken", "")
            if not token:
                return

    def collections(self, document: str) -> list[str]:
        """The ids of the collections below a document."""
        found: list[str] = []
        body: dict[str, Any] = {"pageSize": PAGE}
        with self.mapped("list the records"):
            while True:
                page = self._call("POST", f"/v1/{self.root}/{quote(document)}:listCollectionIds", json=body)
                found += page.get("collectionIds", [])
                if not page.get("nextPageToken"):
                    return found
                body["pageToken"] = page["nextPageToken"]

    def count(self, document: str, collection: str) -> int:
        """How many documents the collection below `document` has."""
        query = {"structuredQuery": {"from": [{"collectionId": collection}]}}
        asked = {"structuredAggregationQuery": {**query, "aggregations": [{"alias": "all", "count": {}}]}}
        with self.mapped("count the records"):
            [answer] = self._call("POST", f"/v1/{self.root}/{quote(document)}:runAggregationQuery", json=asked)
        return int(answer["result"]["aggregateFields"]["all"]["integerValue"])

    def get(self, path: str) -> Mapping[str, Any] | None:
        """The fields of a document, or None."""
        with self.mapped("read a record"):
            try:
                document = self._call("GET", f"/v1/{self.root}/{quote(path)}")
            except Refused as refused:
                if refused.status == 404 and refused.message.startswith("Document "):
                    return None
                raise
        fields: Mapping[str, Any] = document.get("fields", {})
        return fields

    def put_many(self, documents: Mapping[str, Mapping[str, Any]]) -> list[tuple[int, str]]:
        """Write documents by path, each for itself. A code of google.rpc and a message for each; 0 when stored."""
        writes = [
            {"update": {"name": f"{self.root}/{path}", "fields": fields}} for path, fields in documents.items()
        ]
        with self.mapped("write the records"):
            answer = self._call("POST", f"/v1/{self.root}:batchWrite", json={"writes": writes})
        return [(int(each.get("code", 0)), str(each.get("message", ""))) for each in answer["status"]]

    def mapped(self, doing: str) -> AbstractContextManager[None]:
        return self._errors.mapped(doing, resource=f"the project {self.project}")

    def _call(self, method: str, path: str, **options: Any) -> Any:
        return self._calls.call(method, path, headers=self._headers, **options).json()
