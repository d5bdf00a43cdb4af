"""What is signed of an exported version: where it comes from, what was approved there, and every file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from miniprogram.attestations.envelope import open_envelope, peek
from miniprogram.attestations.key_texts import parse_key_text
from miniprogram.errors import DocumentError
from miniprogram.models import FrozenModel
from miniprogram.promotion.promotion_file import MOST_MEMBERS, listing_of
from miniprogram.releases.model.release import Release
from miniprogram.strict_json import parse_json, parse_model
from miniprogram.targets import AppEnvironment

PAYLOAD_TYPE = "application/vnd.miniprogram.promotion.v1+json"
SHA256 = r"^[0-9a-f]{64}$"


class Member(FrozenModel):
    """A file beside the statement. `sha256` in hex, `size` in bytes."""

    name: str
    sha256: str = Field(pattern=SHA256)
    size: int = Field(ge=0)


class Trail(FrozenModel):
    """How far the mini-program's trail went when this was exported, the export included."""

    origin: str = Field(pattern=SHA256)
    """Hash of the first event."""
    length: int = Field(ge=1)
    hash: str = Field(pattern=SHA256)
    """Of the last one."""


class Statement(FrozenModel):
    """What whoever exported vouches for. `rules` are those of the target there, `release` without its testers."""

    schema_version: Literal[1] = 1
    mini_program_id: str
    version: str
    digest: str
    environment: str
    exported_at: str
    exported_by: str
    rules: AppEnvironment
    release: Release
    trail: Trail
    files: tuple[Member, ...] = Field(max_length=MOST_MEMBERS)


@dataclass(frozen=True, slots=True)
class BelievedStatement:
    """A statement that was signed with a key that counts. `sha256` of its bytes, in hex."""

    statement: Statement
    key_ids: tuple[str, ...]
    sha256: str


def believe(envelope: bytes, trusted: Iterable[str], *, name: str) -> BelievedStatement:
    """The statement, when one of the keys `trusted`, as texts, signed it.

    Raises NotBelieved when none did, DocumentError for what is no such statement.
    """
    keys = [parse_key_text(text) for text in trusted]
    found = open_envelope(envelope, PAYLOAD_TYPE, keys, name=name)
    sha256 = hashlib.sha256(found.payload).hexdigest()
    return BelievedStatement(_parsed(found.payload, name), found.key_ids, sha256)


def unbelieved(envelope: bytes, *, name: str) -> Statement:
    """What somebody wrote, whoever it was: to find out whose word would count, and to be shown."""
    return _parsed(peek(envelope, PAYLOAD_TYPE, name=name), name)


def require_listed(statement: Statement, members: Mapping[str, bytes], *, name: str) -> None:
    """Raises DocumentError unless `members` are those the statement lists, in its order."""
    listed = [each.model_dump() for each in statement.files]
    found = listing_of(members)
    if listed == found:
        return
    names, wanted = [each["name"] for each in found], [each["name"] for each in listed]
    if names != wanted:
        what = "in another order" if sorted(map(str, names)) == sorted(wanted) else "that are not those it lists"
        raise DocumentError(f"{name} was changed: it holds files {what}")
    wrong = next(one["name"] for one, other in zip(listed, found, strict=True) if one != other)
    raise DocumentError(f"{name} was changed: {wrong} is not what was exported")


def _parsed(payload: bytes, name: str) -> Statement:
    return parse_model(Statement, parse_json(payload, name=name), name=name)
