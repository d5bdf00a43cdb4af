"""The document that every change to something other than a release answers with."""

from __future__ import annotations

from typing import Any

from miniprogram.models import FrozenModel


class ChangeReport(FrozenModel):
    """What a change to something else than a release came to. `subject` is the thing as it is now, or was."""

    schema_version: int = 1
    command: str
    environment_name: str
    mini_program_id: str | None = None
    revision: int
    subject: dict[str, Any]
