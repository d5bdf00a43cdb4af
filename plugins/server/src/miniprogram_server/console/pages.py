"""The pages: which address shows or does what. Views know of requests and sessions what a `PageRequest` says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from miniprogram.delivery.evaluation.ledger import AdmissionLedger
from miniprogram_server.admin.operations.releases import RELEASE
from miniprogram_server.console import answers_view, configure_view, lists_view, programs_view, release_view
from miniprogram_server.console.page_request import Page, PageRequest, Redirect, View

PROGRAM = "/programs/{programId}"


@dataclass(frozen=True, slots=True)
class PageRoute:
    """An address. `again` shows the page a form came from, when what the form asks for is refused."""

    path: str
    view: View
    method: str = "GET"
    again: View | None = None
    takes_upload: bool = False
    """Whether its form may hold a large file, once the token in its query is the session's."""


def pages(ledger: AdmissionLedger | None) -> tuple[PageRoute, ...]:
    """All of them. More special addresses come first."""
    return (
        PageRoute("/", programs_view.show_programs),
        PageRoute("/reviews", programs_view.show_reviews),
        PageRoute("/apps", lists_view.show_apps),
        PageRoute("/apps", lists_view.create_app, "POST", lists_view.show_apps),
        PageRoute("/audit", answers_view.show_audit),
        PageRoute("/audit/verify", _whole_or_part),
        PageRoute(PROGRAM, programs_view.show_program),
        PageRoute(PROGRAM + "/releases", programs_view.create_release, "POST", programs_view.show_program),
        PageRoute(PROGRAM + "/segments", lists_view.show_segments),
        PageRoute(
            PROGRAM + "/segments", lists_view.import_segment, "POST", lists_view.show_segments, takes_upload=True
        ),
        PageRoute(PROGRAM + "/segments/remove", lists_view.drop_segment, "POST", lists_view.show_segments),
        PageRoute(PROGRAM + "/segments/{segment}/contains", lists_view.ask_segment),
        PageRoute(PROGRAM + "/switches", lists_view.show_switches),
        PageRoute(PROGRAM + "/switches", lists_view.save_switch, "POST", lists_view.show_switches),
        PageRoute(PROGRAM + "/switches/turn", lists_view.flip_switch, "POST", lists_view.show_switches),
        PageRoute(PROGRAM + "/switches/remove", lists_view.drop_switch, "POST", lists_view.show_switches),
        PageRoute(PROGRAM + "/why", partial(answers_view.show_why, ledger=ledger)),
        PageRoute(PROGRAM + "/audit", answers_view.show_audit),
        PageRoute(PROGRAM + "/audit/verify", _whole_or_part),
        PageRoute(RELEASE, release_view.show_release),
        PageRoute(RELEASE + "/configure", configure_view.show_configuration),
        PageRoute(RELEASE + "/condition", configure_view.show_condition),
        PageRoute(RELEASE + "/audience", configure_view.count_matches, "POST"),
        PageRoute(RELEASE + "/link", answers_view.make_link, "POST", release_view.show_release),
        PageRoute(RELEASE + "/{verb}", release_view.act, "POST", _again),
    )


def _again(request: PageRequest) -> Page | Redirect:
    is_form = request.names["verb"] == "configure"
    return configure_view.repeat_configuration(request) if is_form else release_view.show_release(request)


def _whole_or_part(request: PageRequest) -> Page:
    return answers_view.verified(request) if request.wants_part else answers_view.verify_audit(request)
