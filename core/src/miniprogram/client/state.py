"""What a host remembers of a mini-program between launches, in one small file that is replaced as a whole."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from miniprogram.errors import DocumentError
from miniprogram.files import write_atomic
from miniprogram.models import FrozenModel
from miniprogram.packages.package_index import SHA256
from miniprogram.strict_json import parse_json, parse_model, read_bounded, to_pretty_json

MOST_FAILED = 100
"""Digests of versions that did not start. Older ones are long replaced by newer versions."""


class HeldVersion(FrozenModel):
    """A version whose archive is kept or embedded."""

    version: str
    digest: str
    archive: str = Field(pattern=SHA256)
    """sha256 of its archive."""


class ProgramState(FrozenModel):
    """`current` is what a launch takes next, `good` the last one that started.

    `trying` was handed out and has not started yet; `failed` are digests of versions that did not start.
    """

    schema_version: int = 1
    current: HeldVersion | None = None
    good: HeldVersion | None = None
    trying: HeldVersion | None = None
    failed: tuple[str, ...] = ()
    resolved_at: str | None = None
    """When delivery was last asked with success, ISO 8601 in UTC."""

    def with_failed(self, version: HeldVersion) -> ProgramState:
        """After `version` did not start: it is never tried again, and the last good one comes back."""
        failed = (*(each for each in self.failed if each != version.digest), version.digest)[-MOST_FAILED:]
        good = None if self.good is not None and self.good.digest == version.digest else self.good
        current = good if self.current is None or self.current.digest == version.digest else self.current
        return self.model_copy(update={"failed": failed, "good": good, "current": current, "trying": None})

    def with_started(self, version: HeldVersion) -> ProgramState:
        """After `version` started."""
        trying = None if self.trying is not None and self.trying.digest == version.digest else self.trying
        failed = tuple(each for each in self.failed if each != version.digest)
        return self.model_copy(update={"good": version, "trying": trying, "failed": failed})


def read_state(path: Path) -> ProgramState:
    """What is remembered; nothing where there is no file, or one that is damaged."""
    try:
        return parse_model(ProgramState, parse_json(read_bounded(path), name=str(path)), name=str(path))
    except DocumentError:
        return ProgramState()


def write_state(path: Path, state: ProgramState) -> None:
    """Remember `state`. Raises MiniProgramError when it cannot be written."""
    write_atomic(path, to_pretty_json(state.model_dump(mode="json", by_alias=True)))
