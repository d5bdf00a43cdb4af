"""Store what is said of how a version was built, beside it and before anything points to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from miniprogram.attestations.build import Build
from miniprogram.delivery.documents.kinds import PROVENANCE
from miniprogram.documents.conditional_write import conditional_write
from miniprogram.errors import DocumentError
from miniprogram.packages.bundle import Bundle
from miniprogram.seams.object_store import ObjectStore, StoredObject
from miniprogram.seams.signing_key import SigningKey
from miniprogram.strict_json import parse_json, require_object

if TYPE_CHECKING:
    from miniprogram.publish.layouts.layout import Layout

REFUSED = "Targets that demand provenance refuse it."
SHOWN = 12
"""Characters of a commit or a key id that people are shown."""


def statement_maker(bundle: Bundle, build: Build, keys: Sequence[SigningKey]) -> Callable[[], bytes]:
    """What makes the signed statement on how `bundle` was built. Keys are asked only when it is called."""

    def make() -> bytes:
        from miniprogram.attestations.provenance import provenance_of  # deferred: brings models

        return provenance_of(bundle, build, keys)

    return make


def told(build: Build, keys: Sequence[SigningKey]) -> str:
    """What the statement says, for the person who publishes."""
    signed = f", signed with {', '.join(key.name for key in keys)}"
    source = build.source
    if source is None:
        return (
            f"Provenance names no commit: git knows none here{signed}. Targets that demand provenance refuse it."
        )
    commit = f"Provenance names commit {source.commit[:SHOWN]}"
    if source.dirty:
        return f"{commit} and changes that are not committed{signed}. {REFUSED}"
    return f"{commit}{signed}."


def write_provenance(store: ObjectStore, layout: Layout) -> tuple[str, ...]:
    """Have the statement of `layout` beside its version, which is stored whole. The keys that were written.

    One that says the same, but for the time, stays.
    """
    if layout.provenance is None:
        return ()
    key, wanted = _key(layout), layout.provenance()

    def change(found: StoredObject | None) -> bytes | None:
        return None if found is not None and _says_the_same(found.body, wanted) else wanted

    written = conditional_write(
        store, key, change, check=lambda body: _said(body) and None, **PROVENANCE.headers()
    )
    return (key,) if written else ()


def planned_provenance(store: ObjectStore, layout: Layout) -> tuple[str, ...]:
    """What `write_provenance` would write. Keys sign nothing that is stored."""
    if layout.provenance is None:
        return ()
    found = store.get(_key(layout))
    same = found is not None and _says_the_same(found.body, layout.provenance())
    return () if same else (_key(layout),)


def _key(layout: Layout) -> str:
    return layout.keys.key(PROVENANCE, layout.program_id, layout.version)


def _says_the_same(stored: bytes, wanted: bytes) -> bool:
    try:
        return _said(stored) == _said(wanted)
    except DocumentError:
        return False


def _said(body: bytes) -> tuple[Any, Any]:
    """The statement without its times, and who signed it."""
    from miniprogram.attestations.envelope import peek
    from miniprogram.attestations.provenance import PAYLOAD_TYPE

    name = "the stored provenance"
    statement = require_object(parse_json(peek(body, PAYLOAD_TYPE, name=name), name=name), name=name)
    predicate = statement.get("predicate")
    details = predicate.get("runDetails") if isinstance(predicate, dict) else None
    if isinstance(details, dict):
        details.pop("metadata", None)
    signers = require_object(parse_json(body, name=name), name=name)["signatures"]
    return statement, sorted(each["keyid"] for each in signers)
