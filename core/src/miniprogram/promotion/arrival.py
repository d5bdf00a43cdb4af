"""An exported file, opened: every byte of it is what its statement lists, and whose word it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from miniprogram.documents.audit_event import Event
from miniprogram.errors import DocumentError
from miniprogram.packages.bundle import Bundle
from miniprogram.packages.package_file import open_archive
from miniprogram.promotion import promotion_file
from miniprogram.promotion.evidence import read_trail
from miniprogram.promotion.promotion_file import read_promotion_file
from miniprogram.promotion.statement import BelievedStatement, Statement, believe, require_listed, unbelieved
from miniprogram.targets import Target


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that was opened: every byte of it is what its statement lists, and its trail is whole."""

    believed: BelievedStatement
    bundle: Bundle = field(repr=False)
    events: tuple[Event, ...] = field(repr=False)
    provenance: bytes | None = field(default=None, repr=False)
    trust: dict[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def statement(self) -> Statement:
        return self.believed.statement


def open_arrival(body: bytes, trusted: Sequence[str] | None, *, name: str) -> Arrival:
    """What is in an exported file, when a key of `trusted`, as texts, signed it; None: whoever signed it.

    Raises NotBelieved, and DocumentError for anything that was changed, cut off, left out or moved.
    """
    envelope, members = read_promotion_file(body, name=name)
    if trusted is None:
        believed = BelievedStatement(unbelieved(envelope, name=name), (), "")
    else:
        believed = believe(envelope, trusted, name=name)
    statement = believed.statement
    require_listed(statement, members, name=name)
    for wanted in (promotion_file.VERSION, promotion_file.AUDIT):
        if wanted not in members:
            raise DocumentError(f"{name} holds no {wanted}")
    bundle = open_archive(members.pop(promotion_file.VERSION), name=f"{name}: {promotion_file.VERSION}").bundle
    events = read_trail(members.pop(promotion_file.AUDIT), statement.trail, name=f"{name}: {promotion_file.AUDIT}")
    provenance = members.pop(promotion_file.PROVENANCE, None)
    start = promotion_file.TRUST
    strange = [each for each in members if not each.startswith(start)]
    if strange:
        raise DocumentError(f"{name} holds {strange[0]}, which has no business there")
    _require_one_version(statement, bundle, name)
    trust = {key.removeprefix(start): found for key, found in members.items()}
    return Arrival(believed, bundle, events, provenance, trust)


def target_of(body: bytes, *, name: str) -> tuple[str, Target]:
    """Mini-program and target of a file, as it says itself: to find out whose word counts there."""
    envelope, _ = read_promotion_file(body, name=name)
    statement = unbelieved(envelope, name=name)
    return statement.mini_program_id, statement.release.target


def _require_one_version(statement: Statement, bundle: Bundle, name: str) -> None:
    """Raises DocumentError unless statement, release and version are about one and the same."""
    release = statement.release
    said = (statement.mini_program_id, statement.version, statement.digest)
    if (bundle.program_id, bundle.version, bundle.digest) != said:
        raise DocumentError(f"{name} holds {bundle.program_id} {bundle.version}, which is not what it says it is")
    if (release.version, release.package_digest) != (statement.version, statement.digest):
        raise DocumentError(f"{name} holds a release of something else than {bundle.program_id} {bundle.version}")
    if release.target.environment is not statement.rules.name:
        raise DocumentError(f"{name} holds the rules of another environment than {release.target}")
