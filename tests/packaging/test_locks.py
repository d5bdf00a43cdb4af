"""Whatever is installed here has a wheel for every system and Python we promise: nobody needs a compiler."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).parents[2]
LOCKS = [*sorted(ROOT.glob("requirements*.lock")), *sorted((ROOT / "tests/testbed/requirements").glob("*.txt"))]
SETUP = [ROOT / name for name in ("requirements.uv.lock", "requirements.run.lock", "requirements.lock")]
PYTHONS = [(3, 11), (3, 12), (3, 13)]

EXCEPTIONS: dict[tuple[str, str], str] = {}
"""Pairs of package and system that have no wheel, each with the reason why that is no loss there."""


class System(NamedTuple):
    platforms: list[str]
    markers: dict[str, str]


def _markers(sys_platform: str, system: str, os_name: str, machine: str) -> dict[str, str]:
    named = {"platform_system": system, "platform_machine": machine, "platform_python_implementation": "CPython"}
    return {**named, "sys_platform": sys_platform, "os_name": os_name, "implementation_name": "cpython"}


def _linux(machine: str) -> System:
    # glibc 2.28 is RHEL 8's and Debian 10's; nobody with Python 3.11 packages has an older one
    platforms = [f"manylinux_2_{minor}_{machine}" for minor in range(28, 4, -1)]
    platforms += [f"manylinux{year}_{machine}" for year in (2014, 2010, 1)]
    markers = _markers("linux", "Linux", "posix", machine)
    return System([*platforms, f"linux_{machine}"], markers)


SYSTEMS = {
    "linux-x86_64": _linux("x86_64"),
    "linux-arm64": _linux("aarch64"),
    "macos-arm64": System(
        list(mac_platforms((14, 0), "arm64")),
        _markers("darwin", "Darwin", "posix", "arm64"),
    ),
    "windows-x86_64": System(
        ["win_amd64"],
        _markers("win32", "Windows", "nt", "AMD64"),
    ),
}


class Pin(NamedTuple):
    requirement: Requirement
    hashes: frozenset[str]

    @property
    def name(self) -> str:
        return canonicalize_name(self.requirement.name)


def pins(text: str) -> Iterator[Pin]:
    """What a lock file asks for, with the digests it admits."""
    for entry in re.sub(r"\\\n", " ", text).splitlines():
        line = entry.partition("#")[0]
        if line.strip():
            wanted, *hashes = line.split("--hash=sha256:")
            yield Pin(Requirement(wanted.strip()), frozenset(each.strip() for each in hashes))


def recorded(text: str) -> dict[str, frozenset[Tag]]:
    """What each recorded wheel is for, by its digest."""
    lines = (line.split() for line in text.splitlines() if not line.startswith("#"))
    return {digest: parse_wheel_filename(name)[3] for digest, name in lines}


def fits(system: System, python: tuple[int, int]) -> frozenset[Tag]:
    tags = cpython_tags(python, platforms=system.platforms, abis=[f"cp{python[0]}{python[1]}"])
    return frozenset([*tags, *compatible_tags(python, f"cp{python[0]}{python[1]}", system.platforms)])


def applies(marker: Marker | None, system: System, python: tuple[int, int]) -> bool:
    version = ".".join(map(str, python))
    more = {"python_version": version, "python_full_version": f"{version}.0"}
    return marker is None or marker.evaluate({**system.markers, **more})


def without_wheel(lock: str, wheels: str, system: System, python: tuple[int, int]) -> list[str]:
    """The packages of `lock` that `system` would have to build."""
    record, usable = recorded(wheels), fits(system, python)
    return [
        str(pin.requirement)
        for pin in pins(lock)
        if applies(pin.requirement.marker, system, python)
        and not any(record[digest] & usable for digest in pin.hashes & record.keys())
    ]


@pytest.mark.parametrize("python", PYTHONS, ids=lambda python: f"python{python[0]}.{python[1]}")
@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_locked_package_has_a_wheel(lock: Path, system: str, python: tuple[int, int]) -> None:
    wheels = (ROOT / "requirements.wheels").read_text("utf-8")

    missing = without_wheel(lock.read_text("utf-8"), wheels, SYSTEMS[system], python)

    told = [each for each in missing if (canonicalize_name(Requirement(each).name), system) not in EXCEPTIONS]
    assert told == [], f"no wheel for {system} is known; if `make lock` knows none either, take another package"


@pytest.mark.parametrize(
    ("files", "systems"),
    [
        ([], set(SYSTEMS)),
        (["a-1-py3-none-any.whl"], set()),
        (["a-1-cp39-abi3-manylinux_2_17_x86_64.whl"], set(SYSTEMS) - {"linux-x86_64"}),
        (["a-1-cp312-cp312-win_amd64.whl"], set(SYSTEMS) - {"windows-x86_64"}),
        (["a-1-cp313-cp313-win_amd64.whl"], set(SYSTEMS)),
        (["a-1-cp312-cp312-manylinux_2_39_aarch64.whl"], set(SYSTEMS)),
        (["a-1-cp38-abi3-macosx_10_9_universal2.whl"], set(SYSTEMS) - {"macos-arm64"}),
    ],
    ids=["sdist", "pure", "stable-abi", "one-python", "other-python", "new-glibc", "universal"],
)
def test_a_package_without_the_right_wheel_is_found(files: list[str], systems: set[str]) -> None:
    digests = [f"{number:064x}" for number in range(len(files) + 1)]  # the last one is the sdist's
    lock = "a==1 \\\n" + " \\\n".join(f"    --hash=sha256:{digest}" for digest in digests)
    wheels = "\n".join(f"{digest} {name}" for digest, name in zip(digests, files, strict=False))

    assert {name for name, system in SYSTEMS.items() if without_wheel(lock, wheels, system, (3, 12))} == systems


def test_a_package_is_asked_for_only_where_its_marker_holds() -> None:
    lock = "a==1 ; sys_platform == 'win32' \\\n    --hash=sha256:00\n"
    asking = [name for name, system in SYSTEMS.items() if without_wheel(lock, "", system, (3, 12))]
    assert asking == ["windows-x86_64"]


def _asked_for() -> Iterator[tuple[str, Requirement]]:
    """What the projects ask for, with the lock that has to have it."""
    workspace = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    for group, asked in workspace["dependency-groups"].items():
        for each in asked:
            yield ("requirements.run.lock" if group == "build" else "requirements.lock", Requirement(each))
    for path in [ROOT / "core" / "pyproject.toml", *sorted(ROOT.glob("plugins/*/pyproject.toml"))]:
        project = tomllib.loads(path.read_text("utf-8"))["project"]
        extras = (each for asked in project.get("optional-dependencies", {}).values() for each in asked)
        wanted = {"requirements.run.lock": project.get("dependencies", ()), "requirements.lock": extras}
        for lock, asked in wanted.items():
            for requirement in map(Requirement, asked):
                if not requirement.name.startswith("miniprogram"):
                    yield lock, requirement


@pytest.mark.parametrize(
    ("lock", "requirement"), [pytest.param(*each, id=f"{each[1]} in {each[0]}") for each in _asked_for()]
)
def test_what_a_project_asks_for_is_locked(lock: str, requirement: Requirement) -> None:
    locked = {pin.name: pin.requirement for pin in pins((ROOT / lock).read_text("utf-8"))}
    found = locked.get(canonicalize_name(requirement.name))
    assert found is not None, "run `make lock`"
    [version] = [each.version for each in found.specifier]
    assert requirement.specifier.contains(version, prereleases=True), "run `make lock`"


def test_the_demo_runs_on_the_versions_that_are_tested() -> None:
    tested = {pin.name: pin for pin in pins((ROOT / "requirements.lock").read_text("utf-8"))}
    for lock in ("requirements.run.lock", "requirements.uv.lock"):
        for pin in pins((ROOT / lock).read_text("utf-8")):
            assert tested[pin.name] == pin


def test_locks_pin_one_version_with_digests_and_name_no_index() -> None:
    for lock in LOCKS:
        text = lock.read_text("utf-8")
        assert "://" not in text
        for pin in pins(text):
            assert re.fullmatch(r"==[^*,]+", str(pin.requirement.specifier)), f"{lock.name}: {pin.requirement}"
            assert pin.hashes, f"{lock.name}: {pin.requirement} has no digest"
