"""Rules of `{{…}}` bindings to backend answers, list items and the signed-in user.

Other placeholders are variables of `setValue` or of a response template, filled in by Stac itself: they may
come from another screen, so nothing is said about them.
"""

from __future__ import annotations

import re

from miniprogram.stac.catalog import load_catalog
from miniprogram.stac.checks.run import Run, quote
from miniprogram.stac.checks.scope import ANY_BINDING, Scope
from miniprogram.stac.json_path import JsonPath

_BINDING = re.compile(r"\{\{([^{}]*)\}\}")  # linear in the text, whatever stands in it
_ROOTS = ("backend", "auth", "item")
_MAX_PER_TEXT = 20


def check_bindings(run: Run) -> None:
    """Check every text with placeholders that the run came across, now that all request ids are known."""
    seen: set[tuple[JsonPath, str]] = set()
    for path, text, scope in run.bindings:
        if ANY_BINDING in scope.bindings or (path, text) in seen:
            continue
        seen.add((path, text))  # rules of a node may look at a member again
        for number, found in enumerate(_BINDING.finditer(text)):
            if run.is_full or number == _MAX_PER_TEXT:
                break
            _check_binding(run, found[1].strip(), path, scope)


def _check_binding(run: Run, binding: str, path: JsonPath, scope: Scope) -> None:
    segments = binding.split(".")
    root = segments[0].partition("[")[0]
    if root not in _ROOTS or binding in run.stored_names:
        return
    if root not in scope.bindings:
        _report_outside(run, binding, root, path, scope)
    elif root == "backend":
        _check_backend(run, segments, path)
    elif root == "auth":
        _check_field(run, segments[1:], load_catalog().auth_binding_fields, path)


def _report_outside(run: Run, binding: str, root: str, path: JsonPath, scope: Scope) -> None:
    if root == "item" and scope.keeps_binding_types:
        message = f"{{{{{quote(binding)}}}}} has a value only inside an itemTemplate"
    else:
        builder = "an auth or backend builder" if root == "auth" else "a backend builder"
        message = f"{{{{{quote(binding)}}}}} is filled in only inside {builder}; here it is shown as it stands"
    run.warn("binding_outside_builder", path, message)


def _check_backend(run: Run, segments: list[str], path: JsonPath) -> None:
    if len(segments) < 2 or not segments[1]:
        run.warn(
            "unknown_binding", path, "a backend binding goes on with a request id: {{backend.home.data.title}}"
        )
        return
    request_id = segments[1]
    if request_id not in run.requests:
        advice = run.did_you_mean(request_id, run.requests)
        message = f'no builder or query of this screen has the request id "{quote(request_id)}"'
        run.warn("unknown_request_id", path, message, advice)
    _check_field(run, segments[2:], load_catalog().backend_binding_fields, path)


def _check_field(run: Run, segments: list[str], known: tuple[str, ...], path: JsonPath) -> None:
    if not segments:
        return
    name = segments[0].partition("[")[0]
    if name not in known:
        message = f'"{quote(name)}" is none of the fields that can be bound here'
        advice = run.did_you_mean(name, known) or f"the response lies under data: data.{quote(name)}"
        run.warn("unknown_binding", path, message, advice if "data" in known else None)
