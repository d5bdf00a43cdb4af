"""`env.json`: which environments there are; and beside it, what only this machine knows of them.

`.mini_program/env.json` is for everybody who works on the project: no secrets, no paths of one machine.
`.mini_program/env_state.json` says which environment is active here. Together they are an `EnvFile`. Found by the
contract's rules (`find_env`), changed under a lock, and copied to the home folder (`change_env`) for commands that
run elsewhere; that copy is a convenience, and what cannot be written there is told, not a failure.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from miniprogram.errors import DocumentError, MiniProgramError, UsageError
from miniprogram.files import write_atomic
from miniprogram.state.home_copy import write_copy
from miniprogram.state.state_file import STATE_FOLDER, NewerSchemaError, StateFile, StateModel

SCHEMA = 2
LOCAL = "local"
GITIGNORE = b"# env.json is for everybody; the rest is of this machine\n*\n!.gitignore\n!env.json\n"
RESERVED_NAMES = (LOCAL, "cloud")
"""What `activeEnvironment` may hold besides a configured name; `cloud` is a spelling of older releases."""

_NAME = re.compile(r"[A-Za-z0-9._-]+")

Scope = Literal["local", "global"]


def is_env_name(text: str) -> bool:
    """Whether `text` can name an environment. `.` and `..` cannot: names become folders."""
    return _NAME.fullmatch(text) is not None and text not in (".", "..")


def _name(text: str) -> str:
    if not is_env_name(text):
        raise ValueError("must be letters, digits, dots, underscores or hyphens")
    return text


class CloudEnvironment(StateModel):
    """A named environment. `values` are settings of its provider that a person configured, by camelCase name."""

    name: Annotated[str, AfterValidator(_name)]
    provider: Annotated[str, AfterValidator(_name)]
    values: dict[str, Any] = Field(default_factory=dict)
    deployed: dict[str, Any] | None = None
    """What the last deployment said of itself, such as `apiBaseUrl`; None when nothing is deployed."""
    configured_at_utc: str
    updated_at_utc: str

    @property
    def in_force(self) -> dict[str, Any]:
        """The settings to work with: what a person configured wins over what the deployment said."""
        return {**(self.deployed or {}), **self.values}


class EnvState(StateModel):
    """`env_state.json`: what this machine alone knows. Paths are absolute."""

    schema_version: int = 1
    active_environment: str | None = None
    repo_root_path: str | None = None


class EnvFile(StateModel):
    """The document. Environments have distinct names and are sorted by them when written."""

    schema_version: int = SCHEMA
    active_environment: str
    cloud_environments: tuple[CloudEnvironment, ...] = ()
    initialized_at_utc: str
    updated_at_utc: str
    repo_root_path: str | None = None
    root_path: str | None = None
    """In the copy in the home folder: the folder that relative paths are meant from."""

    @model_validator(mode="after")
    def _names_fit(self) -> EnvFile:
        names = [environment.name for environment in self.cloud_environments]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"cloudEnvironments holds {twice!r} twice")
        if self.active_environment not in (*RESERVED_NAMES, *names):
            raise ValueError(f"activeEnvironment {self.active_environment!r} is not a configured environment")
        return self

    def find(self, name: str) -> CloudEnvironment | None:
        """The environment called `name`, if it is configured."""
        return next((environment for environment in self.cloud_environments if environment.name == name), None)

    def with_environment(self, environment: CloudEnvironment, *, now: str) -> EnvFile:
        """A copy in which `environment` replaces the one of its name."""
        others = [other for other in self.cloud_environments if other.name != environment.name]
        ordered = sorted([*others, environment], key=lambda entry: entry.name)
        return self.model_copy(update={"cloud_environments": tuple(ordered), "updated_at_utc": now})


@dataclass(frozen=True, slots=True)
class ResolvedEnv:
    """The file in force. `root` owns it: the folder above `.mini_program`, or the home folder for scope global."""

    scope: Scope
    root: Path
    path: Path
    document: EnvFile
    notes: tuple[str, ...] = ()
    """Sentences about what could not be done beside the work: the copy in the home folder."""

    @property
    def base(self) -> Path:
        """The folder that relative paths among the values are meant from."""
        return Path(self.document.root_path) if self.document.root_path else self.root

    def select(self, name: str | None, *, failure: type[MiniProgramError] = MiniProgramError) -> CloudEnvironment:
        """The environment `name`, or the active one. Raises `failure` when that is not a named environment."""
        wanted = name or self.document.active_environment
        found = self.document.find(wanted)
        if found is not None:
            return found
        if wanted in RESERVED_NAMES:
            raise failure(
                f"{wanted!r} is not a named environment",
                hint="Choose one with --env NAME or `miniprogram env use`.",
            )
        known = ", ".join(entry.name for entry in self.document.cloud_environments) or "none"
        raise failure(f"{self.path} has no environment {wanted!r}; configured: {known}")


def local_path(root: Path) -> Path:
    """Where the environment file of the folder `root` is."""
    return root / STATE_FOLDER / "env.json"


def own_path(root: Path) -> Path:
    """Where this machine's part of the folder `root` is."""
    return root / STATE_FOLDER / "env_state.json"


def global_path(home: Path) -> Path:
    """Where the copy in the home folder is."""
    return home / STATE_FOLDER / "global_env.json"


def env_state(path: Path) -> StateFile[EnvFile]:
    """The state file at `path`, local or global."""
    return StateFile(path, EnvFile, newest_schema=SCHEMA)


def own_state(root: Path) -> StateFile[EnvState]:
    """This machine's part of the folder `root`."""
    return StateFile(own_path(root), EnvState, newest_schema=1)


def find_env(*, explicit_root: Path | None, start_directories: Sequence[Path], home: Path) -> ResolvedEnv | None:
    """The environment file in force, or None.

    With `explicit_root` only that folder is looked at, else every start directory and what is above it, in
    order; then the home folder's copy. A file that is there and unusable raises DocumentError.
    """
    roots = [explicit_root] if explicit_root is not None else _upwards(start_directories)
    for root in map(_normal, roots):
        if local_path(root).is_file():
            return _resolved("local", root, local_path(root))
    home = _normal(home)
    return _resolved("global", home, global_path(home)) if global_path(home).is_file() else None


def require_env(
    *,
    explicit_root: Path | None,
    start_directories: Sequence[Path],
    home: Path,
    failure: type[MiniProgramError] = UsageError,
) -> ResolvedEnv:
    """Like `find_env`, for commands that cannot go on without. Raises `failure` when there is no file."""
    found = find_env(explicit_root=explicit_root, start_directories=start_directories, home=home)
    if found is None:
        raise failure(
            "no env.json was found here, above, or in the home folder", hint="Run `miniprogram env init`."
        )
    return found


def change_env(resolved: ResolvedEnv, change: Callable[[EnvFile], EnvFile], *, home: Path) -> ResolvedEnv:
    """Apply `change` to the file in force as it is now; a local file is mirrored to the home folder.

    Processes that change it at the same time wait for each other. Raises MiniProgramError when a file cannot
    be written; it is as it was then.
    """

    def changed(document: EnvFile | None) -> EnvFile:
        if document is None:
            raise DocumentError(f"{resolved.path} was removed meanwhile")
        return change(document)

    if resolved.scope == "global":
        return replace(resolved, document=env_state(resolved.path).update(changed))
    document, notes = write_local(resolved.root, changed, home=home)
    return replace(resolved, document=document, notes=notes)


def write_local(
    root: Path, change: Callable[[EnvFile | None], EnvFile], *, home: Path
) -> tuple[EnvFile, tuple[str, ...]]:
    """Create or change the file of `root` and copy it to `home`. `change` is given None when there is none yet.

    Returns what is stored, and a sentence when the copy could not be written.
    """
    root, mirror = _normal(root), env_state(global_path(_normal(home)))
    shared, own = env_state(local_path(root)), own_state(root)
    _refuse_newer(mirror)
    with shared.locked():
        stored = shared.read()
        document = change(_with_own(stored, own.read()))
        _write_parts(document, stored, shared, own)
        return document, write_copy(mirror, document.model_copy(update={"root_path": str(root)}), home)


def _write_parts(
    document: EnvFile, stored: EnvFile | None, shared: StateFile[EnvFile], own: StateFile[EnvState]
) -> None:
    """Write each part if it differs: who only makes another environment active leaves env.json as it is."""
    usual = stored.active_environment if stored is not None else LOCAL
    named = (*RESERVED_NAMES, *(entry.name for entry in document.cloud_environments))
    part = document.model_copy(
        update={"active_environment": usual if usual in named else LOCAL, "repo_root_path": None}
    )
    if stored is None or _without_time(part) != _without_time(stored):
        shared.write(part)
        _ignore_the_rest(shared.path.parent)
    mine = EnvState(active_environment=document.active_environment, repo_root_path=document.repo_root_path)
    if mine != own.read():
        own.write(mine)


def _ignore_the_rest(folder: Path) -> None:
    """Have git see env.json and nothing else in `folder`, unless somebody has said what it is to see."""
    path = folder / ".gitignore"
    if not path.exists():
        write_atomic(path, GITIGNORE)


def _with_own(shared: EnvFile | None, own: EnvState | None) -> EnvFile | None:
    """Both parts together. An active environment that is not configured any more does not count."""
    if shared is None or own is None:
        return shared
    active = own.active_environment
    update: dict[str, Any] = {}
    if active is not None and (active in RESERVED_NAMES or shared.find(active) is not None):
        update["active_environment"] = active
    if own.repo_root_path is not None:
        update["repo_root_path"] = own.repo_root_path
    return shared.model_copy(update=update)


def _without_time(document: EnvFile) -> EnvFile:
    return document.model_copy(update={"updated_at_utc": ""})


def save_deployed(
    resolved: ResolvedEnv, name: str, facts: dict[str, object] | None, *, home: Path, now: str
) -> ResolvedEnv:
    """Remember what the deployment of the environment `name` said of itself; None when it is gone."""
    return change_env(resolved, partial(_deployed, name=name, facts=facts, now=now), home=home)


def _deployed(document: EnvFile, *, name: str, facts: dict[str, object] | None, now: str) -> EnvFile:
    environment = document.find(name)
    if environment is None:
        raise MiniProgramError(f"the environment {name!r} was removed meanwhile")
    remembered = None if facts is None else {**(environment.deployed or {}), **facts}
    if environment.deployed == remembered:
        return document
    update = {"deployed": remembered, "updated_at_utc": now}
    return document.with_environment(environment.model_copy(update=update), now=now)


def _refuse_newer(mirror: StateFile[EnvFile]) -> None:
    """A torn copy may be replaced, it is only a copy; one of a newer release may hold what we cannot write."""
    try:
        mirror.read()
    except NewerSchemaError:
        raise
    except DocumentError:
        return


def _resolved(scope: Scope, root: Path, path: Path) -> ResolvedEnv:
    document = env_state(path).read()
    if scope == "local":
        document = _with_own(document, own_state(root).read())
    if document is None:
        raise DocumentError(f"{path} cannot be read")
    return ResolvedEnv(scope, root, path, document)


def _upwards(starts: Iterable[Path]) -> Iterator[Path]:
    seen: set[Path] = set()
    for start in map(_normal, starts):
        for folder in (start, *start.parents):
            if folder not in seen:
                seen.add(folder)
                yield folder


def _normal(path: Path) -> Path:
    # abspath, not resolve: stored and printed paths keep the links a person used
    return Path(os.path.abspath(path))  # noqa: PTH100
