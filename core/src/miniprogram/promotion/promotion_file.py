"""The one file: a tar whose first member is a signed statement that lists all others, in their order.

The same contents give the same bytes. Nothing in it is ever written to a path it names, and nothing is read beyond
the sizes allowed here.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Iterator, Mapping

from miniprogram.errors import DocumentError, StoreError
from miniprogram.object_keys import check_key
from miniprogram.packages.limits import MAX_ARCHIVE_BYTES

STATEMENT = "statement.json"
VERSION = "version.tar"
PROVENANCE = "provenance.json"
AUDIT = "audit.jsonl"
TRUST = "trust/"
MAX_STATEMENT_BYTES = 4 * 1024 * 1024
MAX_AUDIT_BYTES = 64 * 1024 * 1024
MAX_OTHER_BYTES = 8 * 1024 * 1024
"""Of the provenance, and of each file of trust metadata."""
MOST_MEMBERS = 4_096
MAX_FILE_BYTES = MAX_ARCHIVE_BYTES + MAX_AUDIT_BYTES + 64 * 1024 * 1024


def write_promotion_file(statement: bytes, members: Mapping[str, bytes]) -> bytes:
    """The file. `members` by name, in the order the statement lists them."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, body in ((STATEMENT, statement), *members.items()):
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(body), 0o644
            archive.addfile(member, io.BytesIO(body))
    return out.getvalue()


def read_promotion_file(body: bytes, *, name: str) -> tuple[bytes, dict[str, bytes]]:
    """The statement and the members, by name and in their order. Nothing of it is believed yet.

    Raises DocumentError for anything `write_promotion_file` would not have written: links, names twice or leading
    out, members too large or too many, a file that is cut off or goes on.
    """
    if len(body) > MAX_FILE_BYTES:
        raise DocumentError(f"{name} is too large")
    try:
        found = dict(_members(body, name))
    except (tarfile.TarError, EOFError, UnicodeError, ValueError, StoreError) as error:
        raise DocumentError(f"{name} is no exported version: {error}") from error
    statement = found.pop(STATEMENT, None)
    if statement is None:
        raise DocumentError(f"{name} is no exported version: it holds no {STATEMENT}")
    if write_promotion_file(statement, found) != body:
        raise DocumentError(f"{name} was changed: it is cut off, goes on after its end, or was written by others")
    return statement, found


def listing_of(members: Mapping[str, bytes]) -> list[dict[str, object]]:
    """How the statement lists `members`."""
    return [
        {"name": name, "sha256": hashlib.sha256(body).hexdigest(), "size": len(body)}
        for name, body in members.items()
    ]


def _members(body: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    seen: set[str] = set()
    with tarfile.open(fileobj=io.BytesIO(body), mode="r:") as archive:
        for member in archive:
            if not member.isreg():
                raise DocumentError(f"{name}: {member.name} is not a file")
            check_key(member.name)
            if member.name in seen:
                raise DocumentError(f"{name} holds {member.name} twice")
            seen.add(member.name)
            if len(seen) > MOST_MEMBERS:
                raise DocumentError(f"{name} holds more than {MOST_MEMBERS} files")
            if member.size > _most(member.name):
                raise DocumentError(f"{name}: {member.name} is too large")
            stream = archive.extractfile(member)
            content = stream.read() if stream else b""
            if len(content) != member.size:
                raise DocumentError(f"{name} ends within {member.name}")
            yield member.name, content


def _most(name: str) -> int:
    """Bytes a member may have."""
    known = {STATEMENT: MAX_STATEMENT_BYTES, VERSION: MAX_ARCHIVE_BYTES, AUDIT: MAX_AUDIT_BYTES}
    return known.get(name, MAX_OTHER_BYTES)
