"""Switches of a program, and the host apps of the environment."""

from __future__ import annotations

import json
from typing import Any, Literal

from miniprogram.identity.host_apps import add_app, list_apps, set_environment, update_app
from miniprogram.identity.roles import ADMIN, DEVELOPER_OR_OPERATOR
from miniprogram.json_values import parse_given_json
from miniprogram.refusals import Unacceptable
from miniprogram.releases.commands.host_apps import remove_app
from miniprogram.releases.commands.switches import (
    export_switches,
    import_switches,
    remove_switch,
    set_switch,
    turn_switch,
)
from miniprogram.releases.queries.visible import visible
from miniprogram.targets import Stage
from miniprogram_server.console.forms.form import Form
from miniprogram_server.console.forms.problems import at
from miniprogram_server.console.lists.list_page import Filter, ListSpec, asked_of, holds
from miniprogram_server.console.page_request import (
    BASE,
    Download,
    Page,
    PageRequest,
    Redirect,
    program_url,
    target_of,
)
from miniprogram_server.console.views.documents import document_of

RULES = ("requires_review", "supports_pilot", "demands_pilot", "static_host")
"""Of an environment, as they can be changed."""


SWITCHES = ListSpec("Key or description", (Filter("state", "State", (("on", "on"), ("off", "off"))),))
APPS = ListSpec("Name or title")


def show_switches(request: PageRequest) -> Page:
    document = document_of(request)
    asked = asked_of(SWITCHES, _below(request, "switches"), request.query)
    state = asked.asked("state")
    switches = [
        each
        for each in document.switches
        if holds(asked.search, each.key, each.description) and state in ("", "on" if each.enabled else "off")
    ]
    asked = asked.of(len(switches))
    typed = request.typed
    key = request.query.get("key", "") or (typed.one("key") if typed is not None else "")
    found = document.switch(key)
    said: dict[str, Any] = {"key": "", "type": "boolean", "default": "false", "description": "", "enabled": True}
    said["rules"] = "[]"
    if found is not None:
        rules = [each.model_dump(mode="json", by_alias=True, exclude_none=True) for each in found.rules]
        said = {
            **said,
            **found.model_dump(include={"key", "type", "description", "enabled"}),
            "default": found.default
            if isinstance(found.default, str) and found.type == "string"
            else json.dumps(found.default, ensure_ascii=False),
            "rules": json.dumps(rules, indent=2, ensure_ascii=False),
        }
    members = {
        "section": "Programs",
        "program_id": request.program_id,
        "path": _below(request, "switches"),
        "revision": document.revision,
        "list": asked,
        "switches": asked.cut(switches),
        "found": found,
        "may_change": request.context.actor.has(DEVELOPER_OR_OPERATOR, None, request.program_id),
        "said": said,
    }
    return Page("switches.html", members)


def save_switch(request: PageRequest) -> Redirect:
    form = request.form
    key = form.one("key")
    before = document_of(request).switch(key)
    scope = {} if before is None else {"hostApp": before.host_app, "environment": before.environment}
    default = _value(form)
    with at("rules"):
        rules = parse_given_json(form.one("rules") or "[]", what="the rules")
    members = {
        **scope,
        "key": key,
        "type": form.one("type"),
        "default": default,
        "description": form.one("description"),
        "enabled": form.one("enabled") == "yes",
        "rules": rules,
    }
    set_switch(request.guarded_context(), request.program_id, members)
    request.session.tell("good", f"{key} is saved.")
    return Redirect(_below(request, "switches"))


def _value(form: Form) -> Any:
    """The value for everybody: a text as it is, anything else as JSON."""
    if form.one("type") == "string":
        return form.one("default")
    with at("default"):
        return parse_given_json(form.one("default"), what="the value")


def flip_switch(request: PageRequest) -> Redirect:
    key, on = request.form.one("key"), request.form.one("enabled") == "yes"
    turn_switch(request.guarded_context(), request.program_id, key, on=on)
    request.session.tell("good", f"{key} is {'on' if on else 'off'} now.")
    return Redirect(_below(request, "switches"))


def import_into_switches(request: PageRequest) -> Redirect:
    """Take switches over from an export, all or none."""
    form, file = request.form, request.form.files.get("file")
    text = file.content.read() if file is not None and file.size else form.one("text").encode()
    if not text:
        raise Unacceptable("neither a file nor an export was given", member=("text",))
    with at("text"):
        document = parse_given_json(text, what="the export")
        existing: Literal["skip", "overwrite"] = "overwrite" if form.one("existing") == "overwrite" else "skip"
        report = import_switches(request.guarded_context(), request.program_id, document, existing=existing)
    done = ", ".join(report.subject["written"]) or "none"
    left = ", ".join(report.subject["skipped"])
    request.session.tell("good", f"Taken over: {done}." + (f" Left as they were: {left}." if left else ""))
    return Redirect(_below(request, "switches"))


def download_switches(request: PageRequest) -> Download:
    """The export, which the import takes."""
    document = export_switches(request.context.storage, request.program_id, reader=request.context.actor)
    body = json.dumps(document, indent=2, ensure_ascii=False).encode()
    return Download(f"{request.program_id}-switches.json", body, "application/json")


def drop_switch(request: PageRequest) -> Redirect:
    remove_switch(request.guarded_context(), request.program_id, request.form.one("key"))
    request.session.tell("good", f"{request.form.one('key')} is gone.")
    return Redirect(_below(request, "switches"))


def show_apps(request: PageRequest) -> Page:
    listed = visible(request.context.actor, list_apps(request.context.storage))
    asked = asked_of(APPS, f"{BASE}/apps", request.query)
    found = [each for each in listed.apps if holds(asked.search, each.name, each.title)]
    asked = asked.of(len(found))
    members = {
        "section": "Host apps",
        "list": asked,
        "apps": listed.apps,
        "shown": asked.cut(found),
        "revision": listed.revision,
        "may_change": request.context.actor.has(ADMIN, None),
    }
    return Page("apps.html", members)


def create_app(request: PageRequest) -> Redirect:
    stages = [Stage(text) for text in request.form.many("environments") if text in set(Stage)]
    name = request.form.one("name")
    add_app(request.guarded_context(), name, title=request.form.one("title"), stages=stages)
    request.session.tell("good", f"{name} is there.")
    return Redirect(f"{BASE}/apps")


def change_rules(request: PageRequest) -> Redirect:
    """How releases go in an environment of a host app; what is left as it is is not said."""
    with at("environment"):
        target = target_of(request.form.one("environment"))
    said = {name: request.form.one(name) for name in RULES}
    changes: dict[str, Any] = {name: text == "yes" for name, text in said.items() if text}
    extra = request.form.one("extra_reviewers")
    if extra:
        if not (extra.isascii() and extra.isdecimal() and len(extra) < 4):
            raise Unacceptable("this is no whole number", member=("extra_reviewers",))
        changes["extra_reviewers"] = int(extra)
    for name in ("provenance_keys", "promotion_keys"):
        keys = request.form.one(name).split()
        if keys:
            changes[name] = [] if keys == ["none"] else keys
    if not changes:
        raise Unacceptable("nothing is changed: every rule is left as it is")
    set_environment(request.guarded_context(), target.host_app, target.environment, changes)
    request.session.tell("good", f"The rules of {target} are changed. Releases under way go by them from now on.")
    return Redirect(f"{BASE}/apps")


def rename_app(request: PageRequest) -> Redirect:
    name = request.form.one("name")
    update_app(request.guarded_context(), name, title=request.form.one("title"))
    request.session.tell("good", f"{name} is changed.")
    return Redirect(f"{BASE}/apps")


def drop_app(request: PageRequest) -> Redirect:
    name = request.form.one("name")
    remove_app(request.guarded_context(), name, reason=request.form.one("reason") or None)
    request.session.tell("good", f"{name} is gone.")
    return Redirect(f"{BASE}/apps")


def _below(request: PageRequest, part: str) -> str:
    return f"{program_url(request.program_id)}/{part}"
