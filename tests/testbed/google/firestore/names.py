"""Names of documents and collections, and what the service allows in them."""

from __future__ import annotations

import re

from testbed.google.firestore.refusals import invalid

ROOT = re.compile(r"projects/[^/]+/databases/[^/]+/documents")
LONGEST_ID = 1500
LONGEST_NAME = 6 * 1024


def split(name: str) -> tuple[str, tuple[str, ...]]:
    """The root of a database and the path below it. Raises Refusal for what is no name."""
    match = ROOT.match(name)
    if match is None or (name[match.end() :] and name[match.end()] != "/"):
        raise invalid(f'Document name "{name}" lacks "projects" at index 0.')
    path = tuple(name[match.end() + 1 :].split("/")) if len(name) > match.end() else ()
    if len(name.encode()) > LONGEST_NAME:
        raise invalid("A name has at most 6 KiB.")
    for part in path:
        require_id(part)
    return match.group(), path


def require_document(name: str) -> None:
    _, path = split(name)
    if not path or len(path) % 2:
        raise invalid(f'Document name "{name}" has an odd number of segments below documents.')


def require_parent(name: str) -> None:
    """A parent of collections: the root of a database, or a document."""
    _, path = split(name)
    if len(path) % 2:
        raise invalid(f'Parent "{name}" is a collection, not a document.')


def require_id(part: str) -> None:
    if not part:
        raise invalid("A part of a name is empty.")
    if part in (".", ".."):
        raise invalid(f'Resource id "{part}" is not allowed.')
    if re.fullmatch(r"__.*__", part):
        raise invalid(f'Resource id "{part}" is invalid because it is reserved.')
    if len(part.encode()) > LONGEST_ID:
        raise invalid(f"A part of a name has more than {LONGEST_ID} bytes.")


def parent_of(name: str) -> str:
    """The parent of the collection that the document `name` is in."""
    return name.rsplit("/", 2)[0]


def collection_of(name: str) -> str:
    return name.rsplit("/", 2)[1]


def field_path(text: str) -> tuple[str, ...]:
    """The parts of a field path: `a.b`, or with quoted parts: `` `a.b`.c ``."""
    parts: list[str] = []
    rest = text
    while True:
        if rest.startswith("`"):
            match = re.match(r"`((?:[^`\\]|\\.)+)`", rest)
            part = re.sub(r"\\(.)", r"\1", match[1]) if match else ""
        else:
            match = re.match(r"[A-Za-z_][A-Za-z_0-9]*", rest)
            part = match[0] if match else ""
        if match is None:
            raise invalid(f'Invalid property path "{text}".')
        parts.append(part)
        rest = rest[match.end() :]
        if not rest:
            return tuple(parts)
        if not rest.startswith(".") or len(rest) == 1:
            raise invalid(f'Invalid property path "{text}".')
        rest = rest[1:]
