"""Questions about releases: who gets what and why, what would change, what can never happen; and signed links."""

from __future__ import annotations

from pydantic import BaseModel, Field

from miniprogram.models import Flag, FrozenModel, Whole
from miniprogram.releases.commands.links import DEFAULT_HOURS, MAX_HOURS, IssuedLink, issue_link
from miniprogram.releases.lint.lint import LintReport, lint
from miniprogram.releases.model.configuration import AudienceTree
from miniprogram.releases.queries.why import Why, why
from miniprogram.releases.simulation.population import attributes_of, made_up
from miniprogram.releases.simulation.simulate import Proposal, Simulation, simulate
from miniprogram_server.admin.framework.operation import ANYBODY, Call, Operation
from miniprogram_server.admin.operations.releases import RELEASE, TARGET

MAX_VISITORS = 100_000
"""Visitors one request may have decided for: a few seconds of work."""


class Visitor(FrozenModel):
    """What a host sends about somebody, by parameter name; capabilities joined by commas."""

    attributes: dict[str, str] = Field(default_factory=dict, max_length=100)
    link: str | None = Field(default=None, max_length=1024)


class Change(FrozenModel):
    """How a release might be instead, tried on made-up visitors. Members left out stay as they are."""

    basis_points: Whole | None = Field(default=None, ge=0, le=10_000)
    audience: AudienceTree | None = None
    full: Flag = False
    halted: Flag = False
    embedded: Flag = False
    visitors: Whole = Field(default=10_000, ge=1, le=MAX_VISITORS)


class WantedLink(FrozenModel):
    """For how long a link opens the release."""

    hours: float = Field(default=DEFAULT_HOURS, gt=0, le=MAX_HOURS, strict=True)


def _why(call: Call) -> BaseModel:
    asked: Visitor = call.body
    attributes = attributes_of(asked.attributes)
    context = call.context
    return why(
        context.storage,
        call.program_id,
        call.target,
        attributes,
        now=context.now,
        link=asked.link,
        ledger=call.ledger,
    )


def _simulate(call: Call) -> BaseModel:
    change: Change = call.body
    proposal = Proposal(
        call.version, call.target,
        basis_points=change.basis_points, audience=change.audience, full=change.full, halted=change.halted,
        embedded=change.embedded,
    )  # fmt: skip
    visitors = made_up(change.visitors, host_app=call.target.host_app)
    return simulate(call.context.storage, call.program_id, proposal, visitors, now=call.context.now)


def _lint(call: Call) -> BaseModel:
    return lint(call.context.storage, call.program_id, now=call.context.now, reader=call.context.actor)


def _link(call: Call) -> BaseModel:
    return issue_link(call.context, call.program_id, call.version, call.target, hours=call.body.hours)


QUESTIONS: tuple[Operation, ...] = (
    Operation(
        "POST",
        TARGET + "/why",
        "ReleaseWhy",
        "Questions",
        "What a visitor gets, and why",
        ANYBODY,
        _why,
        Why,
        body=Visitor,
    ),
    Operation(
        "POST",
        RELEASE + "/simulate",
        "ReleaseSimulate",
        "Questions",
        "Who would move",
        ANYBODY,
        _simulate,
        Simulation,
        body=Change,
    ),
    Operation(
        "GET",
        "/programs/{programId}/lint",
        "ReleaseLint",
        "Questions",
        "What can never happen",
        ANYBODY,
        _lint,
        LintReport,
    ),
    Operation(
        "POST",
        RELEASE + "/links",
        "LinkIssue",
        "Questions",
        "Sign a link that expires, for a QR code",
        "developer or operator",
        _link,
        IssuedLink,
        body=WantedLink,
        status=201,
        keeps_answer=False,
    ),
)
