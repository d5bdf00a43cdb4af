"""What a step would come to, in numbers, before it is done."""

from __future__ import annotations

from miniprogram.errors import MiniProgramError
from miniprogram.releases.model.configuration import segments_in
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.model.release import Release
from miniprogram.releases.percentages import basis_points_of
from miniprogram.releases.queries.windows import usage_text, window_usage
from miniprogram.releases.simulation.consequences import Consequences, Share, consequences
from miniprogram.releases.simulation.simulate import Proposal
from miniprogram.releases.state_machine.transition_input import EMBEDDED, NO_VERSION
from miniprogram.releases.storage.release_documents import require_releases
from miniprogram_server.console.forms.form import Form
from miniprogram_server.console.forms.problems import problem_of
from miniprogram_server.console.page_request import Page, PageRequest
from miniprogram_server.console.views.documents import find

GONE = frozenset({"cancel", "rollback", "offline", "force-remove"})
"""Verbs after which nobody gets the release any more."""
COUNTED = frozenset({"grayscale", "shrink", "finish", "halt", *GONE})
"""Verbs that change what hosts get, as far as it can be told before."""


def show_numbers(request: PageRequest) -> Page:
    """Part of a page: who would move if the verb in the query were done with the share in the query."""
    document = require_releases(request.context.storage, request.program_id)
    release = find(request, document)
    return Page("numbers.html", numbers_for(request, document, release, request.query.get("verb", "")))


def numbers_for(request: PageRequest, document: ReleaseDocument, release: Release, verb: str) -> dict[str, object]:
    """Members of the part, for a verb with what is typed into its form, or stands in the query."""
    usage = window_usage(request.context.storage, request.program_id, release)
    named = segments_in(release.configuration.audience)
    members: dict[str, object] = {
        "numbers": None,
        "problem": None,
        "usage": None if usage is None else usage_text(usage),
        "segment_sizes": [each for each in document.segments if each.name in named],
    }
    try:
        typed = request.typed or Form()
        percent = typed.one("percent") or request.query.get("percent", "")
        proposal = _proposal(release, verb, percent, typed.one("to"))
        if proposal is not None:
            members["numbers"] = _counted(request, proposal)
    except MiniProgramError as error:
        members["problem"] = problem_of(error).message
    return members


def adoption(request: PageRequest, release: Release) -> tuple[int, tuple[Share, ...]]:
    """How many of the last requests for the target there are, and what they get as things are."""
    proposal = Proposal(release.version, release.target)
    try:
        recent = _counted(request, proposal).recent
    except MiniProgramError:
        return 0, ()
    return (0, ()) if recent is None else (recent.visitors, recent.now)


def _counted(request: PageRequest, proposal: Proposal) -> Consequences:
    context, program_id = request.context, request.program_id
    recent = request.recent.contexts(program_id)
    return consequences(context.storage, program_id, proposal, recent, now=context.now)


def _proposal(release: Release, verb: str, percent: str, destination: str) -> Proposal | None:
    """The release as the verb would leave it; None for a verb that moves nobody, or a share not typed yet."""
    if verb not in COUNTED:
        return None
    if verb in ("grayscale", "shrink"):
        if not percent:
            return None
        points = basis_points_of(percent, what="the share")
        return Proposal(release.version, release.target, basis_points=points)
    if verb in GONE:
        stays_empty = verb == "offline" or destination == NO_VERSION
        embedded = verb == "rollback" and destination == EMBEDDED
        gone = not (stays_empty or embedded)
        return Proposal(release.version, release.target, gone=gone, empty=stays_empty, embedded=embedded)
    return Proposal(release.version, release.target, full=verb == "finish", halted=verb == "halt")
