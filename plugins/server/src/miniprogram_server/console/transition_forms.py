"""From submitted forms to the bodies that the API's operations take."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import BaseModel

from miniprogram.refusals import Unacceptable
from miniprogram_server.admin.framework.bodies import fit
from miniprogram_server.admin.operations import release_bodies as bodies
from miniprogram_server.console.audience_builder import tree_in
from miniprogram_server.console.forms import Form

_between_ids = re.compile(r"[\s,;]+").split

Members = dict[str, Any]


def body_of(member: str, form: Form) -> BaseModel:
    """What the form of a command says. Raises Failure or Unacceptable naming the field."""
    model, read = _FORMS.get(member, (bodies.Nothing, lambda _form: {}))
    body: BaseModel = fit(model, read(form), where="the form")
    return body


def configuration_in(form: Form) -> Members:
    """Members of a ConfigurationChanges: everything the page shows is said."""
    upgrade = {"mode": form.one("upgrade") or "silent", "network": form.one("network") or "any"}
    if form.one("minimum_version"):
        upgrade["minimumVersion"] = form.one("minimum_version")
    return {
        "title": form.one("title"),
        "description": form.one("description"),
        "serverDomains": form.lines("server_domains"),
        "webviewDomains": form.lines("webview_domains"),
        "upgrade": upgrade,
        "audience": tree_in(form),
        "window": _window(form),
    }


def _window(form: Form) -> Members | None:
    start, end, users = (form.one(name) for name in ("window_start", "window_end", "window_users"))
    if not (start or end or users):
        return None
    return {"start": start, "end": end, "maxUsers": users, "onEnd": form.one("window_on_end") or "stop"}


def _why(form: Form) -> Members:
    return {"reason": form.one("reason") or None}


def _reason(form: Form) -> Members:
    return {"reason": form.one("reason")}


def _testers(form: Form) -> Members:
    return {"testers": [text for text in _between_ids(form.one("testers")) if text]}


def _ratio(form: Form) -> Members:
    return {"basisPoints": _basis_points(form.one("percent"))}


def _basis_points(text: str) -> int:
    try:
        points = Decimal(text) * 100
    except InvalidOperation:
        raise Unacceptable(f"{text!r} is not a percentage") from None
    if not points.is_finite() or points != int(points):
        raise Unacceptable("a percentage has at most two decimals")
    return int(points)


_FORMS: dict[str, tuple[type[BaseModel], Callable[[Form], Members]]] = {
    "configure": (bodies.ConfigurationChanges, configuration_in),
    "approve": (bodies.Approval, lambda form: {"seenDigest": form.one("seen_digest") or None}),
    "reject": (bodies.Reason, _reason),
    "reopen": (bodies.Reason, _reason),
    "pilot-start": (bodies.FirstTesters, _testers),
    "testers-add": (bodies.TesterIds, _testers),
    "testers-remove": (bodies.TesterIds, _testers),
    "grayscale": (bodies.Ratio, _ratio),
    "shrink": (bodies.SmallerRatio, lambda form: {**_ratio(form), **_reason(form)}),
    "finish": (bodies.Finish, lambda form: {"final": form.one("final") == "yes"}),
    "pause": (bodies.Why, _why),
    "resume": (bodies.Why, _why),
    "halt": (bodies.Reason, _reason),
    "cancel": (bodies.Why, _why),
    "rollback": (bodies.Rollback, lambda form: {**_why(form), "to": form.one("to") or None}),
    "offline": (bodies.Reason, _reason),
    "force-remove": (bodies.Reason, _reason),
}
"""By the last part of the command's address; those that are not here ask for nothing."""
