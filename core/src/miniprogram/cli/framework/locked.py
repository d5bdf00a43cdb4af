"""Whether a run is held to the lock of plugins. Apart from the lock itself, which few runs need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

VARIABLE = "MINIPROGRAM_LOCKED"
OFF = {"", "0", "false", "no"}


def is_locked(arguments: Sequence[str], environ: Mapping[str, str]) -> bool:
    """Whether a command line, or the environment of the process, asks for the lock.

    The word counts wherever it stands before `--`, even as another option's value: asking once too often is safe.
    A value of the variable that says neither yes nor no counts as yes.
    """
    words = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return "--locked" in words or environ.get(VARIABLE, "").strip().lower() not in OFF
