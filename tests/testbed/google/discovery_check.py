"""Requests held against Google's published discovery documents: paths, query names, and members of bodies.

The documents in `discovery/` are Google's (Apache-2.0), each with its `revision`, some without their descriptions.
They name no required members; what is required or cannot be changed is written by hand in the stand-ins.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

FOLDER = Path(__file__).parent / "discovery"


class Described:
    """An API as its discovery document describes it."""

    def __init__(self, name: str) -> None:
        self._document = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
        self._common = set(self._document["parameters"])
        self._methods = list(_methods(self._document))
        base = self._document.get("servicePath", "")
        self._base = f"/{base}"

    def faults(
        self, verb: str, path: str, query: Mapping[str, str], body: Any, *, upload: bool = False
    ) -> list[str]:
        """What is wrong with a request; empty for one that Google would read."""
        matching = [
            each for each in self._methods if each["httpMethod"] == verb and self._fits(each, path, upload=upload)
        ]
        if not matching:
            return [f"no method is called by {verb} {path}"]
        return min((self._faults_of(method, query, body, upload=upload) for method in matching), key=len)

    def _faults_of(
        self, method: Mapping[str, Any], query: Mapping[str, str], body: Any, *, upload: bool
    ) -> list[str]:
        parameters: dict[str, Any] = method.get("parameters", {})
        known = {name for name, each in parameters.items() if each["location"] == "query"}
        found = [
            f"unknown query parameter {name}"
            for name in query
            if name.removeprefix("$") not in known | self._common | {"uploadType"}
        ]
        found += [
            f"query parameter {name}: {value} is none of its values"
            for name, value in query.items()
            if value not in parameters.get(name, {}).get("enum", [value])
        ]
        if "request" in method and not upload:
            schema = method["request"]["$ref"]
            errors = _validator(self._document["rootUrl"], schema, _Key(self._document)).iter_errors(body or {})
            found += [f"{each.json_path}: {each.message[:120]}" for each in errors]
        elif body and not upload:
            found.append("the method takes no body")
        return found

    def _fits(self, method: Mapping[str, Any], path: str, *, upload: bool) -> bool:
        if upload:
            patterns = [
                protocol["path"] for protocol in method.get("mediaUpload", {}).get("protocols", {}).values()
            ]
        else:
            patterns = [self._base + (method.get("flatPath") or method["path"]), self._base + method["path"]]
            if ":" in method["path"]:  # its verb tells it apart, and the pattern shows one of several forms
                return any(re.fullmatch(_regex(pattern, {}), path) for pattern in patterns)
        return any(re.fullmatch(_regex(pattern, method), path) for pattern in patterns)


@cache
def described(name: str) -> Described:
    return Described(name)


def _methods(node: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from node.get("methods", {}).values()
    for resource in node.get("resources", {}).values():
        yield from _methods(resource)


def _regex(pattern: str, method: Mapping[str, Any]) -> str:
    """A path of a method as a regular expression; `{+name}` is what the parameter's own pattern says."""

    def part(found: re.Match[str]) -> str:
        own = method.get("parameters", {}).get(found[2], {}).get("pattern", "")
        return own.strip("^$") or (".+" if found[1] else "[^/:]+")

    return "".join(
        re.sub(r"\{(\+)?(\w+)\}", part, piece) if piece.startswith("{") else re.escape(piece)
        for piece in re.split(r"(\{[^}]*\})", pattern)
    )


class _Key:
    """A document as the key of a cache: the same object is the same document."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document

    def __hash__(self) -> int:
        return id(self.document)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.document is self.document


@cache
def _validator(_root: str, schema: str, key: _Key) -> Draft202012Validator:
    schemas = {name: _converted(each) for name, each in key.document["schemas"].items()}
    return Draft202012Validator({"$ref": f"#/$defs/{schema}", "$defs": schemas})


def _converted(source: Mapping[str, Any]) -> dict[str, Any]:
    """A discovery schema as JSON Schema; a member it does not name is an error."""
    each = copy.deepcopy(dict(source))
    if "$ref" in each:
        return {"$ref": f"#/$defs/{each['$ref']}"}
    made = {name: each[name] for name in ("type", "enum", "pattern") if name in each}
    if made.get("type") == "any":
        del made["type"]
    if each.get("format") in ("int64", "uint64") and each.get("type") == "string":
        made = {"anyOf": [{"type": "string", "pattern": r"^-?\d+$"}, {"type": "integer"}]}
    if each.get("type") == "number":  # as protocol buffers write them in JSON
        made = {"anyOf": [{"type": "number"}, {"enum": ["NaN", "Infinity", "-Infinity"]}]}
    if each.get("type") == "array":
        made["items"] = _converted(each.get("items", {}))
    if each.get("type") == "object" or "properties" in each:
        made["type"] = "object"
        made["properties"] = {name: _converted(member) for name, member in each.get("properties", {}).items()}
        others = each.get("additionalProperties")
        made["additionalProperties"] = _converted(others) if others else False
    return made
