"""The API, whole."""

from __future__ import annotations

from miniprogram_server.admin.framework.operation import Operation
from miniprogram_server.admin.operations.apps import APPS
from miniprogram_server.admin.operations.audit import AUDIT
from miniprogram_server.admin.operations.insight import QUESTIONS
from miniprogram_server.admin.operations.members import PEOPLE
from miniprogram_server.admin.operations.overrides import OVERRIDES
from miniprogram_server.admin.operations.programs import PROGRAMS
from miniprogram_server.admin.operations.releases import TRANSITIONS
from miniprogram_server.admin.operations.repair import REPAIR
from miniprogram_server.admin.operations.segments import SEGMENTS
from miniprogram_server.admin.operations.sessions import SESSIONS
from miniprogram_server.admin.operations.switches import SWITCHES

OPERATIONS: tuple[Operation, ...] = (
    *PROGRAMS, *TRANSITIONS, *QUESTIONS, *SEGMENTS, *SWITCHES, *OVERRIDES, *APPS, *PEOPLE, *SESSIONS, *AUDIT,
    *REPAIR,
)  # fmt: skip
"""In the order the reference shows them."""
