"""From submitted forms to the arguments of release verbs: one reader per argument, whatever verb takes it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from miniprogram.releases.arguments import Arguments, parse_arguments
from miniprogram.releases.percentages import basis_points_of
from miniprogram.releases.verbs import Verb
from miniprogram_server.admin.framework.id_uploads import uploaded_ids
from miniprogram_server.console.forms.audience_builder import tree_in
from miniprogram_server.console.forms.form import Form
from miniprogram_server.console.forms.problems import at

_between_ids = re.compile(r"[\s,;]+").split

Members = dict[str, Any]


def arguments_in(verb: Verb, form: Form) -> Arguments:
    """What the form of a verb says. Raises Unacceptable naming the field."""
    fields = verb.arguments.model_fields
    said = {name: _READERS[name](form) for name in fields}
    # a blank is a null where that is allowed, and a missing field where it is not
    given = {name: value for name, value in said.items() if value is not None or not fields[name].is_required()}
    return parse_arguments(verb.name, given)


def _upgrade(form: Form) -> Members:
    upgrade = {"mode": form.one("upgrade") or "silent", "network": form.one("network") or "any"}
    minimum = form.one("minimum_version")
    return {**upgrade, "minimumVersion": minimum} if minimum else upgrade


def _window(form: Form) -> Members | None:
    start, end, users = (form.one(name) for name in ("window_start", "window_end", "window_users"))
    if not (start or end or users):
        return None
    most = (
        int(users) if users.isascii() and users.isdigit() and len(users) < 20 else users
    )  # the model says why not
    return {"start": start, "end": end, "maxUsers": most, "onEnd": form.one("window_on_end") or "stop"}


def _basis_points(form: Form) -> int | None:
    """None for a blank: then a time window alone decides, or the guard says that there is none."""
    if not form.one("percent"):
        return None
    with at("percent"):
        return basis_points_of(form.one("percent"), what="the share")


def named_testers(form: Form) -> list[str]:
    """Pasted ids, and those of a file: one a line, or the first column of a table."""
    pasted = [
        text for each in (*form.many("testers"), *form.many("others")) for text in _between_ids(each) if text
    ]
    file = form.files.get("file")
    if file is None or not file.size:
        return pasted
    file.content.seek(0)
    with at("file"), uploaded_ids(file.content, is_csv=file.name.lower().endswith(".csv")) as ids:
        return [*pasted, *ids]


def _audience(form: Form) -> dict[str, Any] | None:
    with at("audience"):
        return tree_in(form)


_READERS: dict[str, Callable[[Form], Any]] = {
    "reason": lambda form: form.one("reason") or None,
    "kind": lambda form: form.one("kind") or "official",
    "testers": named_testers,
    "basis_points": _basis_points,
    "final": lambda form: form.one("final") == "yes",
    "destination": lambda form: form.one("to") or None,
    "seen": lambda form: form.one("seen") or None,
    "seen_digest": lambda form: form.one("seen_digest") or None,
    "title": lambda form: form.one("title"),
    "description": lambda form: form.one("description"),
    "server_domains": lambda form: form.lines("server_domains"),
    "webview_domains": lambda form: form.lines("webview_domains"),
    "upgrade": _upgrade,
    "audience": _audience,
    "window": _window,
}
"""By field of the argument models. A page that shows a release's configuration says everything it shows."""
