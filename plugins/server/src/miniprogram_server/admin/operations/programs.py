"""Reading: mini-programs, their versions and releases."""

from __future__ import annotations

from miniprogram.models import FrozenModel
from miniprogram.refusals import NotFound
from miniprogram.releases.model.release import Release
from miniprogram.releases.queries.reports import ReleaseList, ReleaseView, release_list
from miniprogram.releases.storage.release_documents import all_finished, finished_attempts, require_releases
from miniprogram_server.admin.framework.operation import Call, Operation, Result
from miniprogram_server.admin.operations.catalogue import (
    ProgramList,
    VersionList,
    list_programs,
    list_versions,
)
from miniprogram_server.admin.operations.releases import RELEASE

ANYBODY = "every member"


class ReleaseAnswer(FrozenModel):
    """One release, and the revision of the document it is in."""

    schema_version: int = 1
    environment_name: str
    mini_program_id: str
    revision: int
    release: ReleaseView


class FinishedReleases(FrozenModel):
    """Attempts that ended, the newest ending first."""

    schema_version: int = 1
    environment_name: str
    mini_program_id: str
    releases: tuple[Release, ...]


class TesterList(FrozenModel):
    """The testers of a release, sorted."""

    mini_program_id: str
    revision: int
    testers: tuple[str, ...]


def _programs(call: Call) -> Result:
    return Result(list_programs(call.context.storage))


def _versions(call: Call) -> Result:
    return Result(list_versions(call.context.storage, call.program_id))


def _releases(call: Call) -> Result:
    document = require_releases(call.context.storage, call.program_id)
    return Result(release_list(document, call.context.storage.environment), document.revision)


def _finished(call: Call) -> Result:
    storage = call.context.storage
    document = require_releases(storage, call.program_id)
    listed = FinishedReleases(
        environment_name=storage.environment,
        mini_program_id=call.program_id,
        releases=tuple(all_finished(storage, document)),
    )
    return Result(listed, document.revision)


def find_release(call: Call) -> ReleaseAnswer:
    """The attempt under way, else the last finished one. Raises NotFound."""
    storage = call.context.storage
    document = require_releases(storage, call.program_id)
    found = document.live(call.version, call.target)
    if found is None:
        attempts = finished_attempts(storage, document, call.version, call.target)
        if not attempts:
            raise NotFound(f"{call.version} of {call.program_id} never was a release on {call.target}")
        found = attempts[-1]
    return ReleaseAnswer(
        environment_name=storage.environment,
        mini_program_id=call.program_id,
        revision=document.revision,
        release=ReleaseView.of(found),
    )


def _release(call: Call) -> Result:
    found = find_release(call)
    return Result(found, found.revision)


def _testers(call: Call) -> Result:
    found = find_release(call)
    listed = TesterList(mini_program_id=call.program_id, revision=found.revision, testers=found.release.testers)
    return Result(listed, found.revision)


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
    ),
    Operation("GET", RELEASE, "ReleaseShow", "Releases", "One release", ANYBODY, _release, ReleaseAnswer),
    Operation("GET", RELEASE + "/testers", "TesterList", "Releases", "Its testers", ANYBODY, _testers, TesterList),
)
