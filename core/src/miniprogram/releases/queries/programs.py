"""Which mini-programs there are, and which of their versions are published whole or in part."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cmp_to_key

from miniprogram.delivery.documents.kinds import CATALOG_POINTER, RELEASE_RECORD
from miniprogram.delivery.evaluation.semver import Version
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.models import FrozenModel
from miniprogram.releases.storage.release_documents import programs_with_releases


class ListedProgram(FrozenModel):
    """A mini-program. `managed`: whether releases say who gets what, rather than the catalogue's pointer."""

    mini_program_id: str
    managed: bool


class ProgramList(FrozenModel):
    """The mini-programs of an environment, by id."""

    schema_version: int = 1
    environment_name: str
    programs: tuple[ListedProgram, ...]


class VersionList(FrozenModel):
    """The published versions of a mini-program, the highest first."""

    schema_version: int = 1
    environment_name: str
    mini_program_id: str
    versions: tuple[str, ...]


def list_programs(storage: EnvironmentStorage) -> ProgramList:
    """Everything published or released. Raises StoreError."""
    managed = frozenset(programs_with_releases(storage))
    names = sorted(managed | frozenset(_published_programs(storage)))
    programs = tuple(ListedProgram(mini_program_id=name, managed=name in managed) for name in names)
    return ProgramList(environment_name=storage.environment, programs=programs)


def list_versions(storage: EnvironmentStorage, program_id: str) -> VersionList:
    """Every version a publish recorded. Raises StoreError."""
    names = storage.store.list_names(storage.keys.folder(RELEASE_RECORD, program_id))
    found = [name.removesuffix(".json") for name in names if name.endswith(".json")]
    ordered = tuple(sorted(found, key=cmp_to_key(_compare), reverse=True))
    return VersionList(environment_name=storage.environment, mini_program_id=program_id, versions=ordered)


def _published_programs(storage: EnvironmentStorage) -> Iterator[str]:
    for name in storage.store.list_names(storage.keys.folder(CATALOG_POINTER)):
        if name.endswith(".json"):
            yield name.removesuffix(".json")


def _compare(left: str, right: str) -> int:
    try:
        one, other = Version.parse(left), Version.parse(right)
    except ValueError:
        return (left > right) - (left < right)
    return (one > other) - (one < other)
