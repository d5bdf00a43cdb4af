"""What the commands below `trust` answer with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from miniprogram.clock import to_iso
from miniprogram.models import CamelModel
from miniprogram.seams.version_signing import Deadline
from miniprogram_trust.role_names import ONLINE, PROGRAM, TOP_LEVEL, is_due, role_of

if TYPE_CHECKING:
    from tuf.api.metadata import Metadata, Role

    from miniprogram_trust.repository import Repository

State = Literal["good", "due", "expired", "unsigned"]
"""`due`: a third of its life is left, or less."""


class RoleRow(CamelModel):
    """A role: a mini-program's has the kind `program` and its id as name."""

    role: str
    kind: str
    threshold: int
    key_ids: tuple[str, ...]
    version: int | None
    expires_at_utc: str | None
    signed_versions: tuple[str, ...] = ()


class RolesReport(CamelModel):
    """Whose keys may sign what."""

    command: str
    location: str
    root_version: int
    single_key: bool
    """Whether one and the same key can sign for every role of the top level."""
    roles: tuple[RoleRow, ...]
    written_files: tuple[str, ...] = ()

    @classmethod
    def of(cls, found: Repository, *, command: str, written: Sequence[str] = ()) -> RolesReport:
        top = [set(found.root.roles[name].keyids) for name in TOP_LEVEL]
        alone = set.intersection(*top) and all(found.root.roles[name].threshold == 1 for name in TOP_LEVEL)
        return cls(
            command=command,
            location=found.files.location,
            root_version=found.root.version,
            single_key=bool(alone),
            roles=tuple(role_rows(found)),
            written_files=tuple(sorted(written)),
        )


class DeadlineRow(CamelModel):
    """Until when something is signed."""

    role: str
    kind: str
    expires_at_utc: str | None
    days_left: int | None
    state: State


class StatusReport(CamelModel):
    """The calendar. `verdict` is that of what is worst."""

    command: str = "trust status"
    location: str
    root_version: int
    verdict: State
    roles: tuple[DeadlineRow, ...]

    @classmethod
    def of(cls, found: Repository, now: datetime) -> StatusReport:
        rows = tuple(_deadline(row, metadata, found, now) for row, metadata in _with_metadata(found))
        order: tuple[State, ...] = ("expired", "due", "unsigned", "good")
        verdict = min((row.state for row in rows), key=order.index)
        return cls(
            location=found.files.location,
            root_version=found.root.version,
            verdict="good" if verdict == "unsigned" else verdict,
            roles=rows,
        )


class SignReport(CamelModel):
    """What was signed. `left_roles` are due too, and their keys were not at hand."""

    command: str
    location: str
    changed: bool
    signed_roles: tuple[str, ...] = ()
    left_roles: tuple[str, ...] = ()
    mini_program_id: str | None = None
    version: str | None = None
    written_files: tuple[str, ...] = ()


class VerifiedVersion(CamelModel):
    """A version that was loaded whole and is what was signed."""

    mini_program_id: str
    version: str
    digest: str
    file_count: int


class VerifyReport(CamelModel):
    """What an address serves, as a host that pins the root finds it."""

    command: str = "trust verify"
    address: str
    root_version: int
    versions: tuple[VerifiedVersion, ...]
    file_count: int


def deadline_rows(found: Repository, now: datetime) -> Iterator[Deadline]:
    """Until when each role that signed something is signed."""
    for row, metadata in _with_metadata(found):
        state = _deadline(row, metadata, found, now).state
        if metadata is not None and state != "unsigned":
            yield Deadline(row.role, metadata.signed.expires, state)


def role_rows(found: Repository) -> Iterator[RoleRow]:
    """The roles of the top level, then those of mini-programs by id."""
    return (row for row, _ in _with_metadata(found))


def _with_metadata(found: Repository) -> Iterator[tuple[RoleRow, Metadata[Any] | None]]:
    stored: dict[str, Metadata[Any]] = {
        "root": found.roots[-1],
        "targets": found.targets,
        **{name: getattr(found, name) for name in ONLINE},
    }
    for name in TOP_LEVEL:
        yield _row(name, name, found.root.roles[name], stored[name]), stored[name]
    for program_id, metadata in found.programs():
        role = found.targets.signed.get_delegated_role(role_of(program_id))
        yield _row(program_id, PROGRAM, role, metadata), metadata


def _row(name: str, kind: str, role: Role, metadata: Metadata[Any] | None) -> RoleRow:
    targets = getattr(metadata.signed, "targets", {}) if metadata is not None and kind == PROGRAM else {}
    return RoleRow(
        role=name,
        kind=kind,
        threshold=role.threshold,
        key_ids=tuple(role.keyids),
        version=metadata.signed.version if metadata is not None else None,
        expires_at_utc=to_iso(metadata.signed.expires) if metadata is not None else None,
        signed_versions=tuple(path.rpartition("/")[2].removesuffix(".json") for path in sorted(targets)),
    )


def _deadline(row: RoleRow, metadata: Metadata[Any] | None, found: Repository, now: datetime) -> DeadlineRow:
    if metadata is None:
        return DeadlineRow(role=row.role, kind=row.kind, expires_at_utc=None, days_left=None, state="unsigned")
    expires = metadata.signed.expires
    state: State = "good"
    if expires <= now:
        state = "expired"
    elif is_due(row.kind, found.root.unrecognized_fields, expires, now):
        state = "due"
    return DeadlineRow(
        role=row.role,
        kind=row.kind,
        expires_at_utc=row.expires_at_utc,
        days_left=(expires - now) // timedelta(days=1),
        state=state,
    )
