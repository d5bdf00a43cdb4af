"""Point hosts to a version that a store holds whole, where the pointers are made of its manifest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.documents.rollout_versions import versions_in_rules
from miniprogram.errors import DocumentError, PublishError
from miniprogram.packages.manifest import Manifest
from miniprogram.publish.layouts.layout import Pointer
from miniprogram.publish.layouts.pointers import member_of
from miniprogram.publish.to_store import move_pointer
from miniprogram.publish.versions.held import held_in, require_whole, stored_in
from miniprogram.seams.object_store import ObjectStore
from miniprogram.seams.version_keeping import HeldVersions, RollbackReceipt, StoredVersion
from miniprogram.strict_json import parse_json, parse_model


@dataclass(frozen=True, slots=True)
class PointedStore:
    """A store whose first pointer is a copy of the manifest of what is served."""

    store: ObjectStore
    keys: Keys
    pointers: Callable[[Manifest, bytes], tuple[Pointer, ...]]
    """The pointers as they are when hosts get the version of this manifest, the one hosts read first."""

    def held(self, program_id: str) -> HeldVersions:
        """Its versions, with what points at each."""
        latest = self._latest(program_id)
        pointing: dict[str, list[str]] = {latest: ["latest"]} if latest is not None else {}
        for version in rules_name(self.store, self.keys, program_id):
            pointing.setdefault(version, []).append("rollout rules")
        versions = held_in(self.store, self.keys, program_id, pointing=pointing)
        return HeldVersions(self.store.location, latest, versions)

    def served(self, program_id: str, *, known: Mapping[str, str]) -> StoredVersion | None:
        """See `KeepsVersions.served_version`."""
        latest = self._latest(program_id)
        return None if latest is None else stored_in(self.store, self.keys, program_id, latest, known=known)

    def roll_back(self, program_id: str, version: str, *, dry_run: bool) -> RollbackReceipt:
        """Move the pointers, the one hosts read first. Killed in between, the same again completes it."""
        require_whole(self.store, self.keys, program_id, version)
        body = self._manifest(program_id, version)
        name = self.keys.manifest_key(program_id, version)
        manifest = parse_model(Manifest, parse_json(body, name=name), name=name)
        if (manifest.id, manifest.version) != (program_id, version):
            raise PublishError(f"{self.store.location}: {name} is of {manifest.id} {manifest.version}")
        previous = self._latest(program_id)
        pointers = self.pointers(manifest, body)
        written = self._planned(pointers) if dry_run else self._moved(pointers)
        return RollbackReceipt(self.store.location, previous, version, tuple(key for key in written if key))

    def _moved(self, pointers: tuple[Pointer, ...]) -> Iterator[str | None]:
        for pointer in pointers:
            yield move_pointer(self.store, pointer, self.store.get(pointer.key))

    def _planned(self, pointers: tuple[Pointer, ...]) -> Iterator[str | None]:
        for pointer in pointers:
            found = self.store.get(pointer.key)
            yield None if pointer.change(found.body if found is not None else None) is None else pointer.key

    def _manifest(self, program_id: str, version: str) -> bytes:
        key = self.keys.manifest_key(program_id, version)
        found = self.store.get(key)
        if found is None:
            raise PublishError(
                f"{program_id} {version} cannot be served from {self.store.location}: {key} is gone"
            )
        return found.body

    def _latest(self, program_id: str) -> str | None:
        found = self.store.get(self.keys.latest_manifest_key(program_id))
        return member_of(found.body, "version") if found is not None else None


def rules_name(store: ObjectStore, keys: Keys, program_id: str) -> list[str]:
    """The versions that rollout rules give to somebody, sorted; none when there are no rules that can be read."""
    try:
        return versions_in_rules(store, keys, program_id)
    except DocumentError:
        return []
