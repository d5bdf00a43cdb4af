"""Environments of host apps as they are typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.errors import UsageError

if TYPE_CHECKING:
    from miniprogram.targets import Stage


def wanted_stage(text: str) -> Stage:
    """Raises UsageError for what is no environment of a host app."""
    from miniprogram.targets import Stage

    try:
        return Stage(text.strip())
    except ValueError:
        raise UsageError(f"{text!r} is not an environment of a host app; there are {', '.join(Stage)}") from None
