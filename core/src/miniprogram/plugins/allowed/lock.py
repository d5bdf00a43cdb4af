"""`miniprogram.lock`: exactly which distributions, in which bytes, a pipeline runs.

Pins say what may load; the lock says what was there when somebody looked. `--locked` (or `MINIPROGRAM_LOCKED=1`)
refuses to run with anything else: another version, a changed file, a plugin more or less.
"""

from __future__ import annotations

import ast
import hashlib
import os
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

from miniprogram.errors import DocumentError, PluginError
from miniprogram.files import write_atomic
from miniprogram.plugins.allowed.api_range import VARIABLE
from miniprogram.plugins.allowed.pins import PinSet
from miniprogram.plugins.installed.discovery import find_entries, normalized
from miniprogram.plugins.installed.origin import origin_of
from miniprogram.plugins.markers import HOOK_API_VERSION

FILE = "miniprogram.lock"
CORE = "miniprogram"
FORMAT = 1
GET_BACK = (
    "Get it back from version control, or run `miniprogram plugins lock` where the plugins are to be trusted."
)
_NOT_CODE = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"}
"""What an installer writes about itself: it differs between two installations of the same thing."""
HEADER = """\
# Written by `miniprogram plugins lock`. Commit it, and run `miniprogram --locked ...` in pipelines:
# other versions, changed files and further plugins are refused then.
"""


@dataclass(frozen=True, slots=True)
class Locked:
    """A distribution as it is, or was when it was locked. `digest` is over its installed files.

    `hook_api` is the range of hook API versions it was written for, of the core the version it has; blank when it
    says none.
    """

    name: str
    version: str
    digest: str
    origin: str
    hook_api: str = ""


def current(pins: PinSet) -> list[Locked]:
    """The core and every distribution whose plugins may load, sorted by name.

    Raises PluginError for one whose files cannot be found.
    """
    entries = [entry for entry in find_entries() if pins.refusal(entry) is None]
    core = _look(CORE, CORE, HOOK_API_VERSION)
    modules = {entry.distribution: entry.module for entry in entries}
    plugins = [_look(name, module.partition(".")[0], _hook_api(module)) for name, module in modules.items()]
    return sorted([core, *plugins], key=lambda each: each.name)


def write_lock(path: Path, rows: Sequence[Locked]) -> bool:
    """Write `rows`, unless the file says exactly that already; whether it was written."""
    text = HEADER + f"format = {FORMAT}\n"
    for row in rows:
        members = {"name": row.name, "version": row.version, "digest": row.digest}
        members |= {"hook-api": row.hook_api, "origin": row.origin}
        text += "\n[[distribution]]\n" + "".join(f"{key} = {_quoted(value)}\n" for key, value in members.items())
    body = text.encode()
    if path.is_file() and path.read_bytes() == body:
        return False
    write_atomic(path, body)
    return True


def read_lock(path: Path) -> list[Locked]:
    """Raises DocumentError for a file that is no lock of this format."""
    try:
        document = tomllib.loads(path.read_text("utf-8"))
        if document["format"] != FORMAT:
            raise DocumentError(f"{path} has format {document['format']}; upgrade miniprogram, or lock again")
        rows = document.get("distribution", [])
        return [
            Locked(
                row["name"], row["version"], row["digest"], row.get("origin", "unknown"), row.get("hook-api", "")
            )
            for row in rows
        ]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise DocumentError(f"{path} is no lock file: {_flaw(error)}", hint=GET_BACK) from error


def _flaw(error: Exception) -> str:
    """What is wrong with a lock, to stand after a colon."""
    match error:
        case OSError():
            return f"it cannot be read ({error.strerror})"
        case UnicodeDecodeError():
            return "it is no text in UTF-8"
        case tomllib.TOMLDecodeError():
            return f"it is no TOML: {error}"
        case KeyError():
            return f"{error.args[0]} is missing"
    return "it has members of another kind than `miniprogram plugins lock` writes"


def lock_file(folders: Sequence[Path]) -> Path | None:
    """The lock that holds in the first of `folders` that has one, in it or above."""
    for folder in folders:
        for each in (folder, *folder.parents):
            if (each / FILE).is_file():
                return each / FILE
    return None


def require_lock(folders: Sequence[Path], pins: PinSet) -> None:
    """Raises PluginError naming the first thing that is not as it was locked, with what was wanted and found."""
    path = lock_file(folders)
    if path is None:
        hint = "Run `miniprogram plugins lock` where the plugins are the ones you trust, and commit the file."
        raise PluginError(f"--locked needs a {FILE}, and there is none in {folders[0]} or above", hint=hint)
    for drift in drifts(read_lock(path), current(pins)):
        hint = f"Install what {path} says, or run `miniprogram plugins lock` when the change is meant."
        raise PluginError(drift, hint=hint)


def drifts(wanted: Sequence[Locked], found: Sequence[Locked]) -> Iterator[str]:
    """A sentence for everything that differs, by name."""
    locked, there = ({normalized(each.name): each for each in rows} for rows in (wanted, found))
    for name in sorted(locked.keys() | there.keys()):
        before, now = locked.get(name), there.get(name)
        if now is None and before is not None:
            yield f"{before.name} {before.version} is locked, and it is not installed or may not load"
        elif before is None and now is not None:
            yield f"{now.name} {now.version} is installed, and it is not locked"
        elif before is not None and now is not None and before.version != now.version:
            yield f"{before.name} {before.version} is locked, and {now.version} is installed"
        elif before is not None and now is not None and before.digest != now.digest:
            files = f"locked {before.digest}, found {now.digest}"
            yield f"the files of {now.name} {now.version} are not the locked ones: {files}"


def _hook_api(module: str) -> str:
    """The range that the source of a hook module declares. It is read, not imported."""
    package, _, rest = module.partition(".")
    spec = find_spec(package)
    if spec is None or (not spec.submodule_search_locations and rest):
        return ""
    roots = [Path(each).joinpath(*rest.split(".")) for each in spec.submodule_search_locations or ()]
    files = [path for root in roots for path in (root.with_suffix(".py"), root / "__init__.py")] if rest else []
    for path in files or [Path(spec.origin or "")]:
        with suppress(OSError, SyntaxError, ValueError):
            assigned = [node for node in ast.parse(path.read_bytes()).body if isinstance(node, ast.Assign)]
            values = [each.value for each in assigned if VARIABLE in map(ast.unparse, each.targets)]
            return str(ast.literal_eval(values[-1])) if values else ""
    return ""


def _look(name: str, package: str, hook_api: str) -> Locked:
    try:
        found = distribution(name)
    except PackageNotFoundError as error:
        raise PluginError(f"the metadata of {name} cannot be found") from error
    files = list(_installed(found)) or list(_package_files(package))
    if not files:
        raise PluginError(f"the files of {name} cannot be found, so it cannot be locked")
    digest = hashlib.sha256()
    for path, label in sorted(files, key=lambda each: each[1]):
        try:
            body = path.read_bytes()
        except OSError as error:
            raise PluginError(f"{path} of {name} cannot be read: {error.strerror or error}") from error
        digest.update(f"{label}\0{len(body)}\0".encode())
        digest.update(body)
    return Locked(name, found.version, f"sha256:{digest.hexdigest()}", _kind(origin_of(name)), hook_api)


def _kind(origin: str) -> str:
    """An origin without the paths of one machine: a lock is for all of them."""
    return "editable" if origin.startswith("editable") else "local" if origin.startswith("file:") else origin


def _installed(found: Distribution) -> Iterator[tuple[Path, str]]:
    """The files an installer put there. Of an editable installation there is no code among them: then none."""
    files = [each for each in found.files or () if "__pycache__" not in each.parts]
    if not any(each.suffix == ".py" and len(each.parts) > 1 for each in files):
        return
    for each in files:
        if each.name not in _NOT_CODE and ".." not in each.parts:
            yield Path(str(found.locate_file(each))), each.as_posix()


def _package_files(package: str) -> Iterator[tuple[Path, str]]:
    """The files of an importable package, wherever it lies; the package is not imported."""
    spec = find_spec(package)
    roots = list(spec.submodule_search_locations or ()) if spec else []
    if spec and not roots and spec.origin:
        yield Path(spec.origin), Path(spec.origin).name
    for root in roots:
        for folder, folders, names in os.walk(root):
            folders[:] = [each for each in folders if each != "__pycache__"]
            for name in names:
                path = Path(folder, name)
                yield path, f"{package}/{path.relative_to(root).as_posix()}"


def _quoted(text: str) -> str:
    escaped = "".join(each if each.isprintable() and each not in '"\\' else f"\\U{ord(each):08x}" for each in text)
    return f'"{escaped}"'
