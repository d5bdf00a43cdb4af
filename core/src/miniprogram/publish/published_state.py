"""How a release stands to what a store already has: new, half written, there, or in conflict."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from miniprogram.delivery.evaluation.versions.semver import Version
from miniprogram.errors import PublishError
from miniprogram.packages.release_record import ReleaseRecord, read_record
from miniprogram.publish.layouts.layout import Layout
from miniprogram.seams.object_store import ObjectStore, StoredObject


class Content(Enum):
    """What is stored under a version: nothing or less than all of it, this very content, or another."""

    PART = "part"
    SAME = "same"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PublishedState:
    """What was found. Two reads at most when the release is there already."""

    record: StoredObject | None
    """The release record or the claim, as stored."""
    is_whole: bool
    """Whether this very release is there, every file of it."""
    needs_filling: bool
    """Whether its screens, if it is there, hold other addresses than they should now."""
    leading: StoredObject | None
    """The first pointer."""
    served: str | None
    """The version it names."""
    moves: bool
    """Whether it is to name this version. False only for a repeated publish of an older one."""


def inspect_published(store: ObjectStore, layout: Layout, *, allow_older: bool, replace: bool) -> PublishedState:
    """Look before writing.

    Raises PublishError when the version is there with other content, unless `replace`, and when it is new and
    below the one that is served, unless `allow_older`.
    """
    # before the record: who takes old versions away writes the pointer anew once their records are claimed
    leading = store.get(layout.pointers[0].key)
    found = store.get(layout.record_key)
    record = read_record(found.body) if found is not None else None
    content = _content(store, layout, record, recorded=found is not None)
    if content is Content.OTHER and not replace:
        raise other_content(store, layout)
    is_whole = content is Content.SAME
    served = layout.served(leading.body) if leading is not None else None
    moves = allow_older or not is_below(layout.version, served)
    if not moves and not is_whole:
        raise older_refused(store, layout, served)
    needs_filling = layout.is_filled and not (record and record.assets_url == layout.assets_url)
    return PublishedState(found, is_whole, needs_filling, leading, served, moves)


def is_below(version: str, served: str | None) -> bool:
    """Whether hosts that get `served` would go back with `version`. One that cannot be parsed never says no."""
    try:
        return served is not None and Version.parse(version) < Version.parse(served)
    except ValueError:
        return False


def other_content(store: ObjectStore, layout: Layout) -> PublishError:
    """The error for a version that is there with other content."""
    example = _for_example(layout.version)
    return PublishError(
        f"{layout.program_id} {layout.version} is already published in {store.location} with other content",
        hint=f"A published version never changes: raise the version in manifest.json{example}.",
    )


def older_refused(store: ObjectStore, layout: Layout, served: str | None) -> PublishError:
    name = layout.program_id
    return PublishError(
        f"{store.location} serves {name} {served}; publishing {layout.version} would take hosts back",
        hint="Raise the version in manifest.json, or publish this one after all with --allow-older. "
        "`miniprogram rollback` goes back to a version that is there.",
    )


def _content(store: ObjectStore, layout: Layout, record: ReleaseRecord | None, *, recorded: bool) -> Content:
    """What is there under this version."""
    if record is not None and not record.finished:
        return Content.PART
    if record is not None and record.digest is not None:
        if record.digest != layout.digest:
            return Content.OTHER if _has_manifest(store, layout) else Content.PART
        return Content.SAME if layout.trusts_records or _has_all(store, layout) else Content.PART
    if recorded or _has_manifest(store, layout):
        # another tool, or a person, put it there without a digest: the bytes have to tell
        same = all(_holds(store, file.key, file.body) for file in layout.files)
        return Content.SAME if same else Content.OTHER
    return Content.PART


def _has_manifest(store: ObjectStore, layout: Layout) -> bool:
    return store.get(layout.files[-1].key) is not None


def _has_all(store: ObjectStore, layout: Layout) -> bool:
    return _has_manifest(store, layout) and {file.key for file in layout.files[:-1]} <= stored_keys(store, layout)


def stored_keys(store: ObjectStore, layout: Layout) -> set[str]:
    """What lies where only files of this version may."""
    return {info.key for prefix in layout.owned for info in store.list(prefix)}


def _holds(store: ObjectStore, key: str, body: bytes) -> bool:
    found = store.get(key)
    return found is not None and found.body == body


def _for_example(version: str) -> str:
    """The next version as a suggestion; nothing for a version the library reads differently."""
    import semver  # deferred: only a refusal needs it

    try:
        return f", for example to {semver.Version.parse(version).bump_patch()}"
    except ValueError:
        return ""
