"""What a release is about: the form, its audience builder, and counting whom an audience would match."""

from __future__ import annotations

from typing import Any

from miniprogram.delivery.evaluation.conditions.model import ATTRIBUTES
from miniprogram.errors import MiniProgramError
from miniprogram.releases.model.configuration import Configuration
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.model.states import State
from miniprogram.releases.simulation.audience_count import count_audience
from miniprogram.releases.storage.release_documents import require_releases
from miniprogram_server.console.forms.audience_builder import (
    OPERATOR_NAMES,
    Builder,
    Row,
    builder_in,
    builder_of,
    tree_in,
)
from miniprogram_server.console.page_request import Page, PageRequest, Redirect, program_url
from miniprogram_server.console.views.documents import find


def show_configuration(request: PageRequest) -> Page:
    """The form as it was sent, where it was refused; else what the release says."""
    document = require_releases(request.context.storage, request.program_id)
    release = find(request, document)
    builder = builder_of(release.configuration.audience) if request.typed is None else builder_in(request.typed)
    return _page(request, document, _said(release.configuration), builder)


def show_audience(request: PageRequest) -> Redirect:
    """What is counted beside the form has no page of its own."""
    is_release = "version" in request.names
    return Redirect(f"{request.here}/configure" if is_release else f"{program_url(request.program_id)}/overrides")


def show_condition(_request: PageRequest) -> Page:
    """A blank row for the builder."""
    return Page("condition.html", {"row": Row(), "operators": OPERATOR_NAMES})


def count_matches(request: PageRequest) -> Page:
    """How many of the last requests would match what the form says."""
    seen = request.recent.contexts(request.program_id)
    members: dict[str, Any] = {"program_id": request.program_id, "count": None, "problem": None}
    try:
        members["count"] = count_audience(request.context.storage, request.program_id, tree_in(request.form), seen)
    except MiniProgramError as error:
        text = str(error)
        members["problem"] = f"{text[:1].upper()}{text[1:]}."
    return Page("live.html", members)


def _page(request: PageRequest, document: ReleaseDocument, said: dict[str, Any], builder: Builder) -> Page:
    release = find(request, document)
    members = {
        "section": "Programs",
        "program_id": request.program_id,
        "here": request.here,
        "revision": document.revision,
        "release": release,
        "said": said,
        "builder": builder,
        "operators": OPERATOR_NAMES,
        "attributes": ATTRIBUTES,
        "may_change": release.state is State.CREATED,
        "segments": [each.name for each in document.segments],
    }
    return Page("configure.html", members)


def _said(configuration: Configuration) -> dict[str, Any]:
    window, upgrade = configuration.window, configuration.upgrade
    return {
        "title": configuration.title,
        "description": configuration.description,
        "server_domains": "\n".join(configuration.server_domains or ()),
        "webview_domains": "\n".join(configuration.webview_domains),
        "upgrade": upgrade.mode,
        "network": upgrade.network,
        "minimum_version": upgrade.minimum_version or "",
        "window_start": window.start if window else "",
        "window_end": window.end if window else "",
        "window_users": window.max_users if window else "",
        "window_on_end": window.on_end if window else "stop",
    }
