"""The question who gets what, and why."""

from __future__ import annotations

from typing import Any

from miniprogram.delivery.evaluation.ledger import AdmissionLedger
from miniprogram.identity.sight import require_sight
from miniprogram.refusals import Unacceptable
from miniprogram.releases.queries.why import why
from miniprogram.releases.simulation.population import attributes_of
from miniprogram_server.console.forms.problems import at
from miniprogram_server.console.lists.targets import known_targets
from miniprogram_server.console.page_request import Confirm, Page, PageRequest, program_url, target_of
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


def _pairs(text: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, found, value = line.partition("=")
        if not found:
            raise Unacceptable(f"{line!r} is not name=value")
        pairs[name.strip()] = value.strip()
    return pairs
