"""The files of the folder: the runtime as one module with its types, icon tables, fonts and licences."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from miniprogram_web.bundle import BUNDLE, bundle
from miniprogram_web.node import RUNTIME

NAME = "miniprogram-web"
TYPES = "mini-program.d.ts"
DIGESTS = "files.sha256"
"""What every other file was when it was written, as `sha256sum` prints it: a later run sees what was edited."""

_HERE = Path(__file__).parent
_VERSION = re.compile(
    r"(?P<release>\d+\.\d+\.\d+)(?:\.?(?P<stage>a|b|rc|dev)(?P<number>\d+))?(?:\+(?P<local>.+))?"
)
_STAGES = {"a": "alpha", "b": "beta", "rc": "rc", "dev": "dev"}


def package_files() -> dict[str, bytes]:
    """Path in the folder -> content, in the order of their paths."""
    release = npm_version(version("miniprogram-web"))
    banner = f"/*! {NAME} {release} | MIT | fonts: see vendor/ */\n/* eslint-disable */\n"
    files = {
        BUNDLE: (banner + bundle()).encode(),
        TYPES: (_HERE / TYPES).read_bytes(),
        "package.json": _package_json(release),
        "README.md": (_HERE / "README.md").read_bytes(),
        "LICENSE": (_HERE / "LICENSE").read_bytes(),
        **_below(RUNTIME / "icons", "icons"),
        **_below(RUNTIME.parent / "vendor", "vendor"),
    }
    return dict(sorted((files | {DIGESTS: _digests(files)}).items()))


def npm_version(python_version: str) -> str:
    """A version of Python packages as npm writes it. Raises ValueError for one that npm has no form for."""
    found = _VERSION.fullmatch(python_version)
    if found is None:
        raise ValueError(f"{python_version} has no form in npm")
    stage = f"-{_STAGES[found['stage']]}.{found['number']}" if found["stage"] else ""
    return found["release"] + stage


def unchanged_since_written(folder: Path) -> bool:
    """Whether every file that a release wrote into `folder` is as it wrote it; False where none says so."""
    try:
        lines = (folder / DIGESTS).read_text("utf-8").splitlines()
        wanted = [line.split("  ", 1) for line in lines]
        return all(_sha256((folder / path).read_bytes()) == digest for digest, path in wanted)
    except (OSError, ValueError):
        return False


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _below(folder: Path, name: str) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {f"{name}/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in files}


def _digests(files: Mapping[str, bytes]) -> bytes:
    rows = (f"{_sha256(body)}  {path}\n" for path, body in sorted(files.items()))
    return "".join(rows).encode()


def _package_json(release: str) -> bytes:
    document = {
        "name": NAME,
        "version": release,
        "description": "Mini-programs in any web page, laid out and drawn as Flutter does.",
        "license": "MIT AND Apache-2.0 AND OFL-1.1",
        "type": "module",
        "main": f"./{BUNDLE}",
        "types": f"./{TYPES}",
        "exports": {
            ".": {"types": f"./{TYPES}", "default": f"./{BUNDLE}"},
            f"./{BUNDLE}": {"types": f"./{TYPES}", "default": f"./{BUNDLE}"},
            "./package.json": "./package.json",
            "./icons/*": "./icons/*",
            "./vendor/*": "./vendor/*",
        },
        "files": [BUNDLE, TYPES, DIGESTS, "icons/", "vendor/"],
        "sideEffects": True,
        "keywords": ["mini-program", "server-driven-ui", "flutter", "web-component"],
    }
    return (json.dumps(document, indent=2) + "\n").encode()
