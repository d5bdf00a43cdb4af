"""Publish a laid out release into an object store, so that hosts see all of it or nothing.

First the files and the release record, then what vouches for them where versions are signed, then the pointers,
the one hosts read before the others. Until that one moves nobody is sent to the new version: killed at any point,
the previous release is served whole, and running it again goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace

from miniprogram.documents.conditional_write import Around, conditional_write
from miniprogram.errors import PublishError
from miniprogram.packages.bundle import Bundle
from miniprogram.packages.release_record import read_record
from miniprogram.publish.layouts.layout import Layout, LayoutFile, Pointer
from miniprogram.publish.layouts.packaging import is_of_package
from miniprogram.publish.packing import pack, packed_already, refuse_unsealing
from miniprogram.publish.provenance import planned_provenance, write_provenance
from miniprogram.publish.published_state import (
    PublishedState,
    inspect_published,
    is_below,
    older_refused,
    stored_keys,
)
from miniprogram.publish.signing import plan_signing, sign_version
from miniprogram.publish.version_writer import Overtaken, VersionWriter
from miniprogram.seams.object_store import ConditionCheckingStore, ObjectStore, StoredObject
from miniprogram.seams.publish_target import PackedVersion
from miniprogram.stores.backoff import Backoff


@dataclass(frozen=True, slots=True)
class Outcome:
    """Keys by what became of them, each sorted."""

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    served_before: str | None
    is_latest: bool
    """False only for a repeated publish of an older version: the higher one stays the latest."""
    published_at: str | None = None
    """When the version was published, ISO 8601 in UTC, if it was there already; None of a new one."""
    package: PackedVersion | None = None
    """The package beside the version. What is written of it stands there only."""

    @property
    def changed(self) -> bool:
        return bool(self.written or self.removed or (self.package is not None and self.package.written))

    def stays_latest(self, bundle: Bundle) -> str | None:
        """What to say when hosts go on getting a higher version than the one just published; else None."""
        if self.is_latest:
            return None
        return (
            f"{bundle.program_id} {self.served_before} stays the latest; it is higher. "
            f"`miniprogram rollback {bundle.version}` with the same target sends hosts to {bundle.version}."
        )


Permit = Callable[[], None]
"""Raises PublishError when a version may not be written."""


def _permit() -> None:
    """Anything may be written, unless somebody says otherwise."""


def publish_to_store(
    store: ObjectStore,
    layout: Layout,
    *,
    allow_older: bool = False,
    replace: bool = False,
    permit: Permit = _permit,
    around: Around = nullcontext,
) -> Outcome:
    """Store `layout` and point to it. Repeating it changes nothing and costs a few reads.

    `replace` lets other content take the place of a published version; only for places nobody loads from yet.
    `permit` is asked before a version's files are written, and raises when they may not be. `around` is what
    moving the first pointer happens in, if it has to move. Raises PublishError when the version
    is there with other content, is being written by somebody else with other content, or is below the one served;
    StoreError when the store fails. What was served before still is.
    """
    writer = VersionWriter(store, layout)
    published = _write_version(store, layout, writer, permit, allow_older=allow_older, replace=replace)
    signed = _vouch(store, layout, writer)
    moved = [key for key in _move_pointers(store, layout, published, around, allow_older=allow_older) if key]
    return _outcome(layout, published, [*writer.written, *signed, *moved], writer.removed, writer.packed)


def store_version(store: ObjectStore, layout: Layout, *, vouch: bool = True) -> tuple[str, ...]:
    """Store the version of `layout`, whole, and point nothing to it. The keys that were written.

    With `vouch` it is signed where versions are; without, only whether somebody could is found out. Raises what
    `publish_to_store` raises, but for a version below the one served, which this does not touch.
    """
    writer = VersionWriter(store, layout)
    if not vouch:
        plan_signing(store, layout)
    _write_version(store, layout, writer, _permit, allow_older=True, replace=False)
    return (*writer.written, *(_vouch(store, layout, writer) if vouch else ()))


def _vouch(store: ObjectStore, layout: Layout, writer: VersionWriter) -> list[str]:
    """Have the stored version signed, and what is said of how it was built beside it."""
    return [*sign_version(store, layout, is_new=bool(writer.written)), *write_provenance(store, layout)]


def _write_version(
    store: ObjectStore, layout: Layout, writer: VersionWriter, permit: Permit, *, allow_older: bool, replace: bool
) -> PublishedState:
    """Have the whole version in the store, whoever else publishes the same. How it stood before."""
    backoff = Backoff(layout.record_key)
    while True:
        published = inspect_published(store, layout, allow_older=allow_older, replace=replace)
        try:
            if not published.is_whole:
                refuse_unsealing(store, layout, published.served)
                permit()
                writer.write(published)
                return published
            writer.complete_package(published)
            if published.needs_filling or published.record is None:
                writer.refresh(published)
        except Overtaken:
            backoff.pause()
        else:
            return published


def plan_to_store(
    store: ObjectStore, layout: Layout, *, allow_older: bool = False, replace: bool = False
) -> Outcome:
    """What `publish_to_store` would do, without any object of the release. Raises what it would raise."""
    if isinstance(store, ConditionCheckingStore):
        store.require_conditions()
    plan_signing(store, layout)
    published = inspect_published(store, layout, allow_older=allow_older, replace=replace)
    written = [file.key for file in _doubtful(layout, published) if not _is_stored(store, file)]
    if not published.is_whole:
        refuse_unsealing(store, layout, published.served)
    if not published.is_whole or published.needs_filling or published.record is None:
        written.append(layout.record_key)
    written += planned_provenance(store, layout)
    for pointer in layout.pointers if published.moves else ():
        found = store.get(pointer.key)
        if pointer.change(found.body if found is not None else None) is not None:
            written.append(pointer.key)
    present = set() if published.is_whole else stored_keys(store, layout)
    packed, package = _planned_package(store, layout, published)
    written += package
    removed = present - {file.key for file in layout.files} - set(package)
    return _outcome(layout, published, written, removed, packed)


def _planned_package(
    store: ObjectStore, layout: Layout, published: PublishedState
) -> tuple[PackedVersion | None, list[str]]:
    """The package of the version, and the keys that would be written of it."""
    if layout.packaging is None:
        return None, []
    packed = packed_already(store, layout.packaging) if published.is_whole else None
    if packed is not None:
        return packed, []
    made = pack(store, layout.packaging, published.served)
    return made.sizes, [file.key for file in made.files]


def _doubtful(layout: Layout, published: PublishedState) -> Iterable[LayoutFile]:
    """Files that may not be stored as they should be."""
    if not published.is_whole:
        return layout.files
    return [file for file in layout.files if file.filled] if published.needs_filling else ()


def _is_stored(store: ObjectStore, file: LayoutFile) -> bool:
    found = store.get(file.key)
    return found is not None and found.body == file.body


def _move_pointers(
    store: ObjectStore, layout: Layout, published: PublishedState, around: Around, *, allow_older: bool
) -> Iterator[str | None]:
    if not published.moves:
        return
    leading, *others = layout.pointers

    def require_newest(found: StoredObject | None) -> None:
        if found is not published.leading:  # others wrote it meanwhile, perhaps to take this version away
            _require_recorded(store, layout)
        served = layout.served(found.body) if found is not None else None
        if is_below(layout.version, served) and not allow_older:
            raise older_refused(store, layout, served)

    yield move_pointer(store, leading, published.leading, require_newest, around)
    for pointer in others:
        yield move_pointer(store, pointer, store.get(pointer.key))


def _require_recorded(store: ObjectStore, layout: Layout) -> None:
    """Raises PublishError when the version is not there whole any more."""
    found = store.get(layout.record_key)
    record = read_record(found.body) if found is not None else None
    if record is None or not record.finished:
        raise PublishError(
            f"{layout.program_id} {layout.version} was taken away from {store.location} while it was published",
            hint="Publish it again.",
        )


def move_pointer(
    store: ObjectStore,
    pointer: Pointer,
    known: StoredObject | None,
    require: Callable[[StoredObject | None], None] = lambda _: None,
    around: Around = nullcontext,
) -> str | None:
    """Change one pointer, whatever others do to it meanwhile. Its key, or None when it is as it should be.

    `known` is what was read of it already. `require` looks at what is stored, and raises when it may not move.
    """

    def change(found: StoredObject | None) -> bytes | None:
        require(found)
        return pointer.change(found.body if found is not None else None)

    moved = conditional_write(
        store,
        pointer.key,
        change,
        check=pointer.check,
        known=known,
        around=around,
        **pointer.kind.headers(),
    )
    return pointer.key if moved else None


def _outcome(
    layout: Layout,
    published: PublishedState,
    written: Iterable[str],
    removed: Iterable[str],
    packed: PackedVersion | None,
) -> Outcome:
    keys = [*(file.key for file in layout.files), layout.record_key, *(pointer.key for pointer in layout.pointers)]
    package = {key for key in written if is_of_package(layout.keys, key)}
    done = set(written) - package
    record = read_record(published.record.body) if published.record is not None else None
    return Outcome(
        written=tuple(sorted(done)),
        unchanged=tuple(sorted(set(keys) - done)),
        removed=tuple(sorted(removed)),
        served_before=published.served,
        is_latest=published.moves,
        published_at=record.published_at if record is not None and published.is_whole else None,
        package=None if packed is None else replace(packed, written=tuple(sorted(package))),
    )
