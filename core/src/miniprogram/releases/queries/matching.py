"""All mini-programs that somebody asks for, in an order for people: what waits for them first.

Rows of the index are compared as they are, so that ten thousand of them cost little; only those that are shown
become documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any, Literal, NamedTuple

from miniprogram.delivery.documents.contents.program_index import ProgramRow
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index.listing import ProgramQuery, list_page, releases_of
from miniprogram.identity.roles import Actor, Role
from miniprogram.releases.model.states import State
from miniprogram.releases.queries.programs import ListedProgram, listed_program, seen_by, target_in
from miniprogram.releases.queries.reports import ReleaseSummary, next_steps
from miniprogram.targets import Kind, Stage, Target

Order = Literal["waiting", "id", "changed"]
ORDERS: tuple[Order, ...] = ("waiting", "id", "changed")
"""What waits for the reader first, then by id; by id; the last change first."""


class MatchedProgram(NamedTuple):
    """A mini-program, and whether one of its releases waits for whoever asks."""

    row: ProgramRow
    waits: bool

    @property
    def listed(self) -> ListedProgram:
        """As lists show it."""
        return listed_program(self.row)


def matching_programs(
    storage: EnvironmentStorage,
    query: ProgramQuery,
    *,
    reader: Actor,
    order: Order = "waiting",
    only_waiting: bool = False,
) -> list[MatchedProgram]:
    """Every mini-program that `query` asks for and `reader` may read, those that wait for them alone if so asked.

    A page of them is a slice. Raises StoreError.
    """
    readable = None if reader.sees_everything() else partial(seen_by, reader)
    rows = list_page(storage, replace(query, after="", limit=None, readable=readable)).rows
    found = [MatchedProgram(row, waits_for(reader, row)) for row in rows]
    if only_waiting:
        found = [each for each in found if each.waits]
    if order == "changed":
        found.sort(key=lambda each: _changed_at(each.row), reverse=True)
    elif order == "waiting":
        found.sort(key=lambda each: not each.waits)  # within, they stay by id
    return found


def waits_for(reader: Actor, row: ProgramRow) -> bool:
    """Whether a release of the row goes on only when somebody acts, and `reader` has the role for that step."""
    return any(release_waits_for(reader, row.id, each) for each in releases_of(row))


def release_waits_for(reader: Actor, program_id: str, release: Mapping[str, Any]) -> bool:
    """The same of one release of a row. What somebody applied for waits for others."""
    roles = _roles_of_next_steps(
        str(release.get("state")),
        str(release.get("overlay")),
        str(release.get("kind")),
        is_asked_offline=bool(release.get("offlineRequested")),
    )
    if not roles:
        return False
    target = target_in(release)
    if target is None or not reader.has(roles, target, program_id):
        return False
    return all(request.get("applicant") != reader.name for request in release.get("waiting", ()))


@lru_cache(maxsize=256)
def _roles_of_next_steps(state: str, overlay: str, kind: str, *, is_asked_offline: bool) -> frozenset[Role]:
    """Roles that lead on from there; none for what a newer version wrote."""
    if state not in set(State) or kind not in set(Kind):
        return frozenset()
    said: dict[str, Any] = {"state": state, "kind": kind, "offline_requested": is_asked_offline}
    if overlay in ("paused", "halted"):
        said["overlay"] = overlay
    nowhere = Target(host_app="any", environment=Stage.PRODUCTION)
    release = ReleaseSummary(id="any", version="1.0.0", target=nowhere, **said)
    return frozenset(Role(role) for step in next_steps(release) for role in step.roles)


def _changed_at(row: ProgramRow) -> str:
    """When anything of it changed last."""
    stamps = (each.get("updatedAt") for each in releases_of(row))
    return max([str(row.listing.get("updatedAtUtc", "")), *(each for each in stamps if isinstance(each, str))])
