"""Overrides of a program: who is denied a release or pinned to one, what other hosts get, what never happens."""

from __future__ import annotations

from typing import Any

from miniprogram.delivery.evaluation.conditions.model import ATTRIBUTES
from miniprogram.identity.roles import ADMIN, OPERATOR
from miniprogram.refusals import NotFound, Unacceptable
from miniprogram.releases.commands.overrides import add_override, remove_override, set_otherwise
from miniprogram.releases.lint.lint import lint
from miniprogram.releases.model.document import Override, ReleaseDocument
from miniprogram.releases.model.states import RELEASED
from miniprogram_server.console.forms.audience_builder import OPERATOR_NAMES, builder_in, tree_in
from miniprogram_server.console.forms.problems import at
from miniprogram_server.console.page_request import Page, PageRequest, Redirect, program_url, target_of
from miniprogram_server.console.views.documents import document_of

EVERYTHING = "everything"


def show_overrides(request: PageRequest) -> Page:
    return _page(request, document_of(request))


def show_lift(request: PageRequest) -> Page:
    """The page with one of them to be lifted. Raises NotFound."""
    document = document_of(request)
    found = next((each for each in document.overrides if each.id == request.names["overrideId"]), None)
    if found is None:
        raise NotFound("there is no such override; it was lifted already")
    return _page(request, document, lifting=found)


def make_override(request: PageRequest) -> Redirect:
    """Deny these people a version, or everything; or pin them to one."""
    form, kind = request.form, request.form.one("kind")
    version, _, where = form.one("release").partition(" on ")
    with at("release"):
        target = target_of(where)
    with at("audience"):
        tree = tree_in(form)
    if tree is None:
        raise Unacceptable("say whom it is about, with at least one condition", member=("audience",))
    add_override(
        request.guarded_context(), request.program_id, target,
        kind="pin" if kind == "pin" else "deny", audience=tree,
        version=None if version == EVERYTHING else version, reason=form.one("reason"),
    )  # fmt: skip
    request.session.tell("good", "The override is in force, before every release. “Lift” takes it back.")
    return Redirect(_path(request))


def lift(request: PageRequest) -> Redirect:
    remove_override(
        request.guarded_context(),
        request.program_id,
        request.names["overrideId"],
        reason=request.form.one("reason"),
    )
    request.session.tell("good", "The override is lifted: these people get again what releases say.")
    return Redirect(_path(request))


def decide_otherwise(request: PageRequest) -> Redirect:
    """What hosts get that no release is for."""
    refuses = request.form.one("otherwise") == "refuse"
    set_otherwise(request.guarded_context(), request.program_id, "refuse" if refuses else "legacy")
    now = "get nothing now" if refuses else "go on with what they got before there were releases"
    request.session.tell("good", f"Hosts that no release is for {now}.")
    return Redirect(_path(request))


def show_check(request: PageRequest) -> Page:
    """What is written down and can never happen."""
    document, context = document_of(request), request.context
    findings: tuple[Any, ...] = ()
    if document.revision:
        findings = lint(context.storage, request.program_id, now=context.now, reader=context.actor).findings
    return Page("check.html", {"section": "Programs", "program_id": request.program_id, "findings": findings})


def _page(request: PageRequest, document: ReleaseDocument, *, lifting: Override | None = None) -> Page:
    actor, program_id = request.context.actor, request.program_id
    live = [
        each
        for each in document.releases
        if each.state in RELEASED and actor.has(OPERATOR, each.target, program_id)
    ]
    targets = sorted({str(each.target) for each in live})
    members = {
        "section": "Programs",
        "program_id": program_id,
        "path": _path(request),
        "revision": document.revision,
        "overrides": document.overrides,
        "versions": {each.id: each.version for each in document.releases},
        "otherwise": document.otherwise,
        "may_decide": actor.has(ADMIN, None, program_id),
        "lifting": lifting,
        "targets": targets,
        "releases": [*(each.label for each in live), *(f"{EVERYTHING} on {each}" for each in targets)],
        "builder": builder_in(request.typed),
        "operators": OPERATOR_NAMES,
        "attributes": ATTRIBUTES,
        "segments": [each.name for each in document.segments],
    }
    return Page("overrides.html", members)


def _path(request: PageRequest) -> str:
    return f"{program_url(request.program_id)}/overrides"
