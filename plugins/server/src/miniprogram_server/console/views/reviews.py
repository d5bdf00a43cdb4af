"""What waits for a reviewer: first what whoever asks can decide, the longest waiting first."""

from __future__ import annotations

from miniprogram.documents.index.listing import ProgramQuery
from miniprogram.releases.queries.reviews import matching_reviews, shown_reviews
from miniprogram_server.console.lists.list_page import Filter, ListSpec, asked_of
from miniprogram_server.console.lists.targets import target_filters
from miniprogram_server.console.page_request import BASE, Page, PageRequest

UNREADABLE_SHOWN = 10


def show_reviews(request: PageRequest) -> Page:
    for_me = Filter("waiting", "Waiting for", (("me", "me"),))
    spec = ListSpec("Id, title or version", (*target_filters(request), for_me))
    asked = asked_of(spec, f"{BASE}/reviews", request.query)
    query = ProgramQuery(search=asked.search, app=asked.asked("app"), environment=asked.asked("environment"))
    context = request.context
    found, unreadable = matching_reviews(
        context.storage, context.actor, query, only_mine_to_decide=asked.asked("waiting") == "me"
    )
    asked = asked.of(len(found))
    members = {
        "section": "Reviews",
        "follows_all": True,
        "list": asked,
        "waiting": tuple(shown_reviews(asked.cut(found))),
        "for_me": sum(each.is_for_me for each in found),
        "unreadable": unreadable[:UNREADABLE_SHOWN],
        "more_unreadable": max(0, len(unreadable) - UNREADABLE_SHOWN),
    }
    return Page("reviews.html", members)
