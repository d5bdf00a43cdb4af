"""The project a web host is in: a page as it is served, or an application that a bundler builds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from miniprogram.files import real_path
from miniprogram.hosts.file_changes import read_current
from miniprogram.strict_json import parse_json, require_object

PACKAGE_FILE = "package.json"
RUNTIME_PACKAGE = "miniprogram-web"
FOLDER = "mini_program"


@dataclass(frozen=True, slots=True)
class WebProject:
    """`package` is package.json as read, empty where there is none. `project_file` is that, else the page."""

    root: Path
    project_file: Path
    package: dict[str, Any]

    @property
    def name(self) -> str:
        """What the project calls itself, else its folder."""
        return self._text("name") or real_path(self.root).name

    @property
    def version(self) -> str | None:
        return self._text("version")

    @property
    def has_runtime_package(self) -> bool:
        """Whether the project installs the runtime as a package, so that it needs no copy of its own."""
        return any(RUNTIME_PACKAGE in self._section(name) for name in ("dependencies", "devDependencies"))

    def script(self, *names: str) -> str | None:
        """The first of these scripts of package.json that there is."""
        return next((name for name in names if name in self._section("scripts")), None)

    def _text(self, member: str) -> str | None:
        value = self.package.get(member)
        return value.strip() or None if isinstance(value, str) else None

    def _section(self, name: str) -> dict[str, Any]:
        section = self.package.get(name)
        return section if isinstance(section, dict) else {}


def is_project(root: Path) -> bool:
    """Whether `root` holds a page or a package.json."""
    return (root / PACKAGE_FILE).is_file() or any(root.glob("*.html"))


def project_file(root: Path) -> Path:
    """package.json, else index.html, else the first page by name; index.html where there is none."""
    if (root / PACKAGE_FILE).is_file():
        return root / PACKAGE_FILE
    index = root / "index.html"
    return index if index.is_file() else min(root.glob("*.html"), default=index)


def read_project(root: Path) -> WebProject:
    """The project in `root`. Raises DocumentError when its package.json is none."""
    path = project_file(root)
    if path.name != PACKAGE_FILE:
        return WebProject(root, path, {})
    body = read_current(path) or b""
    return WebProject(root, path, require_object(parse_json(body, name=str(path)), name=str(path)))


def source_folder(root: Path) -> Path:
    """Where our files lie: among the sources of an application, else beside the page."""
    existing = [folder / FOLDER for folder in (root / "src", root) if (folder / FOLDER / "setup.js").is_file()]
    if existing:
        return existing[0]
    bundled = (root / PACKAGE_FILE).is_file() and (root / "src").is_dir()
    return (root / "src" if bundled else root) / FOLDER
