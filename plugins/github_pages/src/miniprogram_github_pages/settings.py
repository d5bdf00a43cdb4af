"""Where and how a mini-program goes to GitHub Pages."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_BRANCH = re.compile(r"(?!-)(?!.*(\.\.|//|@\{|\\))[^\x00-\x20~^:?*\[\x7f]+(?<![./])")


def _branch(text: str) -> str:
    parts = text.split("/")
    if not _BRANCH.fullmatch(text) or any(not part or part[0] == "." or part.endswith(".lock") for part in parts):
        raise ValueError(f"{text!r} cannot be a branch name")
    if text == "HEAD" or text.startswith("refs/"):
        wanted = text.removeprefix("refs/heads/")
        advice = f"; did you mean {wanted!r}?" if wanted not in (text, "HEAD") else ""
        raise ValueError(f"{text!r} is no name that branches are given{advice}")
    return text


def _remote(text: str) -> str:
    if text.startswith("-"):
        raise ValueError(f"{text!r} cannot be a remote")
    return text


def _folder(text: str) -> str:
    path = PurePosixPath(text.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ".git" in map(str.casefold, path.parts):
        raise ValueError(f"{text!r} must be a folder inside the branch")
    return "" if str(path) == "." else str(path)


class PagesSettings(BaseModel):
    """Options of `publish --target github-pages`."""

    model_config = ConfigDict(frozen=True)

    repo: Path | None = Field(
        default=None, description="Clone of the Pages repository; default: the one the mini-program is in."
    )
    branch: Annotated[str, AfterValidator(_branch)] = Field(
        default="gh-pages", description="Branch that Pages serves."
    )
    dir: Annotated[str, AfterValidator(_folder)] = Field(
        default="", description="Folder in the branch; default: its top."
    )
    remote: Annotated[str, AfterValidator(_remote)] = Field(
        default="origin", description="Remote to push to, by name or URL."
    )
    message: str | None = Field(
        default=None, description="Commit message.", json_schema_extra={"commands": ["publish", "rollback"]}
    )
    verify: bool = Field(
        default=False,
        description="Wait until Pages serves the new version.",
        json_schema_extra={"commands": ["publish"]},
    )
    allow_dirty: bool = Field(
        default=False,
        description="Publish although the mini-program has uncommitted changes.",
        json_schema_extra={"commands": ["publish"]},
    )
