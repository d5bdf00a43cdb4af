"""Segments of a program: lists of ids that audiences ask, imported, changed by some ids, asked, written out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

from miniprogram.identity.roles import DEVELOPER_OR_OPERATOR
from miniprogram.refusals import Unacceptable
from miniprogram.releases.commands.segments import (
    SegmentView,
    change_ids,
    put_ids,
    put_patterns,
    remove_segment,
    show_segment,
    users_of,
)
from miniprogram_server.admin.framework.id_uploads import uploaded_ids
from miniprogram_server.console.forms.form import Form
from miniprogram_server.console.forms.problems import at
from miniprogram_server.console.lists.list_page import Filter, ListSpec, asked_of, holds
from miniprogram_server.console.page_request import Download, Page, PageRequest, Redirect, program_url
from miniprogram_server.console.views.documents import document_of

KINDS = (("ids", "ids"), ("regex", "patterns"))
SPEC = ListSpec(
    "Name",
    (Filter("kind", "Made of", KINDS), Filter("used", "Used", (("yes", "yes"), ("no", "by nothing")))),
)
NAMES_OFFERED = 200


def show_segments(request: PageRequest) -> Page:
    document = document_of(request)
    asked = asked_of(SPEC, _path(request), request.query)
    kind, used = asked.asked("kind"), asked.asked("used")
    found = [
        each
        for each in document.segments
        if holds(asked.search, each.name)
        and kind in ("", each.kind)
        and (not used or any(users_of(document, each.name)) == (used == "yes"))
    ]
    asked = asked.of(len(found))
    members = {
        "section": "Programs",
        "program_id": request.program_id,
        "path": _path(request),
        "revision": document.revision,
        "list": asked,
        "segments": asked.cut(found),
        "names": [each.name for each in document.segments[:NAMES_OFFERED]],
        "wanted": request.query.get("name", ""),
        "may_change": request.context.actor.has(DEVELOPER_OR_OPERATOR, None, request.program_id),
    }
    return Page("segments.html", members)


def show_one_segment(request: PageRequest) -> Page:
    """What is known of a list, who asks it, whether an id is in it, and the forms that change it."""
    view = _view(request)
    members = {
        "section": "Programs",
        "program_id": request.program_id,
        "path": _path(request),
        "here": f"{_path(request)}/{view.segment.name}/ids",
        "below": f"{_path(request)}/{view.segment.name}",
        "revision": view.revision,
        "segment": view.segment,
        "found": view,
        "used_by": view.used_by,
        "may_change": request.context.actor.has(DEVELOPER_OR_OPERATOR, None, request.program_id),
    }
    return Page("segment.html", members)


def ask_segment(request: PageRequest) -> Page:
    """Only the answer for a script, else the page of the list with the answer on it."""
    if not request.wants_part:
        return show_one_segment(request)
    return Page("contains.html", {"found": _view(request)})


def import_segment(request: PageRequest) -> Redirect:
    """Make the file, or the pasted text, the next version of a list."""
    form, name = request.form, request.form.one("name")
    if form.one("kind") == "patterns":
        return _import_patterns(request)
    ignore_case = form.one("ignore_case") == "yes"
    with _ids_in(form, "ids") as ids:
        counted = _Counted(ids)
        report = put_ids(request.guarded_context(), request.program_id, name, counted, ignore_case=ignore_case)
    count = report.subject["count"]
    request.session.tell("good", f"{name} has {count:,} ids now.")
    if counted.number > count:
        request.session.tell(
            "warn", f"{counted.number - count:,} of the {counted.number:,} ids came twice or more."
        )
    return Redirect(_path(request))


def change_segment(request: PageRequest) -> Redirect:
    """Put the ids of the form into a list, or take them out of it."""
    form, name = request.form, request.names["segment"]
    removes = form.one("what") == "remove"
    before = _view(request).segment.count
    with _ids_in(form, "ids") as ids:
        named = list(ids)
        context, program_id = request.guarded_context(), request.program_id
        report = change_ids(context, program_id, name, **{"remove" if removes else "add": named})
    made = abs(report.subject["count"] - before)
    words = "taken out" if removes else "put in"
    request.session.tell("good", f"{name} has {report.subject['count']:,} ids now: {made:,} {words}.")
    if len(named) > made:
        why = "were not in it" if removes else "were in it already"
        request.session.tell(
            "warn", f"{len(named) - made:,} of the {len(named):,} ids {why}, or were named twice."
        )
    return Redirect(f"{_path(request)}/{name}/ids")


def drop_segment(request: PageRequest) -> Redirect:
    remove_segment(request.guarded_context(), request.program_id, request.form.one("name"))
    request.session.tell("good", f"{request.form.one('name')} is gone.")
    return Redirect(_path(request))


def export_patterns(request: PageRequest) -> Download:
    """The patterns of a list, one a line. Lists of ids hold digests, from which nobody can make ids."""
    segment = _view(request).segment
    if segment.kind != "regex":
        raise Unacceptable(f"{segment.name} holds digests of ids, not the ids: they cannot be written out")
    body = "".join(f"{each}\n" for each in segment.patterns).encode()
    return Download(f"{request.program_id}-{segment.name}.txt", body, "text/plain; charset=utf-8")


class _Counted:
    """Ids, and how many came."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._ids = ids
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        for each in self._ids:
            self.number += 1
            yield each


def _import_patterns(request: PageRequest) -> Redirect:
    form, name = request.form, request.form.one("name")
    ignore_case = form.one("ignore_case") == "yes"
    with at("ids"):
        put_patterns(
            request.guarded_context(), request.program_id, name, form.lines("ids"), ignore_case=ignore_case
        )
    request.session.tell("good", f"{name} has {len(form.lines('ids')):,} patterns now.")
    return Redirect(_path(request))


def _ids_in(form: Form, field: str) -> Any:
    """The ids of the form's file, else those that were pasted. Raises Unacceptable where there are neither."""
    file, column = form.files.get("file"), form.one("column") or None
    has_file = file is not None and bool(file.size)
    if not has_file and not form.one(field):
        raise Unacceptable("neither a file nor ids were given", member=(field,))
    content = file.content if file is not None and has_file else BytesIO(form.one(field).encode())
    is_csv = column is not None or (has_file and file is not None and file.name.lower().endswith(".csv"))
    return uploaded_ids(content, is_csv=is_csv, column=column)


def _view(request: PageRequest) -> SegmentView:
    asked = request.query.get("id", "").strip() or None
    context, name = request.context, request.names["segment"]
    return show_segment(context.storage, request.program_id, name, asked=asked, reader=context.actor)


def _path(request: PageRequest) -> str:
    return f"{program_url(request.program_id)}/segments"
