"""Reads the vectors, writes their workspaces and compares answers. See README.md beside this file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

_FOLDER = Path(__file__).parent


class Case(NamedTuple):
    """One request to one profile, and what to expect."""

    name: str
    profile: str
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    settings: dict[str, Any]
    expect: dict[str, Any]


def load_cases() -> list[Case]:
    """Every case, once for each profile it is for."""
    rows = json.loads((_FOLDER / "cases.json").read_text("utf-8"))
    return [_case(row, profile) for row in rows for profile in row["profiles"]]


def write_workspace(folder: Path, profile: str) -> None:
    """Write the stored files of `profile` below `folder`."""
    files = json.loads((_FOLDER / "workspaces.json").read_text("utf-8"))[profile]
    for key, content in files.items():
        path = folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        is_text = isinstance(content, dict) and "$text" in content
        path.write_bytes((content["$text"] if is_text else json.dumps(content)).encode())


def differences(case: Case, status: int, headers: Mapping[str, str], body: bytes) -> list[str]:
    """What is not as the case expects; empty when all is. `headers` by lower-case name."""
    expect = case.expect
    found = [] if status == expect["status"] else [f"status: {status}, expected {expect['status']}"]
    found += _compare("headers", {"$subset": True, **expect.get("headers", {})}, dict(headers))
    if case.method != "HEAD" and "text" in expect:
        found += _compare("text", expect["text"], body.decode("utf-8"))
    if case.method != "HEAD" and "body" in expect:
        found += _compare("body", expect["body"], json.loads(body))
    return found


def _case(row: dict[str, Any], profile: str) -> Case:
    path, _, query = row["target"].partition("?")
    return Case(
        row["name"],
        profile,
        row["method"],
        path,
        query,
        row.get("headers", {}),
        row.get("body", "").encode(),
        row.get("settings", {}),
        row["expect"],
    )


def _compare(place: str, expected: Any, found: Any) -> list[str]:
    if isinstance(expected, dict):
        return _compare_marked(place, expected, found)
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        pairs = enumerate(zip(expected, found, strict=True))
        return [line for index, pair in pairs for line in _compare(f"{place}[{index}]", *pair)]
    return [] if expected == found else [f"{place}: {found!r}, expected {expected!r}"]


def _compare_marked(place: str, expected: dict[str, Any], found: Any) -> list[str]:
    if "$any" in expected:
        return []
    if "$matches" in expected:
        fits = isinstance(found, str) and re.search(expected["$matches"], found, re.DOTALL)
        return [] if fits else [f"{place}: {found!r} does not match {expected['$matches']!r}"]
    exactly = "$exactly" in expected
    members = expected["$exactly"] if exactly else expected
    if not isinstance(found, dict):
        return [f"{place}: {found!r}, expected an object"]
    lines = [f"{place}.{name}: not expected" for name in found if exactly and name not in members]
    for name, value in members.items():
        lines += _compare_member(place, name, value, found)
    return lines


def _compare_member(place: str, name: str, expected: Any, found: dict[str, Any]) -> list[str]:
    if name == "$subset":
        return []
    wants_none = isinstance(expected, dict) and "$absent" in expected
    if name not in found:
        return [] if wants_none else [f"{place}.{name}: absent"]
    return [f"{place}.{name}: present"] if wants_none else _compare(f"{place}.{name}", expected, found[name])
