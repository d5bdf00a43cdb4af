"""The service over REST: addresses and JSON as Google's discovery document names them."""

from __future__ import annotations

import json
import re
from typing import Any

from google.cloud.firestore_v1 import types
from google.protobuf import json_format
from testbed.google.discovery_check import described
from testbed.google.firestore.refusals import HTTP_STATUS, Refusal, invalid
from testbed.google.firestore.service import FirestoreService
from testbed.google.server import TOKEN, Call, Reply, document, refusal

BASE = re.compile(r"/v1/(projects/[^/]+/databases/[^/]+/documents)(.*)")
VERBS = {
    "batchGet": "BatchGetDocuments",
    "batchWrite": "BatchWrite",
    "beginTransaction": "BeginTransaction",
    "commit": "Commit",
    "rollback": "Rollback",
    "runQuery": "RunQuery",
    "runAggregationQuery": "RunAggregationQuery",
    "partitionQuery": "PartitionQuery",
    "listCollectionIds": "ListCollectionIds",
}
BY_DATABASE = {"batchGet", "batchWrite", "beginTransaction", "commit", "rollback"}
LISTED = {"batchGet", "runQuery", "runAggregationQuery"}


class FirestoreRest:
    """Implements the Service of the stand-in server."""

    prefixes = ("/v1/projects/",)

    def __init__(self, service: FirestoreService) -> None:
        self._service = service

    def answer(self, call: Call) -> Reply:
        if call.headers.get("authorization") != f"Bearer {TOKEN}":
            return refusal(401, "Request had invalid authentication credentials.", "UNAUTHENTICATED")
        match = BASE.fullmatch(call.path)
        if match is None:
            return refusal(404, f"nothing is at {call.path}", "NOT_FOUND")
        faults = described("firestore.v1").faults(call.verb, call.path, call.query, call.json)
        if faults:
            return refusal(400, "; ".join(faults), "INVALID_ARGUMENT")
        try:
            return self._answer(call, match[1], match[2])
        except Refusal as refused:
            return refusal(HTTP_STATUS[refused.status], refused.message, refused.status)

    def _answer(self, call: Call, root: str, rest: str) -> Reply:
        path, colon, verb = rest.rpartition(":")
        if call.verb == "POST" and colon and verb in VERBS:
            request = _request(VERBS[verb], call.json or {})
            if verb in BY_DATABASE:
                request.database = root.removesuffix("/documents")
            else:
                request.parent = root + path
            answers = [_json(each) for each in self._service.answer(VERBS[verb], request)]
            return document(answers if verb in LISTED else answers[0])
        name = root + rest
        if call.verb == "GET" and len(rest.strip("/").split("/")) % 2:
            parent, _, collection = name.rpartition("/")
            request = _request("ListDocuments", _query(call, "pageSize", "pageToken", "orderBy", "showMissing"))
            request.parent, request.collection_id = parent, collection
            return self._one("ListDocuments", request)
        if call.verb == "GET":
            return self._one("GetDocument", _request("GetDocument", {"name": name, **_query(call, "transaction")}))
        if call.verb == "POST":
            parent, _, collection = name.rpartition("/")
            asked = {"parent": parent, "collectionId": collection, "document": call.json or {}}
            return self._one("CreateDocument", _request("CreateDocument", {**asked, **_query(call, "documentId")}))
        if call.verb == "PATCH":
            request = _request("UpdateDocument", {"document": {**(call.json or {}), "name": name}})
            _fill(call, request)
            return self._one("UpdateDocument", request)
        request = _request("DeleteDocument", {"name": name})
        _fill(call, request)
        return self._one("DeleteDocument", request)

    def _one(self, method: str, request: Any) -> Reply:
        return document(_json(next(self._service.answer(method, request))))


def _request(method: str, body: dict[str, Any]) -> Any:
    try:
        return json_format.ParseDict(body, getattr(types, f"{method}Request").pb()())
    except json_format.ParseError as error:
        raise invalid(f"Invalid JSON payload received. {error}") from None


def _query(call: Call, *wanted: str) -> dict[str, str]:
    return {name: call.query[name] for name in wanted if name in call.query}


def _fill(call: Call, request: Any) -> None:
    if "currentDocument.exists" in call.query:
        request.current_document.exists = call.query["currentDocument.exists"] == "true"
    if "currentDocument.updateTime" in call.query:
        request.current_document.update_time.FromJsonString(call.query["currentDocument.updateTime"])
    if "updateMask.fieldPaths" in call.query:
        raise Refusal("UNIMPLEMENTED", "This stand-in reads masks in commits only.")


def _json(message: Any) -> Any:
    return json.loads(json_format.MessageToJson(message))
