"""A publisher backend on a cloud, put together: the routes and data of every starter, and a cloud's own files.

    class AcmeStarter(BackendStarter):
        name, cloud = "acme-functions", "Acme"
        folder = PurePosixPath("backend/acme_functions")
        code, main = "src", "main.py"
        required = ("src/main.py", "src/publisher_routes.py", "src/store.py")
        package = "miniprogram_acme.backend.starter"

        def own_files(self, facts: ProgramFacts, storage: str) -> Mapping[str, bytes]:
            return {"src/main.py": self.file("main.py"), "README.md": self.rendered("README.md.jinja", …)}

    class AcmeBackend(StarterBackend):
        starter = AcmeStarter()

Such a starter is a BackendTemplate. A StarterBackend is most of a BackendOperator: calls of the cloud are left.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import ClassVar

from miniprogram.backends.sample_data import sample_data
from miniprogram.errors import MiniProgramError
from miniprogram.files import is_inside
from miniprogram.seams.backend_operator import BackendRequest
from miniprogram.seams.backend_template import ProgramFacts
from miniprogram.strict_json import read_bounded

MOST_BYTES = 50 * 1024 * 1024
"""More than this is no function's code, but a folder that was not meant."""
NOT_SENT = frozenset({"__pycache__", "venv"})


class BackendStarter:
    """Implements BackendTemplate. Inherit, and override `own_files` and what has no value here."""

    name: ClassVar[str]
    """What `publisher-backend scaffold --template` calls it."""
    cloud: ClassVar[str]
    """What people call the cloud."""
    folder: ClassVar[PurePosixPath]
    """Where it lives below the mini-program."""
    code: ClassVar[str]
    """The folder of its code, below `folder`; its data are in `data` there."""
    main: ClassVar[str]
    """The file in `code` that the cloud calls."""
    required: ClassVar[tuple[str, ...]]
    """Files below `folder` without which it cannot be deployed."""
    package: ClassVar[str]
    """The package with its files, as they are or as templates."""
    node_main: ClassVar[str] = ""
    """The file in `code` that tells a backend made by an older tool, in JavaScript."""
    where_records_stay: ClassVar[str] = "the database keeps its records"

    def own_files(self, facts: ProgramFacts, storage: str) -> Mapping[str, bytes]:
        """Files by their path below `folder`. Without a `store.py` the data that come along are served."""
        raise NotImplementedError

    def render(self, facts: ProgramFacts, storage: str) -> Mapping[PurePosixPath, bytes]:
        """The cloud's own files, the routes that all backends have, their store and their data."""
        routes = {
            f"{self.code}/publisher_routes.py": _of_all("publisher_routes.py"),
            f"{self.code}/store.py": _of_all("bundled_store.py"),
        }
        data = {f"{self.code}/data/{name}": document(each) for name, each in sample_data(facts).items()}
        found = {**routes, **self.own_files(facts, storage), **data}
        return {PurePosixPath(name): body for name, body in sorted(found.items())}

    def check(self, folder: Path) -> None:
        """Raises MiniProgramError when `folder` holds the Node.js backend of another tool."""
        code = folder / self.code
        if self.node_main and (code / self.node_main).is_file() and not (code / self.main).is_file():
            raise MiniProgramError(
                f"{folder} holds a Node.js backend of another tool, which cannot be deployed without Node tooling",
                hint=f"Move it away, scaffold again and copy its {self.code}/data/ over; "
                f"{self.where_records_stay}.",
            )

    def require(self, folder: Path, program_id: str) -> None:
        """Raises MiniProgramError unless the starter in `folder` can be deployed."""
        self.check(folder)
        for path in (folder / name for name in self.required):
            if not path.is_file():
                raise MiniProgramError(
                    f"{program_id} has no {self.cloud} backend: {path} is missing",
                    hint=f"Make one: miniprogram publisher-backend scaffold --template {self.name}",
                )

    def file(self, name: str) -> bytes:
        """A file of the starter as it is."""
        return (files(self.package) / name).read_bytes()

    def rendered(self, name: str, values: Mapping[str, str]) -> bytes:
        """A file of the starter, a Jinja template, with `values`."""
        from jinja2 import Environment, StrictUndefined  # deferred: a deploy needs none

        environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)  # noqa: S701
        return environment.from_string(self.file(name).decode()).render(values).encode()


class StarterBackend:
    """What every BackendOperator has whose code is a starter. `request` is a field of whoever inherits."""

    __slots__ = ()

    starter: ClassVar[BackendStarter]
    request: BackendRequest

    @property
    def backend_root(self) -> Path:
        return self.request.program_root / self.starter.folder

    @property
    def code_folder(self) -> Path:
        """What is sent to the cloud."""
        return self.backend_root / self.starter.code

    @property
    def data_folder(self) -> Path:
        return self.code_folder / "data"

    def check_source(self) -> None:
        self.starter.require(self.backend_root, self.request.program.program_id)


def starter_sources(folder: Path, *, most_bytes: int = MOST_BYTES) -> dict[str, bytes]:
    """The files below `folder` by their paths with `/`, but hidden ones and what tools leave behind.

    Raises MiniProgramError when they are too many bytes, lead out of the folder, or are no Python.
    """
    sources: dict[str, bytes] = {}
    total = 0
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        is_left = any(part in NOT_SENT or part.startswith(".") for part in parts) or path.suffix == ".pyc"
        if is_left or not path.is_file():
            continue
        if not is_inside(path, folder):
            raise MiniProgramError(f"{path} leads out of {folder}", hint="Put a copy there.")
        body = read_bounded(path, max_bytes=most_bytes)
        total += len(body)
        if total > most_bytes:
            raise MiniProgramError(f"{folder} holds more than {most_bytes // 1024 // 1024} MiB")
        if path.suffix == ".py":
            _require_python(body, path)
        sources["/".join(parts)] = body
    return sources


def told_outputs(outputs: Mapping[str, str]) -> dict[str, str]:
    """`outputs` as a BackendState has them: by ascending names, none of them blank."""
    return {name: value for name, value in sorted(outputs.items()) if name and value}


def document(value: object) -> bytes:
    """A JSON file that people edit."""
    return json.dumps(value, indent=2, ensure_ascii=False).encode() + b"\n"


def _of_all(name: str) -> bytes:
    return (files("miniprogram.backends") / name).read_bytes()


def _require_python(body: bytes, path: Path) -> None:
    """What cannot be imported is better found here than by the first caller."""
    try:
        compile(body, path.name, "exec")
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        line_note = f" (line {line})" if line else ""
        raise MiniProgramError(f"{path} is no Python: {getattr(error, 'msg', error)}{line_note}") from None
