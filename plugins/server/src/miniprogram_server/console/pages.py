"""The pages: which address shows or does what. Views know of requests and sessions what a `PageRequest` says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from miniprogram.delivery.evaluation.ledger import AdmissionLedger
from miniprogram_server.admin.framework.problems import Failure
from miniprogram_server.admin.framework.sessions import SessionRegister
from miniprogram_server.admin.operations.releases import RELEASE
from miniprogram_server.console.frames.runtime_files import RuntimeFiles
from miniprogram_server.console.page_request import Page, PageRequest, View
from miniprogram_server.console.views import (
    answers,
    audit,
    configure,
    links,
    lists,
    numbers,
    overrides,
    people,
    program,
    programs,
    release,
    review,
    reviews,
    screens,
    segments,
    sessions,
    testers,
    tokens,
)

PROGRAM = "/programs/{programId}"


@dataclass(frozen=True, slots=True)
class PageRoute:
    """An address. What takes a POST shows a page with GET: there a refused form is shown again."""

    path: str
    view: View
    method: str = "GET"
    is_part: bool = False
    """Whether what is sent to it is no form but asks for a part of a page."""
    takes_upload: bool = False
    """Whether its form may hold a large file, once the token in its query is the session's."""


def pages(
    ledger: AdmissionLedger | None, register: SessionRegister, runtime: RuntimeFiles | None = None
) -> tuple[PageRoute, ...]:
    """All of them. More special addresses come first."""
    runtime = runtime or RuntimeFiles()
    show_sessions = partial(sessions.show_sessions, register=register)
    return (
        PageRoute("/", programs.show_programs),
        PageRoute("/reviews", reviews.show_reviews),
        *_form("/apps", lists.show_apps, lists.create_app),
        *_form("/apps/title", lists.show_apps, lists.rename_app),
        *_form("/apps/rules", lists.show_apps, lists.change_rules),
        *_form("/apps/remove", lists.show_apps, lists.drop_app),
        PageRoute("/people", people.show_people),
        *_form("/members", people.show_people, people.add_person),
        PageRoute("/people/{member}", people.show_person),
        *_form("/people/{member}/give", people.show_person, people.give_role),
        *_form("/people/{member}/take", people.show_person, people.take_roles),
        *_form("/people/{member}/offboard", people.show_leaving, people.see_off),
        *_form("/tokens", tokens.show_tokens, tokens.make_token),
        *_form("/tokens/{tokenId}/revoke", tokens.show_tokens, tokens.end_token),
        *_form("/sessions", show_sessions, partial(sessions.end_session, register=register)),
        *_form("/sessions/end", show_sessions, sessions.end_all),
        PageRoute("/access", sessions.show_access),
        PageRoute("/audit", audit.show_audit),
        PageRoute("/audit/export", audit.export_audit),
        PageRoute("/audit/verify", audit.verify_audit),
        PageRoute(PROGRAM, program.show_program),
        PageRoute(PROGRAM + "/archived", program.show_archived),
        PageRoute(PROGRAM + "/versions", program.show_versions),
        *_form(PROGRAM + "/releases", program.show_program, program.create_release),
        *_form(PROGRAM + "/segments", segments.show_segments, segments.import_segment, takes_upload=True),
        *_form(PROGRAM + "/segments/remove", segments.show_segments, segments.drop_segment),
        PageRoute(PROGRAM + "/segments/{segment}/contains", segments.ask_segment),
        PageRoute(PROGRAM + "/segments/{segment}/export", segments.export_patterns),
        *_form(
            PROGRAM + "/segments/{segment}/ids",
            segments.show_one_segment,
            segments.change_segment,
            takes_upload=True,
        ),
        *_form(PROGRAM + "/switches", lists.show_switches, lists.save_switch),
        *_form(PROGRAM + "/switches/turn", lists.show_switches, lists.flip_switch),
        *_form(PROGRAM + "/switches/import", lists.show_switches, lists.import_into_switches),
        PageRoute(PROGRAM + "/switches/export", lists.download_switches),
        *_form(PROGRAM + "/switches/remove", lists.show_switches, lists.drop_switch),
        *_form(PROGRAM + "/overrides", overrides.show_overrides, overrides.make_override),
        *_form(PROGRAM + "/overrides/otherwise", overrides.show_overrides, overrides.decide_otherwise),
        *_form(PROGRAM + "/overrides/{overrideId}/lift", overrides.show_lift, overrides.lift),
        PageRoute(PROGRAM + "/condition", configure.show_condition),
        PageRoute(PROGRAM + "/audience", configure.count_matches, "POST", is_part=True),
        PageRoute(PROGRAM + "/audience", configure.show_audience),
        PageRoute(PROGRAM + "/check", overrides.show_check),
        *_form(PROGRAM + "/why", partial(answers.show_why, ledger=ledger), answers.ask_why),
        PageRoute(PROGRAM + "/audit", audit.show_audit),
        PageRoute(PROGRAM + "/audit/export", audit.export_audit),
        PageRoute(PROGRAM + "/audit/verify", audit.verify_audit),
        PageRoute(RELEASE, release.show_release),
        PageRoute(RELEASE + "/configure", configure.show_configuration),
        PageRoute(RELEASE + "/condition", configure.show_condition),
        PageRoute(RELEASE + "/audience", configure.count_matches, "POST", is_part=True),
        PageRoute(RELEASE + "/audience", configure.show_audience),
        *_form(RELEASE + "/links", links.show_links, links.make_link),
        PageRoute(RELEASE + "/links/{link}", links.show_link),
        *_form(RELEASE + "/links/{link}/revoke", links.show_link, links.take_back),
        PageRoute(RELEASE + "/numbers", numbers.show_numbers),
        PageRoute(RELEASE + "/review", partial(review.show_review, runtime=runtime)),
        PageRoute(RELEASE + "/screens/{screen}", partial(review.show_screen, runtime=runtime)),
        PageRoute(RELEASE + "/frames/{side}/{screen}", partial(screens.show_frame, runtime=runtime)),
        PageRoute(RELEASE + "/approve", partial(review.show_decision, runtime=runtime)),
        PageRoute(RELEASE + "/reject", partial(review.show_decision, runtime=runtime)),
        PageRoute(RELEASE + "/testers", testers.show_testers),
        PageRoute(RELEASE + "/testers/export", testers.export_testers),
        PageRoute(RELEASE + "/testers-add", testers.show_testers),
        PageRoute(RELEASE + "/testers-remove", testers.show_testers),
        *_form(RELEASE + "/{verb}", release.show_step, release.act),
        PageRoute("/{rest:path}", _nothing),
    )


def _form(path: str, show: View, take: View, *, takes_upload: bool = False) -> tuple[PageRoute, PageRoute]:
    """A page, and what is sent from it to its own address."""
    return PageRoute(path, show), PageRoute(path, take, "POST", takes_upload=takes_upload)


def _nothing(_request: PageRequest) -> Page:
    raise Failure(404, "no_such_page", "There is no such page.")
