"""What speaks for an exported version: its trail is whole, and the approvals in it are for exactly this."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from miniprogram.documents.audit_event import START, Event
from miniprogram.errors import DocumentError
from miniprogram.promotion.statement import Statement, Trail
from miniprogram.releases.model.document import Promotion, ReleaseDocument
from miniprogram.releases.model.release import Review
from miniprogram.releases.state_machine.review_digest import review_digest
from miniprogram.strict_json import parse_json, parse_model, to_canonical_json
from miniprogram.targets import AppEnvironment

APPROVE = "release approve"


def trail_bytes(events: Sequence[Event]) -> bytes:
    """A trail as one file: an event a line, the oldest first."""
    return b"".join(to_canonical_json(each.model_dump(mode="json", by_alias=True)) + b"\n" for each in events)


def read_trail(body: bytes, promised: Trail, *, name: str) -> tuple[Event, ...]:
    """The events, when each remembers the one before and the last is the promised one.

    Raises DocumentError naming the first event that was changed, left out or moved.
    """
    events: list[Event] = []
    previous = START
    for number, line in enumerate(body.splitlines(), 1):
        where = f"{name}: event {number}"
        event = parse_model(Event, parse_json(line, name=where), name=where)
        if event.seq != number or event.previous_hash != previous or event.computed_hash() != event.hash:
            raise DocumentError(f"{where} was changed, or stands where another should")
        previous = event.hash
        events.append(event)
    found = (events[0].hash if events else START, len(events), previous)
    if found != (promised.origin, promised.length, promised.hash):
        raise DocumentError(f"{name} is not the trail that was promised: it ends with event {len(events)}")
    return tuple(events)


def why_not_new(document: ReleaseDocument, trail: Trail, events: Sequence[Event]) -> str | None:
    """Why what is imported does not go on from what came from there before; None when it does."""
    last = document.promotion(trail.origin)
    if last is None:
        return _why_another_origin(document.promotions)
    if trail.length <= last.length:
        same = (trail.length, trail.hash) == (last.length, last.hash)
        what = "was imported before" if same else "is older than what was imported from there last"
        return f"it {what} (event {trail.length} of the trail there, and {last.length} was here)"
    if events[last.length - 1].hash != last.hash:
        return f"its trail is another one than the one imported from there last: event {last.length} differs"
    return None


def _why_another_origin(known: Sequence[Promotion]) -> str | None:
    if not known:
        return None
    names = ", ".join(sorted({each.environment for each in known}))
    return f"it comes from another trail than what was imported so far, from {names}; say --new-origin if it may"


def why_weaker(there: AppEnvironment, here: AppEnvironment) -> str | None:
    """Why the rules it was approved under are weaker than those of the target here; None when they are not."""
    if here.requires_review and not there.requires_review:
        return "nothing is reviewed there, and here it is"
    if there.extra_reviewers < here.extra_reviewers:
        fewer, more = there.extra_reviewers, here.extra_reviewers
        return f"{fewer} more people approve there what may do more, and here it takes {more}"
    return None


def why_not_approved(statement: Statement, events: Sequence[Event], wanted: int) -> str | None:
    """Why `wanted` people did not approve exactly this; None when they did.

    Nobody approves what he applied for himself, whether or not the environment there knew who acted.
    """
    review = statement.release.review
    if review is None or not review.approved:
        return "it was not approved there"
    blank = ReleaseDocument(mini_program_id=statement.mini_program_id)
    if review.digest != review_digest(blank, statement.release, statement.digest):
        return "the approvals are for something else: what was approved has another digest"
    approvers = {each for each in _approvers(review) if each != review.applicant}
    missing = max(wanted, review.wanted) - len(approvers)
    if missing > 0:
        return f"it takes {missing} more by somebody else than {review.applicant}, who applied"
    traced = {each.actor for each in _approvals(statement, events, review)}
    untraced = sorted(approvers - traced)
    return f"the trail knows nothing of the approval by {untraced[0]}" if untraced else None


def _approvers(review: Review) -> set[str]:
    return {each.reviewer for each in review.approvals} or ({review.reviewer} if review.reviewer else set())


def _approvals(statement: Statement, events: Sequence[Event], review: Review) -> Iterator[Event]:
    """Events in which somebody approved this release, after it was last applied for."""
    release = statement.release
    for event in events:
        about = (event.subject, event.target, event.version)
        if (
            event.command == APPROVE
            and event.outcome == "done"
            and about == (release.id, str(release.target), release.version)
            and event.details.get("reviewDigest") == review.digest
        ):
            yield event
