"""Questions: who gets what and why, and what happened and is it whole."""

from __future__ import annotations

from typing import Any

from miniprogram.delivery.evaluation.ledger import AdmissionLedger
from miniprogram.documents.audit_verification import Checkpoint
from miniprogram.identity.denials import list_denials
from miniprogram.identity.sight import require_sight, require_sight_of_environment
from miniprogram.refusals import NotFound, Unacceptable
from miniprogram.releases.queries.history import History, Verification, history, verify_trail
from miniprogram.releases.queries.why import why
from miniprogram.releases.simulation.population import attributes_of
from miniprogram_server.admin.framework.bodies import fit
from miniprogram_server.admin.operations.audit import MOST_READ, PART_S, PageQuery, PartQuery
from miniprogram_server.console.forms.problems import at
from miniprogram_server.console.lists.targets import known_targets
from miniprogram_server.console.page_request import BASE, Confirm, Page, PageRequest, program_url, target_of
from miniprogram_server.console.views.documents import document_of


def show_why(request: PageRequest, ledger: AdmissionLedger | None) -> Page:
    """The question, and its answer once a target is named."""
    document = document_of(request)
    typed, names = request.typed, ("target", "userId", "deviceId", "others")
    asked = {name: request.query.get(name, "").strip() if typed is None else typed.one(name) for name in names}
    members: dict[str, Any] = {
        "section": "Programs",
        "program_id": request.program_id,
        "path": f"{program_url(request.program_id)}/why",
        "targets": [str(each) for each in known_targets(request)],
        "asked": asked,
        "answer": None,
        "is_released": bool(document.revision),
    }
    was_refused = typed is not None and request.draft is not None and request.draft.problem.message
    if asked["target"] and document.revision and not was_refused:
        target = target_of(asked["target"])
        require_sight(request.context, program_id=request.program_id, target=target)
        given = {"userId": asked["userId"], "deviceId": asked["deviceId"], **_pairs(asked["others"])}
        attributes = attributes_of(given)
        members["answer"] = why(
            request.context.storage, request.program_id, target, attributes, now=request.context.now, ledger=ledger
        )
    return Page("why.html", members)


def ask_why(request: PageRequest) -> Confirm:
    """Ids of people do not belong into addresses: what is asked is kept, and the page shows the answer."""
    with at("target"):
        target_of(request.form.one("target"))
    with at("others"):
        attributes_of(_pairs(request.form.one("others")))
    return Confirm()


def show_audit(request: PageRequest) -> Page:
    """The trail of the program in the path, or of the environment."""
    return _audit(request, None)


def verify_audit(request: PageRequest) -> Page:
    return _audit(request, _verified(request))


def verified(request: PageRequest) -> Page:
    """Only the outcome, for a part of the page."""
    return Page("verified.html", {"verification": _verified(request), "path": _path(request)})


def _audit(request: PageRequest, found: Verification | None) -> Page:
    program_id = request.names.get("programId")
    if program_id is None:
        require_sight_of_environment(request.context)
    context = request.context
    query = fit(
        PageQuery, {name: text for name, text in request.query.items() if name == "before"}, where="the query"
    )
    members = {
        "section": "Programs" if program_id else "Audit",
        "program_id": program_id,
        "path": _path(request),
        "history": _history(request, query),
        "denials": list_denials(context.storage, limit=20) if program_id is None else None,
        "verification": found,
    }
    return Page("audit.html", members)


def _history(request: PageRequest, query: PageQuery) -> History:
    """A blank one for a program that was published and never released."""
    context, program_id = request.context, request.names.get("programId")
    try:
        return history(
            context.storage, program_id,
            limit=query.limit, before=query.before, reader=context.actor, most_read=MOST_READ,
        )  # fmt: skip
    except NotFound:
        document_of(request)
        environment = context.storage.environment
        return History(
            command="audit show", environment_name=environment, mini_program_id=program_id, total=0, events=()
        )


def _path(request: PageRequest) -> str:
    """Of the page about the trail that is shown."""
    program_id = request.names.get("programId")
    return f"{program_url(program_id)}/audit" if program_id else f"{BASE}/audit"


def _verified(request: PageRequest) -> Verification:
    if "programId" not in request.names:
        require_sight_of_environment(request.context)
    asked = fit(
        PartQuery, {name: text for name, text in request.query.items() if name != "limit"}, where="the query"
    )
    start = Checkpoint(asked.after, asked.hash)
    return verify_trail(request.context.storage, request.names.get("programId"), start=start, seconds=PART_S)


def _pairs(text: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, found, value = line.partition("=")
        if not found:
            raise Unacceptable(f"{line!r} is not name=value")
        pairs[name.strip()] = value.strip()
    return pairs
