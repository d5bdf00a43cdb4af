"""Write the immutable half of a release: claim the version, store its files, make the claim a release record.

A claim at the record's key says which content is being written. Whoever wants to write other content has to
replace the claim first, by compare-and-swap, and nobody overwrites or deletes a file without looking at the claim
once more after having read it. Whoever was overtaken between that look and the write (the file may have been as
it was for all that) sees it by a look afterwards, and puts back what was there, unless the winner wants the file
as it is now. So of two publishers with different content one wins, and no record describes bytes of the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from miniprogram.delivery.documents.kinds import ASSET, RELEASE_RECORD
from miniprogram.documents.conditional_write import conditional_delete, conditional_write
from miniprogram.errors import PreconditionFailed, PublishError
from miniprogram.packages.release_record import ReleaseRecord, read_record
from miniprogram.progress import counted
from miniprogram.publish.layouts.layout import Layout, LayoutFile
from miniprogram.publish.layouts.packaging import is_of_package
from miniprogram.publish.packing import pack, packed_already
from miniprogram.publish.published_state import PublishedState, other_content, stored_keys
from miniprogram.seams.object_store import ObjectStore, ReusingStore, StoredObject
from miniprogram.seams.publish_target import PackedVersion

STORING = "storing files"
"""What is going on, for whoever watches."""
Reuse = Callable[[LayoutFile], bool]
"""Stores a file without sending its bytes. False when that cannot be done, and nothing was."""


class Overtaken(PublishError):  # noqa: N818 - what happened, not what is wrong
    """Somebody else who publishes the very same content was faster. Looking again shows what is left to do."""


class VersionWriter:
    """One version on its way into a store. `written` and `removed` grow as it goes."""

    def __init__(self, store: ObjectStore, layout: Layout) -> None:
        self._store, self._layout = store, layout
        self._claim_body = layout.claim_body()
        self._reuse: Reuse = _nothing_reused
        self.written: list[str] = []
        self.removed: list[str] = []
        self.packed: PackedVersion | None = None
        """The package that is stored, once it is."""

    def write(self, published: PublishedState) -> None:
        """Store every file and the record. Raises PublishError when somebody else writes other content."""
        layout = self._layout
        package = self._pack(published)
        claim = self._claim(published)
        if published.record is not None and _digest_in(published.record.body) != layout.digest:
            # other content got this far once; without its manifest nobody loads a mixture
            self._remove(layout.files[-1].key)
        self._reuse = _reuse_from(self._store, layout, published.served)
        present = stored_keys(self._store, layout)
        *files, manifest = layout.files
        self._each(files, lambda file: self._write_file(file, is_there=file.key in present))
        for file in package:
            self._write_file(file, is_there=file.key in present)
        self._write_file(manifest, is_there=False)
        wanted = {file.key for file in (*layout.files, *package)}
        if self.packed is not None and not package:  # it was there already, all of it
            wanted |= {key for key in present if is_of_package(layout.keys, key)}
        for key in sorted(present - wanted):
            if self._remove(key):  # a leftover of a publish that never finished
                self.removed.append(key)
        self._finish(claim)

    def refresh(self, published: PublishedState) -> None:
        """The release is there: write its addresses anew, and the record if another tool wrote none."""
        found = published.record
        filled = [file for file in self._layout.files if file.filled]
        if published.needs_filling:
            self._each(filled, self._overwrite)
        record = read_record(found.body) if found is not None else None
        self._put_record(self._layout.record_body(record), found.etag if found is not None else None)
        self.written.append(self._layout.record_key)

    def complete_package(self, published: PublishedState) -> None:
        """The release is there: have its package beside it, which an older tool may not have made."""
        packaging = self._layout.packaging
        if packaging is None:
            return
        self.packed = packed_already(self._store, packaging)
        if self.packed is None:
            for file in self._pack(published):  # of this content, whoever writes it: no claim is needed
                self._overwrite(file)

    def _pack(self, published: PublishedState) -> tuple[LayoutFile, ...]:
        packaging = self._layout.packaging
        if packaging is None:
            return ()
        if packaging.sealed_for and _is_of(published, self._layout.digest):
            # a seal is another one every time: what an interrupted publish, or somebody else, sealed stays
            self.packed = packed_already(self._store, packaging)
            if self.packed is not None:
                return ()
        package = pack(self._store, packaging, published.served)
        self.packed = package.sizes
        return package.files

    def _claim(self, published: PublishedState) -> str:
        """The etag of a claim for this content, ours or one that an interrupted publish left."""
        found = published.record
        if found is not None and found.body == self._claim_body:
            return found.etag
        return self._put_record(self._claim_body, found.etag if found is not None else None)

    def _finish(self, claim: str) -> None:
        self._put_record(self._layout.record_body(), claim)
        self.written.append(self._layout.record_key)

    def _put_record(self, body: bytes, etag: str | None) -> str:
        try:
            return self._store.put(
                self._layout.record_key,
                body,
                **RELEASE_RECORD.headers(),
                if_match=etag,
                if_absent=etag is None,
            )
        except PreconditionFailed:
            raise self._disturbed(self._store.get(self._layout.record_key)) from None

    def _each(self, files: Sequence[LayoutFile], act: Callable[[LayoutFile], None]) -> None:
        if self._store.parallel_writes <= 1:
            for file in counted(files, STORING, len(files)):
                act(file)
            return
        with ThreadPoolExecutor(self._store.parallel_writes) as pool:
            # the first that fails ends it: map takes back those that wait
            for _ in counted(pool.map(act, files), STORING, len(files)):
                pass

    def _write_file(self, file: LayoutFile, *, is_there: bool) -> None:
        if is_there or not self._create(file):
            self._replace(file)

    def _create(self, file: LayoutFile) -> bool:
        """False when there is an object already."""
        if self._reuse(file):
            self.written.append(file.key)
            return True
        try:
            self._put(file, if_absent=True)
        except PreconditionFailed:
            return False
        return True

    def _replace(self, file: LayoutFile) -> None:
        """Put the file where something else may be, as long as the claim is ours."""

        before: StoredObject | None = None

        def change(found: StoredObject | None) -> bytes | None:
            nonlocal before
            before = found
            if found is not None and found.body == file.body:
                return None
            self._require_claim()  # only now: after the file was read
            return file.body

        replaced = conditional_write(
            self._store,
            file.key,
            change,
            check=lambda _: None,  # the bundle's bytes, checked when it was made
            **file.headers,
        )
        if not replaced:
            return
        self.written.append(file.key)
        ours = hashlib.sha256(file.body).hexdigest()
        self._hold_claim(before, file.body, is_wanted=lambda winner: winner.plain.get(file.path) == ours)

    def _remove(self, key: str) -> bool:
        """Delete what other content left at `key`, as long as the claim is ours. False when nothing is there."""
        before: StoredObject | None = None

        def look(found: StoredObject) -> None:
            nonlocal before
            before = found
            self._require_claim()

        if not conditional_delete(self._store, key, look):
            return False
        path = self._layout.keys.bundle_path(key)  # None of a package's file, of which no record tells
        self._hold_claim(before, None, is_wanted=lambda winner: path is not None and path not in winner.files)
        return True

    def _require_claim(self) -> None:
        claim = self._store.get(self._layout.record_key)
        if claim is None or claim.body != self._claim_body:
            raise self._disturbed(claim)

    def _hold_claim(
        self, before: StoredObject | None, ours: bytes | None, *, is_wanted: Callable[[ReleaseRecord], bool]
    ) -> None:
        """Look once more after a write of `ours`, None for a removal.

        Raises PublishError when it came too late; it is undone then, unless it `is_wanted` by the winner's record.
        """
        try:
            self._require_claim()
        except Overtaken:
            raise  # the winner's content is ours
        except PublishError:
            found = self._store.get(self._layout.record_key)
            winner = read_record(found.body) if found is not None else None
            if before is not None and not (winner is not None and is_wanted(winner)):
                self._put_back(before, ours)
            raise

    def _put_back(self, before: StoredObject, ours: bytes | None) -> None:
        """Undo a write, unless somebody has written over it since."""
        found = self._store.get(before.key)
        if (found.body if found is not None else None) != ours:
            return
        with suppress(PreconditionFailed):
            self._store.put(
                before.key,
                before.body,
                **ASSET.headers(before.key),  # those of any file of a version, by its extension
                if_match=found.etag if found is not None else None,
                if_absent=found is None,
            )

    def _overwrite(self, file: LayoutFile) -> None:
        found = self._store.get(file.key)
        if found is None or found.body != file.body:
            self._put(file)

    def _put(self, file: LayoutFile, *, if_absent: bool = False) -> None:
        self._store.put(file.key, file.body, **file.headers, if_absent=if_absent)
        self.written.append(file.key)

    def _disturbed(self, found: StoredObject | None) -> PublishError:
        """Why this publish lost the version to whoever wrote `found`, its claim or release record."""
        name, where = f"{self._layout.program_id} {self._layout.version}", self._store.location
        record = read_record(found.body) if found is not None else None
        if record is not None and record.digest == self._layout.digest:
            return Overtaken(f"others are publishing {name} to {where} all the time")
        if record is None:
            return PublishError(
                f"somebody else is publishing {name} to {where}", hint="Run again when that publish is done."
            )
        if record.finished:
            return other_content(self._store, self._layout)
        return PublishError(
            f"somebody else is publishing {name} to {where} with other content, and a version has one content",
            hint="Once that publish is done, raise the version in manifest.json; if it was given up, run again.",
        )


def _is_of(published: PublishedState, digest: str) -> bool:
    """Whether what is there was written of this very content, if only in part."""
    return published.record is not None and _digest_in(published.record.body) == digest


def _digest_in(record: bytes) -> str | None:
    found = read_record(record)
    return found.digest if found is not None else None


def _nothing_reused(_: LayoutFile) -> bool:
    return False


def _reuse_from(store: ObjectStore, layout: Layout, served: str | None) -> Reuse:
    """Gives a file the bytes that the served version holds already, if they are the same and the store can."""
    if served is None or not isinstance(store, ReusingStore):
        return _nothing_reused
    found = store.get(layout.keys.release_record_key(layout.program_id, served))
    record = read_record(found.body) if found is not None else None
    plain = record.plain if record is not None else {}

    def reuse(file: LayoutFile) -> bool:
        if plain.get(file.path) != file.sha256:
            return False
        source = layout.keys.bundle_file_key(layout.program_id, served, file.path)
        return store.reuse(file.key, file.body, source=source)

    return reuse
