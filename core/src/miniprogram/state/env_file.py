"""`env.json` and its global copy: which environments there are, and which one is active.

Found by the contract's rules (`find_env`), changed under a lock and mirrored to the home folder (`change_env`).
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
from miniprogram.state.state_file import STATE_FOLDER, NewerSchemaError, StateFile, StateModel

SCHEMA = 2
LOCAL = "local"
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
    """A named environment. `values` are its provider's settings as stored, by camelCase name."""

    name: Annotated[str, AfterValidator(_name)]
    provider: Annotated[str, AfterValidator(_name)]
    values: dict[str, Any] = Field(default_factory=dict)
    configured_at_utc: str
    updated_at_utc: str


class EnvFile(StateModel):
    """The document. Environments have distinct names and are sorted by them when written."""

    schema_version: int = SCHEMA
    active_environment: str
    cloud_environments: tuple[CloudEnvironment, ...] = ()
    initialized_at_utc: str
    updated_at_utc: str
    repo_root_path: str | None = None

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


def global_path(home: Path) -> Path:
    """Where the copy in the home folder is."""
    return home / STATE_FOLDER / "global_env.json"


def env_state(path: Path) -> StateFile[EnvFile]:
    """The state file at `path`, local or global."""
    return StateFile(path, EnvFile, newest_schema=SCHEMA)


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
    return replace(resolved, document=write_local(resolved.root, changed, home=home))


def write_local(root: Path, change: Callable[[EnvFile | None], EnvFile], *, home: Path) -> EnvFile:
    """Create or change the file of `root` and mirror it. `change` is given None when there is no file yet."""
    mirror = env_state(global_path(_normal(home)))
    with mirror.locked():
        _refuse_newer(mirror)
        document = env_state(local_path(_normal(root))).update(change)
        mirror.write(document)
    return document


def save_values(
    resolved: ResolvedEnv, name: str, values: dict[str, object], *, home: Path, now: str
) -> ResolvedEnv:
    """Merge `values` into the stored ones of the environment `name`; the others stay."""
    return change_env(resolved, partial(_merged, name=name, values=values, now=now), home=home)


def _merged(document: EnvFile, *, name: str, values: dict[str, object], now: str) -> EnvFile:
    environment = document.find(name)
    if environment is None:
        raise MiniProgramError(f"the environment {name!r} was removed meanwhile")
    if all(environment.values.get(key) == value for key, value in values.items()):
        return document
    update = {"values": {**environment.values, **values}, "updated_at_utc": now}
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
