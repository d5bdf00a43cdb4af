"""Sessions of people in the console of this server."""

from __future__ import annotations

from pydantic import BaseModel

from miniprogram.identity.environment_document import Member
from miniprogram.identity.sessions import end_sessions
from miniprogram.releases.arguments import OptionalReason
from miniprogram_server.admin.framework.changes import change_of
from miniprogram_server.admin.framework.operation import ANYBODY, Call, Operation
from miniprogram_server.admin.framework.problems import Failure
from miniprogram_server.admin.framework.sessions import SessionList, SessionRegister, SessionView
from miniprogram_server.admin.operations.members import MEMBER

OWN = "admin, or the member it is of"


def _register(call: Call) -> SessionRegister:
    if call.sessions is None:
        raise Failure(404, "not_found", "this server has no console, so there are no sessions")
    return call.sessions


def _list(call: Call) -> BaseModel:
    return _register(call).list(call.context)


def _end(call: Call) -> BaseModel:
    return _register(call).end(call.context, call.names["sessionId"])


def _end_all(call: Call) -> BaseModel:
    return end_sessions(call.context, call.names["member"], reason=call.body.reason)


SESSIONS: tuple[Operation, ...] = (
    Operation(
        "GET", "/sessions", "SessionList", "People", "Sessions in the console of this server", ANYBODY, _list,
        SessionList,
    ),
    Operation(
        "POST", "/sessions/{sessionId}/end", "SessionEnd", "People", "End a session", OWN, _end, SessionView,
    ),
    Operation(
        "POST", MEMBER + "/sessions/end", "MemberSessionsEnd", "People",
        "End every session of a member, on every server", OWN, _end_all, change_of(Member), body=OptionalReason,
    ),
)  # fmt: skip
