"""What the OpenAPI document says about an answer of the API, held against the answer itself."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx
import jsonschema_rs
from schemathesis import checks
from schemathesis.specs.openapi import checks as openapi_checks

from miniprogram_server.admin.framework.operation import PREFIX
from miniprogram_server.console.mounting import description

PROBLEM = "application/problem+json"


def wrong_data_is_refused(context: Any, response: Any, case: Any) -> bool | None:
    """A request that the document calls wrong is refused, unless a link put right what was wrong with it."""
    is_refused = 400 <= response.status_code < 500
    if is_refused or not any(part.mode.is_negative for part in case.meta.components.values()):
        return None
    return openapi_checks.negative_data_rejection(context, response, case)


CHECKS = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_schema_conformance,
    openapi_checks.response_headers_conformance,
    wrong_data_is_refused,
]
"""What every answer to whatever schemathesis makes up is held against."""


@cache
def document() -> dict[str, Any]:
    return json.loads(description())


@cache
def _validator(schema: str) -> Any:
    return jsonschema_rs.Draft202012Validator({"components": document()["components"], **json.loads(schema)})


def must_fit(schema: dict[str, Any], value: Any) -> None:
    """Fails unless `value` is as `schema`, which may refer to the document's components."""
    problems = [f"{error.instance_path}: {error.message}" for error in fits(schema).iter_errors(value)]
    assert problems == [], f"{json.dumps(value)[:500]} is not as described"


def fits(schema: dict[str, Any]) -> Any:
    """A validator of a schema of the document."""
    return _validator(json.dumps(schema))


def operation_at(method: str, path: str) -> dict[str, Any] | None:
    """The document's description of what `method` does at `path`; None where it knows nothing of it."""
    for template, methods in document()["paths"].items():
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(PREFIX + template))
        if re.fullmatch(pattern, path) and method.lower() in methods:
            return methods[method.lower()]
    return None


def check_answer(method: str, url: str, answer: httpx.Response) -> None:
    """Fails unless the document describes this answer. Every refusal is a problem document, described or not."""
    path = urlsplit(url).path
    if not path.startswith("/api/admin/") or method == "HEAD":
        return
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == PROBLEM, (answer.status_code, answer.text)
        must_fit({"$ref": "#/components/schemas/Problem"}, answer.json())
        assert answer.json()["status"] == answer.status_code
        assert answer.json()["traceId"] == answer.headers["x-backend-trace-id"]
    operation = operation_at("GET" if method == "HEAD" else method, path)
    if operation is None:
        assert answer.status_code in (200, 401, 404, 405, 413, 422), (method, path)
        return
    described = operation["responses"].get(str(answer.status_code))
    assert described is not None, f"{operation['operationId']} answered {answer.status_code}: {answer.text}"
    if "$ref" in described:
        described = document()["components"]["responses"][described["$ref"].rpartition("/")[2]]
    if answer.status_code == 304:
        assert answer.content == b""
        return
    media_type = answer.headers["content-type"].partition(";")[0]
    must_fit(described["content"][media_type]["schema"], answer.json())
