"""Segments: made of ids or patterns, replaced by new versions, asked about, removed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from pydantic import ValidationError

from miniprogram.delivery.documents.kinds import SEGMENT_IDS
from miniprogram.delivery.evaluation.conditions.id_list import write_id_list
from miniprogram.delivery.evaluation.conditions.patterns import compile_pattern
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.errors import PreconditionFailed
from miniprogram.identity.change_report import ChangeReport
from miniprogram.identity.command_context import CommandContext, require_role
from miniprogram.identity.roles import DEVELOPER_OR_OPERATOR, Actor
from miniprogram.models import FrozenModel
from miniprogram.names import check_name
from miniprogram.refusals import NotFound, Refused, Unacceptable, unacceptable
from miniprogram.releases.changes import change_program
from miniprogram.releases.commands.id_files import MAX_ID_CHARACTERS
from miniprogram.releases.model.configuration import segments_in
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.model.segments import Segment
from miniprogram.releases.queries.readable import readable_document
from miniprogram.releases.storage.id_lists import read_changed, read_list
from miniprogram.releases.storage.release_documents import releases_of, require_releases


class SegmentList(FrozenModel):
    """The segments of a mini-program, by name."""

    schema_version: int = 1
    command: str = "segment list"
    environment_name: str
    mini_program_id: str
    revision: int
    segments: tuple[Segment, ...]


class SegmentView(FrozenModel):
    """One segment. `contains` answers for the id that was asked about, and `because` says why.

    `used_by` names releases and switches.
    """

    schema_version: int = 1
    command: str = "segment show"
    environment_name: str
    mini_program_id: str
    revision: int
    segment: Segment
    used_by: tuple[str, ...]
    asked: str | None = None
    contains: bool | None = None
    because: str | None = None


def put_ids(
    context: CommandContext,
    program_id: str,
    name: str,
    ids: Iterable[str],
    *,
    ignore_case: bool = False,
    create: bool = False,
) -> ChangeReport:
    """Make `ids` the segment's next version; with `create` it must be a new one.

    The list is stored first, under a key of its own, then the document names it. Raises Unacceptable for an id
    that cannot be one.
    """
    documents = releases_of(context.storage, program_id)
    require_role(context, DEVELOPER_OR_OPERATOR, "segment import", program_id=program_id)
    check_name("segment", name)
    body, count = _list_of(ids, ignore_case=ignore_case)
    document = documents.read()
    _must_be_new(document, name, create=create)
    version = _store_list(context.storage, program_id, name, body, document)
    key = context.storage.keys.relative_segment_key(program_id, name, version)
    segment = Segment(
        name=name, version=version, kind="ids", key=key, case_insensitive=ignore_case, count=count,
        updated_by=context.actor.name, updated_at=context.stamp,
    )  # fmt: skip
    command = "segment create" if create else "segment import"
    return _put(context, program_id, segment, command, create=create)


def put_patterns(
    context: CommandContext,
    program_id: str,
    name: str,
    patterns: Iterable[str],
    *,
    ignore_case: bool = False,
    create: bool = False,
) -> ChangeReport:
    """Make regular expressions the next version. Raises Unacceptable for one that may run without end."""
    check_name("segment", name)
    texts = tuple(dict.fromkeys(patterns))
    for text in texts:
        try:
            compile_pattern(text, ignore_case=ignore_case)
        except ValueError as error:
            raise Unacceptable(f"the pattern {text!r}: {error}") from None
    before = (document := releases_of(context.storage, program_id).read()) and document.segment(name)
    version = before.version + 1 if before else 1
    try:
        segment = Segment(
            name=name, version=version, kind="regex", patterns=texts, case_insensitive=ignore_case,
            count=len(texts), updated_by=context.actor.name, updated_at=context.stamp,
        )  # fmt: skip
    except ValidationError as error:
        raise unacceptable(error) from None
    return _put(context, program_id, segment, "segment create" if create else "segment import", create=create)


def change_ids(
    context: CommandContext, program_id: str, name: str, *, add: Iterable[str] = (), remove: Iterable[str] = ()
) -> ChangeReport:
    """Make the next version of a list of ids: with ids more and others less, whatever the others are.

    What is added and removed at once is added. Raises Refused for patterns, and when nothing would change.
    """
    require_role(context, DEVELOPER_OR_OPERATOR, "segment change", program_id=program_id)
    document = require_releases(context.storage, program_id)
    segment = _existing(document, name)
    if segment.key is None:
        hint = "Import its patterns again."
        raise Refused("segment_of_ids", f"{name!r} is made of patterns, which are no ids", hint=hint)
    clean = partial(_clean, ignore_case=segment.case_insensitive)
    added = set(clean(add))
    body, new, gone = read_changed(
        context.storage, segment.key, add=added, remove=(each for each in clean(remove) if each not in added)
    )
    if not new and not gone:
        message = f"{name!r} stays as it is: the ids to add are in it, those to remove are not"
        raise Refused("segment_changes", message)
    version = _store_list(context.storage, program_id, name, body, document)
    members = {
        "version": version,
        "key": context.storage.keys.relative_segment_key(program_id, name, version),
        "count": segment.count + new - gone,
        "updated_by": context.actor.name,
        "updated_at": context.stamp,
    }
    changed = segment.model_copy(update=members)
    details = {"added": new, "removed": gone}
    return _put(context, program_id, changed, "segment change", create=False, details=details)


def list_segments(storage: EnvironmentStorage, program_id: str) -> SegmentList:
    """All segments of a mini-program."""
    document = require_releases(storage, program_id)
    return SegmentList(
        environment_name=storage.environment,
        mini_program_id=program_id,
        revision=document.revision,
        segments=document.segments,
    )


def show_segment(
    storage: EnvironmentStorage,
    program_id: str,
    name: str,
    *,
    asked: str | None = None,
    reader: Actor | None = None,
) -> SegmentView:
    """One segment, who uses it, and whether `asked` is in it. Lists hold digests: ids cannot be shown.

    With a `reader` only users of it that they have a role for.
    """
    document = require_releases(storage, program_id)
    segment = _existing(document, name)
    contains, because = (None, None) if asked is None else _membership(storage, segment, asked)
    return SegmentView(
        environment_name=storage.environment,
        mini_program_id=program_id,
        revision=document.revision,
        segment=segment,
        used_by=tuple(users_of(readable_document(document, reader), name)),
        asked=asked,
        contains=contains,
        because=because,
    )


def remove_segment(context: CommandContext, program_id: str, name: str) -> ChangeReport:
    """Take a segment away. Raises Refused while something asks it."""

    def remove(document: ReleaseDocument) -> tuple[ReleaseDocument, Segment]:
        segment = _existing(document, name)
        users = list(users_of(document, name))
        if users:
            raise Refused("segment_in_use", f"the segment {name!r} is used by {', '.join(users)}")
        others = tuple(each for each in document.segments if each.name != name)
        return document.model_copy(update={"segments": others}), segment

    return change_program(context, program_id, "segment remove", remove, subject=name, roles=DEVELOPER_OR_OPERATOR)


def users_of(document: ReleaseDocument, name: str) -> Iterator[str]:
    """What asks the segment `name`, for people."""
    for release in document.releases:
        if name in segments_in(release.configuration.audience):
            yield f"release {release.label}"
    for override in document.overrides:
        if name in segments_in(override.audience):
            yield f"{override.kind} {override.id}"
    for switch in document.switches:
        if any(name in segments_in(rule.audience) for rule in switch.rules):
            yield f"switch {switch.key}"


def _membership(storage: EnvironmentStorage, segment: Segment, text: str) -> tuple[bool, str]:
    """Whether `text` is in the segment, and why."""
    letters = "capital and small letters are the same" if segment.case_insensitive else "capital letters count"
    if segment.kind == "regex":
        for pattern in segment.patterns:
            if compile_pattern(pattern, ignore_case=segment.case_insensitive)(text):
                return True, f"the pattern {pattern!r} matches it; {letters}"
        return False, f"none of its {segment.count:,} patterns matches it; {letters}"
    assert segment.key is not None  # noqa: S101 - the model says so
    wanted = text.lower() if segment.case_insensitive else text
    if wanted in read_list(storage, segment.key):
        return True, f"it is one of the {segment.count:,} ids of version {segment.version}; {letters}"
    return False, f"it is none of the {segment.count:,} ids of version {segment.version}; {letters}"


def _put(
    context: CommandContext,
    program_id: str,
    segment: Segment,
    command: str,
    *,
    create: bool,
    details: dict[str, int] | None = None,
) -> ChangeReport:
    def put(document: ReleaseDocument) -> tuple[ReleaseDocument, Segment]:
        _must_be_new(document, segment.name, create=create)
        before = document.segment(segment.name)
        if before is not None and before.version >= segment.version:
            raise Refused("segment_unchanged", f"the segment {segment.name!r} was changed meanwhile; repeat")
        others = [each for each in document.segments if each.name != segment.name]
        merged = sorted([*others, segment], key=lambda each: each.name)
        return document.model_copy(update={"segments": tuple(merged)}), segment

    told = {"kind": segment.kind, "count": segment.count, "version": segment.version, **(details or {})}
    return change_program(
        context, program_id, command, put, subject=segment.name, roles=DEVELOPER_OR_OPERATOR, details=told
    )


def _must_be_new(document: ReleaseDocument | None, name: str, *, create: bool) -> None:
    if create and document is not None and document.segment(name) is not None:
        hint = "Give it other ids with `segment import`."
        raise Refused("segment_is_new", f"there is a segment {name!r} already", hint=hint)


def _list_of(ids: Iterable[str], *, ignore_case: bool) -> tuple[bytes, int]:
    """The file of digests, and how many ids it stands for."""
    with tempfile.TemporaryDirectory(prefix="miniprogram-segment-") as folder:
        path = Path(folder) / "list.ids"
        count = write_id_list(str(path), _clean(ids, ignore_case=ignore_case))
        return path.read_bytes(), count


def _clean(ids: Iterable[str], *, ignore_case: bool) -> Iterator[str]:
    for position, raw in enumerate(ids, 1):
        text = raw.strip()
        if not text:
            continue
        if len(text) > MAX_ID_CHARACTERS or not text.isprintable():
            raise Unacceptable(
                f"id {position} ({text[:40]!r}) is longer than {MAX_ID_CHARACTERS} or cannot be printed"
            )
        yield text.lower() if ignore_case else text


def _store_list(
    storage: EnvironmentStorage, program_id: str, name: str, body: bytes, document: ReleaseDocument | None
) -> int:
    """Put the list under the first free key: others may be making a version at this moment."""
    before = document.segment(name) if document else None
    version = before.version if before else 0
    while True:
        version += 1
        key = storage.keys.key(SEGMENT_IDS, program_id, name, version)
        try:
            storage.store.put(key, body, **SEGMENT_IDS.headers(), if_absent=True)
        except PreconditionFailed:
            continue
        return version


def _existing(document: ReleaseDocument, name: str) -> Segment:
    segment = document.segment(name)
    if segment is None:
        known = ", ".join(each.name for each in document.segments) or "none"
        raise NotFound(f"there is no segment {name!r}; known: {known}")
    return segment
