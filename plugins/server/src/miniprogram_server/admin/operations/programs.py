"""Reading: mini-programs, their versions and releases."""

from __future__ import annotations

from pydantic import BaseModel, Field

from miniprogram.documents.index.listing import ProgramQuery
from miniprogram.models import FrozenModel
from miniprogram.releases.queries.listing import (
    FinishedReleases,
    ReleaseReport,
    finished_releases,
    list_releases,
    show_release,
)
from miniprogram.releases.queries.programs import ProgramList, VersionList, list_programs, list_versions
from miniprogram.releases.queries.reports import ReleaseList
from miniprogram.releases.queries.reviews import ReviewInbox, review_inbox
from miniprogram.releases.queries.testers import TesterList, list_testers
from miniprogram.targets import Stage
from miniprogram_server.admin.framework.operation import ANYBODY, Call, Operation
from miniprogram_server.admin.operations.releases import RELEASE


class ProgramsQuery(FrozenModel):
    """Which programs: after an id, so many, with a text in id, title or version, with a release so and there."""

    after: str = Field(default="", max_length=240)
    limit: int | None = Field(default=None, ge=1, le=1_000)
    search: str = Field(default="", max_length=240)
    state: str = Field(default="", max_length=40)
    host_app: str = Field(default="", max_length=128)
    environment: str = Field(default="", pattern=f"^({'|'.join(Stage)})?$")


class ReviewsQuery(FrozenModel):
    """What waits of which programs: after an id, so many programs, with a text in id, title or version."""

    after: str = Field(default="", max_length=240)
    limit: int | None = Field(default=None, ge=1, le=1_000)
    search: str = Field(default="", max_length=240)
    host_app: str = Field(default="", max_length=128)
    environment: str = Field(default="", pattern=f"^({'|'.join(Stage)})?$")


class FinishedQuery(FrozenModel):
    """Which attempts: those that ended before a revision, about so many."""

    before: int | None = Field(default=None, ge=2)
    limit: int | None = Field(default=None, ge=1, le=1_000)


def _programs(call: Call) -> BaseModel:
    asked: ProgramsQuery = call.query
    query = ProgramQuery(asked.after, asked.limit, asked.search, asked.state, asked.host_app, asked.environment)
    return list_programs(call.context.storage, query, reader=call.context.actor)


def _versions(call: Call) -> BaseModel:
    return list_versions(call.context.storage, call.program_id)


def _releases(call: Call) -> BaseModel:
    return list_releases(call.context.storage, call.program_id)


def _finished(call: Call) -> BaseModel:
    asked: FinishedQuery = call.query
    return finished_releases(call.context.storage, call.program_id, limit=asked.limit, before=asked.before)


def _release(call: Call) -> BaseModel:
    return show_release(call.context.storage, call.program_id, call.version, call.target)


def _testers(call: Call) -> BaseModel:
    return list_testers(call.context.storage, call.program_id, call.version, call.target)


def _reviews(call: Call) -> BaseModel:
    asked: ReviewsQuery = call.query
    query = ProgramQuery(asked.after, asked.limit, asked.search, app=asked.host_app, environment=asked.environment)
    return review_inbox(call.context.storage, call.context.actor, query)


PROGRAMS: tuple[Operation, ...] = (
    Operation(
        "GET",
        "/programs",
        "ProgramList",
        "Programs",
        "Mini-programs of the environment",
        ANYBODY,
        _programs,
        ProgramList,
        query=ProgramsQuery,
    ),
    Operation(
        "GET",
        "/programs/{programId}/versions",
        "VersionList",
        "Programs",
        "Published versions",
        ANYBODY,
        _versions,
        VersionList,
    ),
    Operation(
        "GET",
        "/programs/{programId}/releases",
        "ReleaseList",
        "Releases",
        "Releases that are not finished",
        ANYBODY,
        _releases,
        ReleaseList,
    ),
    Operation(
        "GET",
        "/programs/{programId}/finished-releases",
        "ReleaseHistory",
        "Releases",
        "Attempts that ended",
        ANYBODY,
        _finished,
        FinishedReleases,
        query=FinishedQuery,
    ),
    Operation(
        "GET",
        "/reviews",
        "ReviewList",
        "Releases",
        "What waits for a reviewer",
        ANYBODY,
        _reviews,
        ReviewInbox,
        query=ReviewsQuery,
    ),
    Operation("GET", RELEASE, "ReleaseShow", "Releases", "One release", ANYBODY, _release, ReleaseReport),
    Operation("GET", RELEASE + "/testers", "TesterList", "Releases", "Its testers", ANYBODY, _testers, TesterList),
)
