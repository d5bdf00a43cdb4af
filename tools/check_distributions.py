"""Looks into the wheels and source archives of a folder, and names what must not be published like that.

Usage: check_distributions.py FOLDER
"""

from __future__ import annotations

import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from packaging.metadata import Metadata
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version
from trove_classifiers import classifiers as known_classifiers

ROOT = Path(__file__).resolve().parents[1]
PYTHONS = ("3.11", "3.12", "3.13")
URLS = {"Homepage", "Documentation", "Changelog", "Source"}


def main() -> None:
    folder = Path(sys.argv[1])
    wheels, archives = sorted(folder.glob("*.whl")), sorted(folder.glob("*.tar.gz"))
    found = [f"{wheel.name}: {fault}" for wheel in wheels for fault in wheel_faults(wheel)]
    found += [f"{archive.name}: {fault}" for archive in archives for fault in archive_faults(archive)]
    found += set_faults(wheels, archives)
    print("\n".join(found) or f"{len(wheels)} wheels and {len(archives)} source archives are in order")
    sys.exit(bool(found))


def set_faults(wheels: list[Path], archives: list[Path]) -> list[str]:
    """What is wrong with the release as a whole."""
    versions = {wheel.name.split("-")[1] for wheel in wheels}
    faults = (
        [] if len(versions) == 1 else [f"one release has one version, not {', '.join(sorted(versions)) or 'none'}"]
    )
    built = {wheel.name.split("-")[0] for wheel in wheels}
    wanted = {f"miniprogram_{path.parent.name}" for path in ROOT.glob("plugins/*/pyproject.toml")} | {
        "miniprogram"
    }
    faults += [f"{name} has no wheel" for name in sorted(wanted - built)]
    lone = {archive.name.rpartition("-")[0] for archive in archives} ^ built
    return faults + [f"{name} needs both a wheel and a source archive" for name in sorted(lone) if archives]


def wheel_faults(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as wheel:
        names = wheel.namelist()
        info = next(name.partition("/")[0] for name in names if name.endswith(".dist-info/METADATA"))
        metadata = Metadata.from_email(wheel.read(f"{info}/METADATA"), validate=True)
        licence = f"{info}/licenses/LICENSE"
        if licence not in names or wheel.read(licence) != (ROOT / "LICENSE").read_bytes():
            yield "the licence text is missing, or not this project's"
    yield from metadata_faults(metadata)
    package = canonicalize_name(metadata.name).replace("-", "_")
    if strangers := {PurePosixPath(name).parts[0] for name in names} - {info, package}:
        yield f"it installs {', '.join(sorted(strangers))} as well"
    if f"{package}/py.typed" not in names:
        yield "py.typed is missing, so nobody's type checker looks at it"
    if left := [name for name in names if "__pycache__" in name or name.endswith(".pyc")]:
        yield f"{left[0]} was left in it"
    if not any(name.endswith("entry_points.txt") for name in names):
        yield "it has neither a command nor a plugin's entry point"


def metadata_faults(metadata: Metadata) -> Iterator[str]:
    if metadata.description_content_type != "text/markdown" or len(metadata.description or "") < 200:
        yield "it has no page: the README is missing or says next to nothing"
    if missing := URLS - (metadata.project_urls or {}).keys():
        yield f"project addresses are missing: {', '.join(sorted(missing))}"
    said = set(metadata.classifiers or ())
    if unknown := said - known_classifiers:
        yield f"there is no classifier {sorted(unknown)[0]!r}"
    if missing := {f"Programming Language :: Python :: {python}" for python in PYTHONS} - said:
        yield f"a classifier is missing: {sorted(missing)[0]!r}"
    ours = [
        each for each in metadata.requires_dist or () if canonicalize_name(each.name).startswith("miniprogram")
    ]
    if metadata.name != "miniprogram" and "miniprogram" not in {each.name for each in ours}:
        yield "it does not require miniprogram"
    for requirement in ours:
        if fault := range_fault(requirement, metadata.version):
            yield fault


def range_fault(requirement: Requirement, version: Version) -> str | None:
    """The parts of a release fit each other within one minor version: before 1.0, the next one may break them."""
    following = f"{version.major}.{version.minor + 1}"
    wanted = SpecifierSet(f">={version.major}.{version.minor},<{following}")
    return None if requirement.specifier == wanted else f"{requirement} has to be {requirement.name}{wanted}"


def archive_faults(path: Path) -> Iterator[str]:
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    for name in ("LICENSE", "README.md", "pyproject.toml", "PKG-INFO"):
        if name not in names:
            yield f"{name} is missing"


if __name__ == "__main__":
    main()
