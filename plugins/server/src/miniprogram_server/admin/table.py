"""The API, whole."""

from __future__ import annotations

from miniprogram_server.admin.apps import APPS
from miniprogram_server.admin.audit import AUDIT
from miniprogram_server.admin.operation import Operation
from miniprogram_server.admin.overrides import OVERRIDES
from miniprogram_server.admin.people import PEOPLE
from miniprogram_server.admin.programs import PROGRAMS
from miniprogram_server.admin.questions import QUESTIONS
from miniprogram_server.admin.segments import SEGMENTS
from miniprogram_server.admin.switches import SWITCHES
from miniprogram_server.admin.transitions import TRANSITIONS

OPERATIONS: tuple[Operation, ...] = (
    *PROGRAMS, *TRANSITIONS, *QUESTIONS, *SEGMENTS, *SWITCHES, *OVERRIDES, *APPS, *PEOPLE, *AUDIT,
)  # fmt: skip
"""In the order the reference shows them."""
