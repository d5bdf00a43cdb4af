"""The key policy document of a mini-program, read as generously as it is served, written in one form.

Source: `metadata/access_keys/<id>.json`. People and older tools wrote keys as plain text, under `accessKeys`,
or with other member names; delivery accepts all of these, so they are kept and managed here: text becomes its
hash at the first change, an entry without an id gets one made of its hash.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from miniprogram.delivery.documents.contents.access_keys import (
    DIGEST_MEMBERS,
    PLAINTEXT_MEMBERS,
    digest_of,
    entry_digests,
    opens,
)
from miniprogram.errors import DocumentError

SCHEMA = 1

_ENTRY_NAMES = {"id", "enabled", "revoked", "createdAtUtc", "updatedAtUtc", "revokedAtUtc"}
_POLICY_NAMES = {"schemaVersion", "miniProgramId", "updatedAtUtc", "keys", "accessKeys"}


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """One key. `sha256` is None when the stored entry can match nothing; `rest` holds members we do not know."""

    id: str
    sha256: str | None
    enabled: bool = True
    created_at: str | None = None
    updated_at: str | None = None
    revoked_at: str | None = None
    rest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def active(self) -> bool:
        """Whether it opens the program, as delivery sees it: the time of a revocation decides nothing."""
        return self.enabled

    def revoked(self, now: str) -> KeyEntry:
        """The entry as revoking leaves it; the time of the first revocation stays."""
        return replace(self, enabled=False, updated_at=now, revoked_at=self.revoked_at or now)

    def to_document(self) -> dict[str, Any]:
        members = {
            "id": self.id,
            "sha256": self.sha256,
            "enabled": self.enabled,
            "createdAtUtc": self.created_at,
            "updatedAtUtc": self.updated_at,
            "revokedAtUtc": self.revoked_at,
        }
        return {**{name: value for name, value in members.items() if value is not None}, **self.rest}


@dataclass(frozen=True, slots=True)
class KeyPolicy:
    """The keys of one mini-program, sorted by id. Two entries of one id are possible in older documents."""

    program_id: str
    keys: tuple[KeyEntry, ...] = ()
    rest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def active_count(self) -> int:
        return sum(entry.active for entry in self.keys)

    def with_keys(self, *entries: KeyEntry) -> KeyPolicy:
        """A copy with exactly these keys, in order of their ids."""
        return replace(self, keys=tuple(sorted(entries, key=lambda entry: entry.id)))

    def to_document(self, now: str) -> dict[str, Any]:
        return {
            "schemaVersion": SCHEMA,
            "miniProgramId": self.program_id,
            "updatedAtUtc": now,
            "keys": [entry.to_document() for entry in self.keys],
            **self.rest,
        }


def parse_policy(document: Mapping[str, Any] | None, *, program_id: str, name: str) -> KeyPolicy:
    """The policy in `document`; None is an empty one. `name` is what errors call it; they never quote a key.

    Raises DocumentError for one of a newer release, a member that is no list, or an entry that is no key.
    """
    if document is None:
        return KeyPolicy(program_id)
    version = document.get("schemaVersion", SCHEMA)
    if isinstance(version, bool) or not isinstance(version, int) or version > SCHEMA:
        raise DocumentError(f"{name} was written by a newer release or by hand: schemaVersion is not {SCHEMA}")
    entries = [
        entry
        for member in ("keys", "accessKeys")
        for index, raw in enumerate(_members(document, member, name))
        for entry in _entries(raw, location=f"{name}: {member}[{index}]")
    ]
    rest = {key: value for key, value in document.items() if key not in _POLICY_NAMES}
    return KeyPolicy(program_id, rest=rest).with_keys(*entries)


def _members(document: Mapping[str, Any], member: str, name: str) -> list[Any]:
    found = document.get(member)
    if found is None:
        return []
    if not isinstance(found, list):
        raise DocumentError(f"{name}: {member} must be a list of keys")
    return found


def _entries(raw: Any, *, location: str) -> list[KeyEntry]:
    """The entry as tooling keeps it; two when it holds a text and the hash of another: both open the program."""
    if isinstance(raw, str) and raw.strip():
        return [KeyEntry(_made_id(digest_of(raw)), digest_of(raw))]
    if not isinstance(raw, dict):
        raise DocumentError(f"{location} must be an object or a text")
    return [_entry(raw, digest) for digest in entry_digests(raw)] or [_entry(raw, None)]


def _entry(raw: Mapping[str, Any], digest: str | None) -> KeyEntry:
    known = {*_ENTRY_NAMES, *PLAINTEXT_MEMBERS, *DIGEST_MEMBERS}
    return KeyEntry(
        id=(_text(raw, "id") or _made_id(digest or digest_of(repr(sorted(raw))))).strip(),
        sha256=digest,
        enabled=opens(raw),
        created_at=_text(raw, "createdAtUtc"),
        updated_at=_text(raw, "updatedAtUtc"),
        revoked_at=_text(raw, "revokedAtUtc"),
        rest={key: value for key, value in raw.items() if key not in known},
    )


def _text(raw: Mapping[str, Any], name: str) -> str | None:
    value = raw.get(name)
    return value if isinstance(value, str) and value.strip() else None


def _made_id(digest: str) -> str:
    return f"unnamed-{digest[:12]}"
