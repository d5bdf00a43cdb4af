"""The OpenAPI 3.1 document, made of the table of operations and their models."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from miniprogram.names import RULES
from miniprogram_server.admin.framework.bodies import JSON, TEXT
from miniprogram_server.admin.framework.operation import PATH_NAMES, PREFIX, Operation
from miniprogram_server.admin.framework.problems import MEDIA_TYPE, Problem

REFUSALS = {
    400: "The request cannot be read.",
    401: "No token, or one that does not count.",
    403: "The member behind the token may not do this; the audit trail says so.",
    404: "There is no such thing.",
    409: "A rule of releases stands against it, or the request is being answered already.",
    412: "The document is at another revision.",
    413: "The body is too large.",
    415: "The body is of another type.",
    422: "The body or a parameter is not what it must be.",
    428: "If-Match is missing.",
    429: "This token asks too often; Retry-After says how long to wait.",
    503: "The store gives no answer.",
}

_PARAMETERS: dict[str, dict[str, Any]] = {
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "description": "The ETag of what was looked at, or `*` for any.",
        "schema": {"type": "string", "pattern": r'^(\*|"r(0|[1-9][0-9]{0,17})")$'},
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "A repeated request with the same key is answered as the first was. Kept for a day.",
        "schema": {"type": "string", "pattern": "^[!-~]{1,128}$"},
    },
}

Members = dict[str, Any]


def openapi_document(operations: Sequence[Operation], *, version: str) -> Members:
    """The description of `operations`, as JSON members."""
    references, schemas = _schemas(operations)
    paths: dict[str, Members] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, references)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Releases of mini-programs",
            "version": version,
            "summary": "Everything the release commands do, over HTTP.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": PREFIX}],
        "security": [{"token": []}],
        "tags": [{"name": name} for name in dict.fromkeys(each.group for each in operations)],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "parameters": _PARAMETERS,
            "responses": {_refusal_name(status): _refusal(text) for status, text in REFUSALS.items()},
            "schemas": schemas,
        },
    }


Mode = Literal["validation", "serialization"]
References = dict[tuple[type[BaseModel], Mode], Members]


def _schemas(operations: Iterable[Operation]) -> tuple[References, Members]:
    wanted: dict[tuple[type[BaseModel], Mode], None] = {(Problem, "serialization"): None}
    for each in operations:
        wanted[each.answer, "serialization"] = None
        for model in filter(None, (each.body, each.query)):
            wanted[model, "validation"] = None
    references, definitions = models_json_schema(
        list(wanted), by_alias=True, ref_template="#/components/schemas/{model}"
    )
    return {key: references[key] for key in wanted}, definitions.get("$defs", {})


def _operation(operation: Operation, references: References) -> Members:
    parameters = [*map(_path_parameter, operation.names), *_query_parameters(operation)]
    if operation.guarded:
        parameters.append({**_PARAMETERS["IfMatch"], "required": True})
    if operation.writes and operation.keeps_answer:
        parameters.append({"$ref": "#/components/parameters/IdempotencyKey"})
    members: Members = {
        "operationId": operation.name,
        "tags": [operation.group],
        "summary": operation.summary,
        "description": f"Who may: {operation.permission}.",
        "parameters": parameters,
        "responses": {
            str(operation.status): {
                "description": "Done.",
                "headers": {"ETag": {"schema": {"type": "string"}, "description": "The document's revision."}},
                "content": {JSON: {"schema": references[operation.answer, "serialization"]}},
            },
            **{str(status): {"$ref": _refusal_ref(status)} for status in sorted(_statuses(operation))},
        },
    }
    if operation.body is not None:
        schema = references[operation.body, "validation"]
        members["requestBody"] = {"required": True, "content": {JSON: {"schema": schema}}}
    elif operation.takes_text:
        lines: Members = {"schema": {"type": "string", "description": "One a line; of CSV the first column."}}
        members["requestBody"] = {"required": True, "content": dict.fromkeys(TEXT, lines)}
    return members


def _statuses(operation: Operation) -> set[int]:
    found = {400, 401, 403, 404, 422, 429, 503}
    if operation.writes:
        found |= {409, 412}
    if operation.takes_body:
        found |= {413, 415}
    return found | {428} if operation.guarded else found


def _path_parameter(name: str) -> Members:
    rule = RULES[PATH_NAMES[name]]
    schema: Members = {"type": "string", "minLength": 1, "maxLength": rule.max_length, "pattern": rule.pattern}
    return {"name": name, "in": "path", "required": True, "description": f"Use {rule.wanted}.", "schema": schema}


def _query_parameters(operation: Operation) -> list[Members]:
    if operation.query is None:
        return []
    schema = operation.query.model_json_schema(by_alias=True)
    return [
        {"name": name, "in": "query", "required": name in schema.get("required", ()), "schema": member}
        for name, member in schema["properties"].items()
    ]


def _refusal(text: str) -> Members:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": text, "content": {MEDIA_TYPE: {"schema": schema}}}


def _refusal_name(status: int) -> str:
    return f"Refused{status}"


def _refusal_ref(status: int) -> str:
    return f"#/components/responses/{_refusal_name(status)}"
