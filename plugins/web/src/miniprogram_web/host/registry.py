"""The registry file: names by which a page's code calls its mini-programs."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from miniprogram.errors import DocumentError
from miniprogram.seams.host_generator import RegistryEntry
from miniprogram.strict_json import parse_json, require_object

MEMBERS = frozenset(["constructor", "hasOwnProperty", "isPrototypeOf", "toLocaleString", "toString", "valueOf"])
"""Names that every object has already."""

_HEAD = """\
// Written by `miniprogram host endpoint add`, `import` and `remove`. Names and titles you change here are kept.

"""
_OBJECT = re.compile(r"^export const MiniPrograms = (?P<json>\{.*?\n?\});[ \t]*$", re.MULTILINE | re.DOTALL)
_NAME = re.compile(r"(?!__proto__$)[A-Za-z_$][A-Za-z0-9_$]*")


def parse_registry(text: str, *, name: str) -> tuple[RegistryEntry, ...] | None:
    """The entries in file order; None when `text` is no registry of ours.

    Raises DocumentError naming `name` when what it holds cannot be read: rewriting would lose it.
    """
    found = _OBJECT.search(text)
    if found is None:
        if "export const MiniPrograms" in text:
            raise DocumentError(f"{name}: MiniPrograms must be an object that is written as JSON")
        return None
    where = f"{name}: MiniPrograms"
    rows = require_object(parse_json(found["json"].encode(), name=where), name=where)
    return tuple(_entry(constant, row, where) for constant, row in rows.items())


def render_registry(registry: Sequence[RegistryEntry]) -> bytes:
    """The registry file for entries that have names."""
    rows = (
        f"  {json.dumps(entry.constant)}: {json.dumps({'appId': entry.app_id, 'title': entry.title})}"
        for entry in registry
    )
    body = ",\n".join(rows)
    return f"{_HEAD}export const MiniPrograms = {{\n{body}\n}};\n".encode()


def _entry(constant: str, row: object, where: str) -> RegistryEntry:
    members = row if isinstance(row, dict) else {}
    app_id, title = members.get("appId"), members.get("title")
    if not _NAME.fullmatch(constant) or not isinstance(app_id, str) or not isinstance(title, str):
        raise DocumentError(f"{where}: {constant} must be a name with an appId and a title, both texts")
    return RegistryEntry(app_id, title, constant)
