"""Segments: lists of ids, imported whole, and patterns."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from miniprogram.models import Flag, FrozenModel
from miniprogram.releases.commands.segments import (
    SegmentList,
    SegmentView,
    change_ids,
    list_segments,
    put_ids,
    put_patterns,
    remove_segment,
    show_segment,
)
from miniprogram.releases.model.segments import Segment
from miniprogram_server.admin.framework.changes import change_of
from miniprogram_server.admin.framework.id_uploads import uploaded_ids
from miniprogram_server.admin.framework.operation import ANYBODY, Call, Operation

SEGMENTS_PATH = "/programs/{programId}/segments"
SEGMENT = SEGMENTS_PATH + "/{segment}"
WHO = "developer or operator"


class AskedId(FrozenModel):
    """`contains`: an id to look for."""

    contains: str | None = Field(default=None, min_length=1, max_length=256)


class ImportOptions(FrozenModel):
    """How the list is to be read. With `column` it is CSV."""

    column: str | None = Field(default=None, min_length=1, max_length=128)
    ignore_case: bool = False


class Patterns(FrozenModel):
    """Regular expressions that cannot run without end."""

    patterns: tuple[str, ...] = Field(min_length=1, max_length=1_000)
    ignore_case: Flag = False


class ChangedIds(FrozenModel):
    """Ids to put into a list, and others to take out of it."""

    add: tuple[Annotated[str, Field(min_length=1, max_length=256)], ...] = Field(default=(), max_length=10_000)
    remove: tuple[Annotated[str, Field(min_length=1, max_length=256)], ...] = Field(default=(), max_length=10_000)


def _list(call: Call) -> BaseModel:
    return list_segments(call.context.storage, call.program_id)


def _show(call: Call) -> BaseModel:
    context, name = call.context, call.names["segment"]
    return show_segment(context.storage, call.program_id, name, asked=call.query.contains, reader=context.actor)


def _import(call: Call) -> BaseModel:
    options: ImportOptions = call.query
    with uploaded_ids(call.body.content, is_csv=options.column is not None, column=options.column) as ids:
        return put_ids(call.context, call.program_id, call.names["segment"], ids, ignore_case=options.ignore_case)


def _patterns(call: Call) -> BaseModel:
    wanted: Patterns = call.body
    name = call.names["segment"]
    return put_patterns(call.context, call.program_id, name, wanted.patterns, ignore_case=wanted.ignore_case)


def _change(call: Call) -> BaseModel:
    wanted: ChangedIds = call.body
    name = call.names["segment"]
    return change_ids(call.context, call.program_id, name, add=wanted.add, remove=wanted.remove)


def _remove(call: Call) -> BaseModel:
    return remove_segment(call.context, call.program_id, call.names["segment"])


SEGMENTS: tuple[Operation, ...] = (
    Operation(
        "GET", SEGMENTS_PATH, "SegmentList", "Segments", "Lists that audiences ask", ANYBODY, _list, SegmentList
    ),
    Operation(
        "GET",
        SEGMENT,
        "SegmentShow",
        "Segments",
        "One list, and whether an id is in it",
        ANYBODY,
        _show,
        SegmentView,
        query=AskedId,
    ),
    Operation(
        "PUT",
        SEGMENT + "/ids",
        "SegmentImport",
        "Segments",
        "Make a list of ids the next version",
        WHO,
        _import,
        change_of(Segment),
        takes_text=True,
        query=ImportOptions,
        guarded=True,
    ),
    Operation(
        "POST",
        SEGMENT + "/ids",
        "SegmentChange",
        "Segments",
        "Put ids into a list, and take others out of it",
        WHO,
        _change,
        change_of(Segment),
        body=ChangedIds,
        guarded=True,
    ),
    Operation(
        "PUT",
        SEGMENT + "/patterns",
        "SegmentPatterns",
        "Segments",
        "Make patterns the next version",
        WHO,
        _patterns,
        change_of(Segment),
        body=Patterns,
        guarded=True,
    ),
    Operation(
        "DELETE",
        SEGMENT,
        "SegmentRemove",
        "Segments",
        "Take a list away that nothing asks",
        WHO,
        _remove,
        change_of(Segment),
        guarded=True,
    ),
)
