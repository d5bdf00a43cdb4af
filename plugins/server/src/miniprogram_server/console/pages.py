"""The pages: which address shows or does what. Views know of requests and sessions what a `PageRequest` says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from miniprogram.delivery.evaluation.ledger import AdmissionLedger
from miniprogram_server.admin.operations.releases import RELEASE
from miniprogram_server.console.page_request import Page, PageRequest, Redirect, View
from miniprogram_server.console.views import answers, configure, lists, programs, release

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
        PageRoute("/", programs.show_programs),
        PageRoute("/reviews", programs.show_reviews),
        PageRoute("/apps", lists.show_apps),
        PageRoute("/apps", lists.create_app, "POST", lists.show_apps),
        PageRoute("/apps/title", lists.rename_app, "POST", lists.show_apps),
        PageRoute("/apps/remove", lists.drop_app, "POST", lists.show_apps),
        PageRoute("/audit", answers.show_audit),
        PageRoute("/audit/verify", _whole_or_part),
        PageRoute(PROGRAM, programs.show_program),
        PageRoute(PROGRAM + "/releases", programs.create_release, "POST", programs.show_program),
        PageRoute(PROGRAM + "/segments", lists.show_segments),
        PageRoute(PROGRAM + "/segments", lists.import_segment, "POST", lists.show_segments, takes_upload=True),
        PageRoute(PROGRAM + "/segments/remove", lists.drop_segment, "POST", lists.show_segments),
        PageRoute(PROGRAM + "/segments/{segment}/contains", lists.ask_segment),
        PageRoute(PROGRAM + "/switches", lists.show_switches),
        PageRoute(PROGRAM + "/switches", lists.save_switch, "POST", lists.show_switches),
        PageRoute(PROGRAM + "/switches/turn", lists.flip_switch, "POST", lists.show_switches),
        PageRoute(PROGRAM + "/switches/remove", lists.drop_switch, "POST", lists.show_switches),
        PageRoute(PROGRAM + "/why", partial(answers.show_why, ledger=ledger)),
        PageRoute(PROGRAM + "/audit", answers.show_audit),
        PageRoute(PROGRAM + "/audit/verify", _whole_or_part),
        PageRoute(RELEASE, release.show_release),
        PageRoute(RELEASE + "/configure", configure.show_configuration),
        PageRoute(RELEASE + "/condition", configure.show_condition),
        PageRoute(RELEASE + "/audience", configure.count_matches, "POST"),
        PageRoute(RELEASE + "/link", answers.make_link, "POST", release.show_release),
        PageRoute(RELEASE + "/{verb}", release.act, "POST", _again),
    )


def _again(request: PageRequest) -> Page | Redirect:
    is_form = request.names["verb"] == "configure"
    return configure.repeat_configuration(request) if is_form else release.show_release(request)


def _whole_or_part(request: PageRequest) -> Page:
    return answers.verified(request) if request.wants_part else answers.verify_audit(request)
