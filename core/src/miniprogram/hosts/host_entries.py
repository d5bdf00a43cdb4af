"""What a host app's endpoint map and registry say, and what they shall say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from miniprogram.errors import MiniProgramError
from miniprogram.hosts.endpoint_block import read_block
from miniprogram.hosts.file_changes import FileChange, read_current_text
from miniprogram.seams.endpoint import Endpoint
from miniprogram.seams.endpoint_rules import default_title
from miniprogram.seams.host_generator import EndpointFiles, HostFiles, HostGenerator, RegistryEntry


@dataclass(frozen=True, slots=True)
class HostEntries:
    """Both files' entries. `taken_over` names files somebody else wrote that are to be replaced."""

    endpoints: tuple[Endpoint, ...] = ()
    registry: tuple[RegistryEntry, ...] = ()
    taken_over: tuple[Path, ...] = ()

    def find(self, app_id: str) -> Endpoint | None:
        return next((each for each in self.endpoints if each.app_id == app_id), None)

    def title_of(self, app_id: str) -> str:
        """The title in the registry, else one made from the id."""
        return next((each.title for each in self.registry if each.app_id == app_id), default_title(app_id))

    def with_endpoint(self, endpoint: Endpoint, title: str, *, constant: str | None = None) -> HostEntries:
        """A copy in which `endpoint` and its title replace those of its id.

        A constant's name stays; a new entry gets `constant` if no other has it, else the generator names it.
        """
        names = {each.app_id: each.constant for each in self.registry}
        new = constant if constant not in names.values() else None
        entry = RegistryEntry(endpoint.app_id, title, names.get(endpoint.app_id, new))
        others = self.without(endpoint.app_id)
        return replace(others, endpoints=(*others.endpoints, endpoint), registry=(*others.registry, entry))

    def without(self, app_id: str) -> HostEntries:
        """A copy without the endpoint and the registry entry of `app_id`."""
        return replace(
            self,
            endpoints=tuple(each for each in self.endpoints if each.app_id != app_id),
            registry=tuple(each for each in self.registry if each.app_id != app_id),
        )


def read_entries(generator: HostGenerator, files: HostFiles, *, force: bool = False) -> HostEntries:
    """The entries of the app whose `files` these are; files that are not there hold none.

    Raises MiniProgramError naming a file that somebody else wrote, unless `force` is given.
    """
    taken_over = []
    endpoints = registry = None
    if (text := read_current_text(files.endpoint_map)) is not None:
        endpoints = read_block(text, name=str(files.endpoint_map))
        if endpoints is None:
            taken_over.append(_taken_over(files.endpoint_map, force=force))
    if (text := read_current_text(files.registry)) is not None:
        registry = generator.read_registry(text, name=str(files.registry))
        if registry is None:
            taken_over.append(_taken_over(files.registry, force=force))
    return HostEntries(tuple((endpoints or {}).values()), registry or (), tuple(taken_over))


def render_entries(generator: HostGenerator, entries: HostEntries) -> EndpointFiles:
    """Both files as `entries` wants them; every endpoint has a registry entry."""
    return generator.render_endpoints(entries.endpoints, _complete(entries))


def entry_changes(rendered: EndpointFiles, files: HostFiles, entries: HostEntries) -> list[FileChange]:
    """The changes that write `rendered`, the registry first: the map refers to it."""
    bodies = ((files.registry, rendered.registry), (files.endpoint_map, rendered.endpoint_map))
    return [FileChange(path, body, backup=path in entries.taken_over) for path, body in bodies]


def _complete(entries: HostEntries) -> Sequence[RegistryEntry]:
    named = {each.app_id for each in entries.registry}
    missing = [each.app_id for each in entries.endpoints if each.app_id not in named]
    added = [RegistryEntry(app_id, default_title(app_id)) for app_id in missing]
    return sorted([*entries.registry, *added], key=lambda each: each.app_id)


def _taken_over(path: Path, *, force: bool) -> Path:
    if not force:
        raise MiniProgramError(
            f"{path} was not written by miniprogram, so it is left as it is",
            hint="With --force it is replaced, and kept beside it as a .bak file.",
        )
    return path
