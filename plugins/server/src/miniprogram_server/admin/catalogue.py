"""Which mini-programs there are, and which of their versions are published whole or in part."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cmp_to_key

from miniprogram.delivery.semver import Version
from miniprogram.releases.place import ReleasePlace
from miniprogram.releases.record import Record
from miniprogram.releases.release_store import programs_with_releases


class ListedProgram(Record):
    """A mini-program. `managed`: whether releases say who gets what, rather than the catalogue's pointer."""

    mini_program_id: str
    managed: bool


class ProgramList(Record):
    """The mini-programs of an environment, by id."""

    schema_version: int = 1
    environment_name: str
    programs: tuple[ListedProgram, ...]


class VersionList(Record):
    """The published versions of a mini-program, the highest first."""

    schema_version: int = 1
    environment_name: str
    mini_program_id: str
    versions: tuple[str, ...]


def list_programs(place: ReleasePlace) -> ProgramList:
    """Everything published or released. Raises StoreError."""
    managed = frozenset(programs_with_releases(place))
    names = sorted(managed | frozenset(_published_programs(place)))
    programs = tuple(ListedProgram(mini_program_id=name, managed=name in managed) for name in names)
    return ProgramList(environment_name=place.environment, programs=programs)


def list_versions(place: ReleasePlace, program_id: str) -> VersionList:
    """Every version a publish recorded. Raises StoreError."""
    prefix = f"{place.programs}{program_id}/"
    names = (info.key.removeprefix(prefix) for info in place.store.list(prefix))
    found = [name.removesuffix(".json") for name in names if name.endswith(".json") and "/" not in name]
    ordered = tuple(sorted(found, key=cmp_to_key(_compare), reverse=True))
    return VersionList(environment_name=place.environment, mini_program_id=program_id, versions=ordered)


def _published_programs(place: ReleasePlace) -> Iterator[str]:
    prefix = f"{place.metadata_prefix}/catalog/"
    for info in place.store.list(prefix):
        name = info.key.removeprefix(prefix)
        if name.endswith(".json") and "/" not in name:
            yield name.removesuffix(".json")


def _compare(left: str, right: str) -> int:
    try:
        one, other = Version.parse(left), Version.parse(right)
    except ValueError:
        return (left > right) - (left < right)
    return (one > other) - (one < other)
