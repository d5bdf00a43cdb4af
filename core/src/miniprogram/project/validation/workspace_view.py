"""A read-only view of what is validated: where things are, how they are called, and how they read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from miniprogram.delivery.documents.kinds import DocumentKind
from miniprogram.delivery.documents.layouts.keys import local_keys
from miniprogram.errors import DocumentError
from miniprogram.packages.manifest import Manifest
from miniprogram.project.location import PROGRAMS_FOLDER
from miniprogram.project.manifest.document import parse_manifest
from miniprogram.project.validation.report import ValidationMessage, error
from miniprogram.strict_json import parse_json, read_bounded


class Unreadable(Exception):  # noqa: N818 - not a failure: it carries the finding
    """A document that cannot be checked further. `message` is the finding that says why."""

    def __init__(self, message: ValidationMessage) -> None:
        super().__init__(message.message)
        self.message = message


@dataclass(frozen=True, slots=True)
class WorkspaceView:
    """The roots of one validation. All paths are absolute.

    `program_root` is a mini-program that stands alone; without it the authored ones are the folders of
    `authored_root/mini_programs`. `program_id` limits everything to one mini-program. Without `backend_root`
    only what was authored is looked at.
    """

    program_root: Path | None
    authored_root: Path | None
    backend_root: Path | None
    program_id: str | None = None

    @property
    def api(self) -> Path | None:
        """`backend/api`, when there is one."""
        if self.backend_root is None:
            return None
        api = self.backend_root / "backend" / "api"
        return api if api.is_dir() else None

    @property
    def programs(self) -> Path | None:
        """`mini_programs`, when there is one."""
        if self.authored_root is None:
            return None
        programs = self.authored_root / PROGRAMS_FOLDER
        return programs if programs.is_dir() else None

    @property
    def root(self) -> Path:
        """What paths are relative to."""
        root = self.backend_root or self.authored_root or self.program_root
        if root is None:
            raise ValueError("nothing to validate was named")
        return root

    def wants(self, name: str) -> bool:
        """Whether a mini-program of this name is to be checked."""
        return self.program_id in (None, name)

    def shown(self, path: Path) -> str:
        """`path` relative to the root, with `/`; absolute when it lies elsewhere."""
        relative = path.relative_to(self.root) if path.is_relative_to(self.root) else path
        return relative.as_posix()

    def api_documents(self, kind: DocumentKind) -> Iterator[Path]:
        """The documents of `kind` in the workspace, in path order."""
        if self.api is not None:
            yield from json_files(self.api / local_keys().folder(kind))

    def read(self, path: Path) -> dict[str, Any]:
        """The JSON object in `path`. Raises Unreadable."""
        name = self.shown(path)
        try:
            body = read_bounded(path)
        except DocumentError as problem:
            raise Unreadable(error("file_read_failed", name, str(problem))) from problem
        try:
            value = parse_json(body, name=name)
        except DocumentError as problem:
            found = error("json_decode_failed", name, str(problem))
            placed = found.model_copy(update={"line": problem.line, "column": problem.column})
            raise Unreadable(placed) from problem
        if not isinstance(value, dict):
            raise Unreadable(error("json_object_required", name, f"{name} must hold a JSON object"))
        return value

    def read_manifest(self, path: Path) -> Manifest:
        """The manifest in `path`. Raises Unreadable."""
        document = self.read(path)
        try:
            return parse_manifest(document, name=self.shown(path))
        except DocumentError as problem:
            raise Unreadable(error("manifest_parse_failed", self.shown(path), str(problem))) from problem


def json_files(folder: Path) -> Iterator[Path]:
    """The files of `folder` that end in exactly `.json`, in path order."""
    if folder.is_dir():
        yield from sorted(path for path in folder.iterdir() if path.suffix == ".json" and path.is_file())


def subfolders(folder: Path) -> Iterator[Path]:
    """The folders in `folder` that are not hidden, in path order."""
    if folder.is_dir():
        yield from sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))


def as_text(value: object) -> str:
    """`value` converted to text and trimmed; empty for null."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip()
