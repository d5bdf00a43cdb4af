"""`plugins new`: the files of a typed, tested plugin project that passes its own checks as it is."""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath
from typing import Literal, get_args

from jinja2 import Environment, StrictUndefined

from miniprogram.errors import MiniProgramError, UsageError
from miniprogram.files import write_atomic
from miniprogram.plugins.installed.first_party import is_first_party, owner_of_name
from miniprogram.plugins.markers import HOOK_API_VERSION, PROJECT
from miniprogram.version import VERSION

Kind = Literal["provider", "target", "template", "host", "source"]
KINDS: tuple[str, ...] = get_args(Kind)
PREFIX = "miniprogram-"
SUFFIX = ".jinja"
MAX_NAME = 40
PACKAGE = "PACKAGE"
"""What the folder of the package is called in the templates."""

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_TEXTS: Mapping[str, tuple[str, str]] = {
    "provider": (
        "The cloud {}",
        "Everything works as it is, `publish` and `cloud deploy` too, in a folder that stands for a bucket.\n"
        "Write your store in `store.py`, and say in `settings.py` where it is.",
    ),
    "target": ("The publish target {}", "`target.py` publishes into a folder. Put your store in its place."),
    "template": (
        "The publisher backend starter {}",
        "`template.py` renders data and a README. Add the code of your backend.",
    ),
    "host": (
        "Host apps of the kind {}",
        "`generator.py` writes JavaScript and JSON. Write what your apps are written in.",
    ),
    "source": ("Screens in {} files", "`source.py` reads TOML. Read your file type there."),
}


def project_files(distribution: str, kind: Kind) -> dict[PurePosixPath, bytes]:
    """Every file of the project, by its path in it, sorted. Raises UsageError for a name that cannot be used."""
    values = _values(distribution, kind)
    engine = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)  # noqa: S701 - no HTML
    rendered: dict[PurePosixPath, bytes] = {}
    for root in ("common", kind):
        templates = files(__package__) / "templates" / root
        for path, template in _walk(templates, PurePosixPath()):
            parts = [values["package"] if part == PACKAGE else part for part in path.parts]
            text = engine.from_string(template.read_text("utf-8")).render(values)
            rendered[PurePosixPath(*parts).with_suffix("")] = text.encode()
    return dict(sorted(rendered.items()))


def write_project(folder: Path, project: Mapping[PurePosixPath, bytes]) -> None:
    """Write the files into `folder`. Raises MiniProgramError when there is something in it already."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise MiniProgramError(f"{folder} is there already", hint="Name another folder with --output.")
    for path, body in project.items():
        write_atomic(folder / path, body)


def _values(distribution: str, kind: Kind) -> dict[str, str]:
    plugin = distribution.removeprefix(PREFIX)
    package = distribution.replace("-", "_")
    _refuse_name(distribution, plugin, package)
    suffix = f".{plugin.replace('-', '')}"
    summary, next_steps = _TEXTS[kind]
    summary = summary.format(suffix if kind == "source" else plugin)
    return {
        "distribution": distribution,
        "plugin": plugin,
        "package": package,
        "kind": kind,
        "suffix": suffix,
        "summary": summary,
        "summary_small": summary[:1].lower() + summary[1:],
        "next_steps": next_steps,
        "core_range": _range_of_core(VERSION),
        "hook_range": _range_of_hooks(HOOK_API_VERSION),
    }


def _refuse_name(distribution: str, plugin: str, package: str) -> None:
    if len(distribution) > MAX_NAME or not _NAME.fullmatch(distribution) or not _NAME.fullmatch(plugin):
        wanted = f"at most {MAX_NAME} small letters, digits and hyphens, such as acme-cloud"
        raise UsageError(f"{distribution!r} is no name for a plugin: {wanted}")
    owner = owner_of_name(plugin)
    if is_first_party(distribution) or owner is not None:
        raise UsageError(f"the name {plugin} belongs to {owner or distribution}; choose another")
    if package in sys.stdlib_module_names or package == PROJECT or keyword.iskeyword(plugin.replace("-", "_")):
        raise UsageError(f"{package} is a name of Python or ours; choose another, such as {PREFIX}{plugin}")


def _walk(folder: Traversable, path: PurePosixPath) -> Iterator[tuple[PurePosixPath, Traversable]]:
    for child in folder.iterdir():
        if child.is_dir():
            yield from _walk(child, path / child.name)
        elif child.name.endswith(SUFFIX):
            yield path / child.name, child


def _range_of_core(version: str) -> str:
    """Before 1.0 the next minor version may change what plugins import, later the next major one."""
    major, minor = (int(part) for part in version.split(".")[:2])
    return f">={major}.{minor},<{major}.{minor + 1}" if major == 0 else f">={major}.{minor},<{major + 1}"


def _range_of_hooks(version: str) -> str:
    return f">={version} <{int(version.partition('.')[0]) + 1}.0.0"
