"""What can be asked next, with what an answer says: the links of the OpenAPI document.

Of releases they follow from the transition table.
"""

from __future__ import annotations

from collections.abc import Iterator

from miniprogram.releases.state_machine.transitions import TABLE
from miniprogram.releases.verbs import VERBS, Verb
from miniprogram_server.admin.framework.openapi import Link
from miniprogram_server.admin.operations.releases import operation_name


def _first(member: str) -> str:
    """The first of a list in an answer."""
    return f"$response.body#/{member}/0"


def _of_release(pointer: str) -> dict[str, str]:
    """What names a release that stands there."""
    return {
        "hostApp": f"{pointer}/target/hostApp",
        "environment": f"{pointer}/target/environment",
        "version": f"{pointer}/version",
    }


_PROGRAM = {"programId": "$response.body#/miniProgramId"}
_RELEASE = {**_PROGRAM, **_of_release("$response.body#/release")}
_FIRST_PROGRAM = {"programId": f"{_first('programs')}/miniProgramId"}
_FIRST_RELEASE = {**_PROGRAM, **_of_release(_first("releases"))}
_WAITING = {
    "programId": f"{_first('waiting')}/miniProgramId",
    **_of_release(f"{_first('waiting')}/release"),
}
_TAG = {"If-Match": "$response.header.ETag"}
_QUESTIONS = ("ReleaseShow", "TesterList", "ReleaseSimulate", "LinkIssue")
"""About a release, whatever its state."""


def links() -> tuple[Link, ...]:
    """All of them."""
    return (*_FIXED, *_between_verbs())


def _same(*names: str) -> dict[str, str]:
    """Names of the request's path, once more."""
    return {name: f"$request.path.{name}" for name in names}


def _from_programs(*targets: str) -> Iterator[Link]:
    return (Link("ProgramList", target, _FIRST_PROGRAM) for target in targets)


_FIXED: tuple[Link, ...] = (
    *_from_programs(
        "VersionList", "ReleaseList", "ReleaseHistory", "ReleaseLint", "SegmentList", "SwitchList", "OverrideList",
        "AuditList", "AuditVerify", "ReleaseExamine",
    ),
    Link("VersionList", "ReleaseCreate", _PROGRAM, {"version": _first("versions")}),
    *(Link("ReleaseList", each, _FIRST_RELEASE) for each in ("ReleaseShow", "TesterList")),
    Link("ReviewList", "ReleaseShow", _WAITING),
    Link("ReleaseShow", "ReleaseApprove", {**_RELEASE, **_TAG}, {"seenDigest": "$response.body#/reviewDigest"}),
    Link("SegmentPatterns", "SegmentShow", _same("programId", "segment")),
    Link("SegmentImport", "SegmentShow", _same("programId", "segment")),
    Link("SegmentShow", "SegmentRemove", {**_same("programId", "segment"), **_TAG}),
    Link("SwitchSet", "SwitchTurn", {**_same("programId", "key"), **_TAG}),
    Link("SwitchTurn", "SwitchRemove", {**_same("programId", "key"), **_TAG}),
    Link("SwitchRemove", "SwitchSet", {**_same("programId", "key"), **_TAG}),
    Link(
        "OverrideAdd",
        "OverrideLift",
        {**_same("programId"), "overrideId": "$response.body#/subject/id", **_TAG},
    ),
    *(Link("AppAdd", each, {"hostApp": "$response.body#/subject/name", **_TAG})
      for each in ("AppUpdate", "AppRemove", "AppEnvironmentSet")),
    Link("MemberAdd", "TokenCreate", {}, {"member": "$request.path.member"}),
    Link("MemberAdd", "MemberRevoke", {**_same("member"), **_TAG}),
    Link("MemberAdd", "MemberRemove", {**_same("member"), **_TAG}),
    Link("TokenCreate", "TokenRevoke", {"tokenId": "$response.body#/id"}),
)  # fmt: skip


def _between_verbs() -> Iterator[Link]:
    for verb in VERBS:
        if verb.scope != "new" and verb.name != "approve":  # which says, too, what was seen
            yield Link("ReleaseShow", operation_name(verb), _parameters(verb))
        source = operation_name(verb)
        for target in (each for each in VERBS if _leads_to(verb, each)):
            yield Link(source, operation_name(target), _parameters(target))
        for question in _QUESTIONS:
            yield Link(source, question, _RELEASE)


def _leads_to(verb: Verb, other: Verb) -> bool:
    """Whether `other` starts from a state that `verb` leads to."""
    reached = {
        state
        for row in TABLE
        if row.verb == verb.name
        for state in ([row.target] if row.target is not None else row.sources)
    }
    return any(row.verb == other.name and row.sources & reached for row in TABLE)


def _parameters(verb: Verb) -> dict[str, str]:
    names = {name: each for name, each in _RELEASE.items() if name != "version" or verb.scope == "release"}
    return names if verb.brake else {**names, **_TAG}
