"""The pages: which address shows or does what. Views know nothing of requests and sessions beyond their visit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from miniprogram.delivery.ledger import AdmissionLedger
from miniprogram_server.admin.operations.releases import RELEASE
from miniprogram_server.console import answers_view, configure_view, lists_view, programs_view, release_view
from miniprogram_server.console.visit import Moved, Shown, View, Visit

PROGRAM = "/programs/{programId}"


@dataclass(frozen=True, slots=True)
class Page:
    """An address. `again` shows the page a form came from, when what the form asks for is refused."""

    path: str
    view: View
    method: str = "GET"
    again: View | None = None


def pages(ledger: AdmissionLedger | None) -> tuple[Page, ...]:
    """All of them. More special addresses come first."""
    return (
        Page("/", programs_view.show_programs),
        Page("/reviews", programs_view.show_reviews),
        Page("/apps", lists_view.show_apps),
        Page("/apps", lists_view.create_app, "POST", lists_view.show_apps),
        Page("/audit", answers_view.show_audit),
        Page("/audit/verify", _whole_or_part),
        Page(PROGRAM, programs_view.show_program),
        Page(PROGRAM + "/releases", programs_view.create_release, "POST", programs_view.show_program),
        Page(PROGRAM + "/segments", lists_view.show_segments),
        Page(PROGRAM + "/segments", lists_view.import_segment, "POST", lists_view.show_segments),
        Page(PROGRAM + "/segments/remove", lists_view.drop_segment, "POST", lists_view.show_segments),
        Page(PROGRAM + "/segments/{name}/contains", lists_view.ask_segment),
        Page(PROGRAM + "/switches", lists_view.show_switches),
        Page(PROGRAM + "/switches", lists_view.save_switch, "POST", lists_view.show_switches),
        Page(PROGRAM + "/switches/turn", lists_view.turn_switch, "POST", lists_view.show_switches),
        Page(PROGRAM + "/switches/remove", lists_view.drop_switch, "POST", lists_view.show_switches),
        Page(PROGRAM + "/why", partial(answers_view.show_why, ledger=ledger)),
        Page(PROGRAM + "/audit", answers_view.show_audit),
        Page(PROGRAM + "/audit/verify", _whole_or_part),
        Page(RELEASE, release_view.show_release),
        Page(RELEASE + "/configure", configure_view.show_configuration),
        Page(RELEASE + "/condition", configure_view.show_condition),
        Page(RELEASE + "/audience", configure_view.count_matches, "POST"),
        Page(RELEASE + "/link", answers_view.make_link, "POST", release_view.show_release),
        Page(RELEASE + "/{verb}", release_view.act, "POST", _again),
    )


def _again(visit: Visit) -> Shown | Moved:
    is_form = visit.names["verb"] == "configure"
    return configure_view.repeat_configuration(visit) if is_form else release_view.show_release(visit)


def _whole_or_part(visit: Visit) -> Shown:
    return answers_view.verified(visit) if visit.wants_part else answers_view.verify_audit(visit)
