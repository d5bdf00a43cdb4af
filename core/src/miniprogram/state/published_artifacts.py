"""`published_local_artifacts.json`: what local publishes wrote, so that `backend reset-local` can take it back."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from miniprogram.state.state_file import STATE_FOLDER, StateFile, StateModel


class PublishedArtifact(StateModel):
    """One release in a local backend. Paths are absolute. The optional members are unknown to older releases."""

    mini_program_id: str = Field(min_length=1)
    version: str = Field(min_length=1)
    latest_manifest_path: str = Field(min_length=1)
    versioned_manifest_path: str = Field(min_length=1)
    screens_directory_path: str = Field(min_length=1)
    published_at_utc: str = Field(min_length=1)
    assets_directory_path: str | None = None
    digest: str | None = None
    """Digest of the published bundle: tells a repeated publish from a different one."""

    @property
    def key(self) -> tuple[str, str]:
        return self.mini_program_id, self.version


class PublishedArtifacts(StateModel):
    """One entry per program and version, sorted by both as texts."""

    artifacts: tuple[PublishedArtifact, ...]


def published_artifacts_file(root: Path) -> StateFile[PublishedArtifacts]:
    """The record in the backend workspace `root`."""
    return StateFile(root / STATE_FOLDER / "published_local_artifacts.json", PublishedArtifacts)
