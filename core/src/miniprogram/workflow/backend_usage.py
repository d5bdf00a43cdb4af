"""Which publisher backend features a mini-program's sources use.

Call sites count, definitions do not: the helper functions of a scaffold live inside the scanned tree and would
otherwise make every mini-program look like one that uses a backend.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from miniprogram.workflow.section import Section

MAX_SOURCE_BYTES = 2 * 1024 * 1024

_DART_DEFINITION = re.compile(r"\b(?:StacAction|StacWidget)\s+miniProgramBackend(?:Action|QueryAction|Builder)\(")
_CALLS = {
    "action": (re.compile(r"\bminiProgramBackendAction\("), re.compile(r"\bactions\.backend_call\(")),
    "query": (re.compile(r"\bminiProgramBackendQueryAction\("), re.compile(r"\bactions\.backend_query\(")),
    "builder": (re.compile(r"\bminiProgramBackendBuilder\("), re.compile(r"\bui\.\w*backend_builder\(")),
}
_REQUEST_ID = re.compile(r"""\brequest(?:Id\s*:|_id\s*=)\s*(?:'([^']+)'|"([^"]+)")""")
_NODES = {
    ("actionType", "miniProgramBackend"): "action",
    ("actionType", "miniProgramBackendQuery"): "query",
    ("type", "miniProgramBackendBuilder"): "builder",
}


class BackendUsage(Section):
    """`uses_backend_state` is query or builder; `request_ids` are those of backend calls, sorted."""

    uses_backend_action: bool
    uses_backend_query_action: bool
    uses_backend_builder: bool
    uses_backend_state: bool
    uses_publisher_backend: bool
    request_ids: tuple[str, ...]


def backend_usage(program_root: Path) -> BackendUsage:
    """Scan the sources and the built screens of the mini-program. Unreadable files are passed over."""
    kinds: set[str] = set()
    request_ids: set[str] = set()
    for path in _sources(program_root):
        text = _read(path)
        found = _in_json(text) if path.suffix == ".json" else _in_code(text)
        for kind, request_id in found:
            kinds.add(kind)
            request_ids |= {request_id} if request_id else set()
    state = bool(kinds & {"query", "builder"})
    return BackendUsage(
        uses_backend_action="action" in kinds,
        uses_backend_query_action="query" in kinds,
        uses_backend_builder="builder" in kinds,
        uses_backend_state=state,
        uses_publisher_backend=bool(kinds),
        request_ids=tuple(sorted(request_ids)),
    )


def _sources(program_root: Path) -> Iterator[Path]:
    for folder in ("lib", "stac"):
        for path in sorted((program_root / folder).rglob("*")):
            if path.suffix in (".dart", ".py", ".json") and path.is_file():
                yield path


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_SOURCE_BYTES:
            return ""
        return path.read_text("utf-8", errors="replace")
    except OSError:
        return ""


def _in_code(text: str) -> Iterator[tuple[str, str | None]]:
    calls = _DART_DEFINITION.sub("", text)
    for kind, patterns in _CALLS.items():
        for pattern in patterns:
            for match in pattern.finditer(calls):
                request = _REQUEST_ID.search(calls, match.end(), match.end() + 400)
                yield kind, (request.group(1) or request.group(2)) if request else None


def _in_json(text: str) -> Iterator[tuple[str, str | None]]:
    try:
        yield from _nodes(json.loads(text))
    except (ValueError, RecursionError):
        return


def _nodes(value: Any) -> Iterator[tuple[str, str | None]]:
    if isinstance(value, dict):
        for (key, name), kind in _NODES.items():
            if value.get(key) == name:
                request_id = value.get("requestId")
                yield kind, request_id if isinstance(request_id, str) else None
        for member in value.values():
            yield from _nodes(member)
    elif isinstance(value, list):
        for member in value:
            yield from _nodes(member)
