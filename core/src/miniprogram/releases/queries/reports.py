"""What the use cases answer: frozen models that are also the documents of `--json` and of the web API."""

from __future__ import annotations

from miniprogram.models import FrozenModel
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.model.release import Grayscale, Release
from miniprogram.releases.model.states import Overlay, State
from miniprogram.releases.state_machine.transitions import TABLE, possible_verbs
from miniprogram.targets import Kind, Target

MAIN_VERBS: dict[State, tuple[str, ...]] = {
    State.CREATED: ("apply",),
    State.IN_REVIEW: ("approve",),
    State.APPROVED: ("pilot start", "pilot skip"),
    State.PILOT: ("pilot complete",),
    State.PREPARED: ("grayscale", "finish"),
    State.GRAYSCALE: ("grayscale", "finish"),
}
"""What usually comes next, by state."""


class NextStep(FrozenModel):
    """A command that leads on, and the roles that may give it."""

    verb: str
    roles: tuple[str, ...]


class ReleaseView(Release):
    """A release with what can be done about it. `possible` are all commands, `next` those that lead on."""

    next: tuple[NextStep, ...] = ()
    possible: tuple[str, ...] = ()

    @classmethod
    def of(cls, release: Release) -> ReleaseView:
        members = {name: getattr(release, name) for name in Release.model_fields}
        possible = possible_verbs(release.state, release.overlay)
        if release.state is State.FULL and release.offline_request is None:
            possible = tuple(verb for verb in possible if verb not in ("approve", "reject"))
        return cls(**members, next=next_steps(release), possible=possible)


class ReleaseSummary(FrozenModel):
    """A live release in one line, as the index of the environment has it."""

    id: str
    version: str
    target: Target
    kind: Kind
    state: State
    overlay: Overlay | None = None
    grayscale: Grayscale = Grayscale()
    offline_requested: bool = False
    updated_at: str | None = None
    """Null in an index that an earlier version wrote."""
    next: tuple[NextStep, ...] = ()


class TransitionReport(FrozenModel):
    """What a command came to. `advice` are rules that were not enforced, because nobody checked who acts."""

    schema_version: int = 1
    command: str
    environment_name: str
    mini_program_id: str
    revision: int
    release: ReleaseView
    advice: tuple[str, ...] = ()
    instead: ReleaseView | None = None
    """Of a rollback: what is served now; None when nothing is."""
    embedded: bool = False
    """Of a rollback: hosts are directed to the version they were built with."""


class ReleaseList(FrozenModel):
    """The releases of a mini-program that are not finished, and the fallback of each target."""

    schema_version: int = 1
    command: str = "release list"
    environment_name: str
    mini_program_id: str
    revision: int
    otherwise: str
    withdrawn_versions: tuple[str, ...]
    directed_to_embedded: tuple[str, ...] = ()
    """Targets whose hosts are directed to the version they were built with, as `APP:STAGE`."""
    releases: tuple[ReleaseView, ...]


def next_steps(release: Release | ReleaseSummary) -> tuple[NextStep, ...]:
    """What leads on from where `release` stands."""
    verbs = (
        ("resume",) if release.overlay in (Overlay.PAUSED, Overlay.HALTED) else MAIN_VERBS.get(release.state, ())
    )
    if release.state is State.FULL and release.offline_requested:
        verbs = ("approve",)
    if release.kind is not Kind.OFFICIAL:
        verbs = tuple(verb for verb in verbs if verb not in ("pilot skip", "pilot complete"))
    return tuple(NextStep(verb=verb, roles=_roles(verb, release)) for verb in verbs)


def release_list(document: ReleaseDocument, environment_name: str) -> ReleaseList:
    """`document` for people and programs, the newest first."""
    newest = sorted(document.releases, key=lambda each: each.updated_at, reverse=True)
    return ReleaseList(
        environment_name=environment_name,
        mini_program_id=document.mini_program_id,
        revision=document.revision,
        otherwise=document.otherwise,
        withdrawn_versions=document.withdrawn_versions,
        directed_to_embedded=tuple(str(record.target) for record in document.targets if record.embedded),
        releases=tuple(ReleaseView.of(each) for each in newest),
    )


def _roles(verb: str, release: Release | ReleaseSummary) -> tuple[str, ...]:
    rows = (
        row
        for row in TABLE
        if row.verb == verb and release.state in row.sources and release.overlay in row.overlays
    )
    return tuple(sorted({role for row in rows for role in row.roles}))
