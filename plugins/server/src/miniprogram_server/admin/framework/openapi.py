"""The OpenAPI 3.1 document, made of the table of operations and their models."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from miniprogram.names import RULES, name_schema
from miniprogram_server.admin.framework.bodies import BYTES, JSON, TEXT
from miniprogram_server.admin.framework.operation import PATH_NAMES, PREFIX, Operation
from miniprogram_server.admin.framework.problems import MEDIA_TYPE, Problem
from miniprogram_server.admin.framework.schemas import Members, References, model_schemas, query_schema

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
    500: "The service failed, or a stored document cannot be read; the log says more under `traceId`.",
    503: "The store gives no answer, or there is too much to do.",
}

_PARAMETERS: Members = {
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "description": "The ETag of what was looked at, or `*` for any.",
        "schema": {"type": "string", "pattern": r'^(\*|"r(0|[1-9][0-9]{0,17})")$'},
        "example": '"r7"',
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": "The ETag of what is known already: if it is still that, the answer is 304.",
        "schema": {"type": "string"},
        "example": '"r7"',
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "A repeated request with the same key is answered as the first was. Kept for a day.",
        "schema": {"type": "string", "pattern": "^[!-~]{1,128}$"},
        "example": "build-4711",
    },
}
_ETAG = {"schema": {"type": "string"}, "description": "The document's revision.", "example": '"r7"'}
_TRACE = {"schema": {"type": "string"}, "description": "What the log calls this request."}


class Examples(NamedTuple):
    """One of each name in a path, of each operation's body and answer, and of a list of ids."""

    names: Mapping[str, str]
    bodies: Mapping[str, Any]
    ids: str
    answers: Mapping[str, Any]


class Link(NamedTuple):
    """From the answer of one operation to another. `parameters` are runtime expressions of OpenAPI, by name."""

    source: str
    target: str
    parameters: Mapping[str, str]
    body: Mapping[str, str] | None = None


def openapi_document(
    operations: Sequence[Operation], *, version: str, examples: Examples, links: Iterable[Link]
) -> Members:
    """The description of `operations`, as JSON members. Raises KeyError for one without examples."""
    bodies = [each.body for each in operations if each.body is not None]
    references, schemas = model_schemas(bodies, [Problem, *(each.answer for each in operations)])
    leads: defaultdict[str, Members] = defaultdict(dict)
    for link in links:
        leads[link.source][link.target] = _link(link)
    paths: dict[str, Members] = {}
    for operation in operations:
        described = _Description(operation, references, examples, leads[operation.name])
        paths.setdefault(operation.path, {})[operation.method.lower()] = described.members()
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


class _Description:
    """One operation, described."""

    def __init__(self, operation: Operation, references: References, examples: Examples, links: Members) -> None:
        self._operation = operation
        self._references = references
        self._examples = examples
        self._links = links

    def members(self) -> Members:
        operation = self._operation
        responses: Members = {str(operation.status): self._done()}
        if _is_conditional(operation):
            responses["304"] = {"description": "It is still what `If-None-Match` names."}
        responses |= {str(status): {"$ref": _refusal_ref(status)} for status in sorted(_statuses(operation))}
        members: Members = {
            "operationId": operation.name,
            "tags": [operation.group],
            "summary": operation.summary,
            "description": f"Who may: {operation.permission}.",
            "parameters": self._parameters(),
            "responses": responses,
        }
        if operation.takes_body:
            members["requestBody"] = {"required": True, "content": self._body()}
        return members

    def _parameters(self) -> list[Members]:
        operation = self._operation
        found = [_path_parameter(name, self._examples.names[name]) for name in operation.names]
        found += _query_parameters(operation)
        if operation.guarded:
            found.append({**_PARAMETERS["IfMatch"], "required": True})
        if _is_conditional(operation):
            found.append(_parameter_ref("IfNoneMatch"))
        if operation.writes and operation.keeps_answer:
            found.append(_parameter_ref("IdempotencyKey"))
        return found

    def _done(self) -> Members:
        operation = self._operation
        done: Members = {
            "description": "Done.",
            "headers": {"x-backend-trace-id": _TRACE, **({"ETag": _ETAG} if operation.tagged else {})},
            "content": {
                JSON: {
                    "schema": self._references[operation.answer, "serialization"],
                    "example": self._examples.answers[operation.name],
                }
            },
        }
        return {**done, "links": self._links} if self._links else done

    def _body(self) -> Members:
        operation = self._operation
        if operation.body is not None:
            example = self._examples.bodies[operation.name]
            return {JSON: {"schema": self._references[operation.body, "validation"], "example": example}}
        text: Members = {"type": "string", "description": "Ids, one a line; or CSV, with `column` in the query."}
        binary = {"type": "string", "format": "binary", "description": "The same as bytes."}
        shown = {"schema": text, "example": self._examples.ids}
        return {kind: {"schema": binary} if kind == BYTES else shown for kind in TEXT}


def _is_conditional(operation: Operation) -> bool:
    """Whether one may ask for it only if it changed."""
    return operation.tagged and not operation.writes


def _link(link: Link) -> Members:
    members: Members = {"operationId": link.target, "parameters": dict(link.parameters)}
    return members if link.body is None else {**members, "requestBody": dict(link.body)}


def _statuses(operation: Operation) -> set[int]:
    found = {400, 401, 403, 404, 422, 429, 500, 503}
    if operation.writes:
        found |= {409, 412}
    if operation.takes_body:
        found |= {413, 415}
    return found | {428} if operation.guarded else found


def _path_parameter(name: str, example: str) -> Members:
    kind = PATH_NAMES[name]
    described: Members = {
        "description": f"Use {RULES[kind].wanted}.",
        "schema": name_schema(kind),
        "example": example,
    }
    return {"name": name, "in": "path", "required": True, **described}


def _parameter_ref(name: str) -> Members:
    return {"$ref": f"#/components/parameters/{name}"}


def _query_parameters(operation: Operation) -> list[Members]:
    if operation.query is None:
        return []
    schema = query_schema(operation.query)
    return [
        {"name": name, "in": "query", "required": name in schema.get("required", ()), "schema": member}
        for name, member in schema["properties"].items()
    ]


def _refusal(text: str) -> Members:
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {MEDIA_TYPE: {"schema": schema}}
    return {"description": text, "headers": {"x-backend-trace-id": _TRACE}, "content": content}


def _refusal_name(status: int) -> str:
    return f"Refused{status}"


def _refusal_ref(status: int) -> str:
    return f"#/components/responses/{_refusal_name(status)}"
