"""Every command of the state machine as an operation: POST to the release, or to its target."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from pydantic import BaseModel

from miniprogram.releases.commands import drafting, piloting, retiring, reviewing, rollout
from miniprogram.releases.queries.reports import TransitionReport
from miniprogram.releases.state_machine.transitions import TABLE
from miniprogram_server.admin.framework.operation import Call, Operation, Result
from miniprogram_server.admin.operations import release_bodies as bodies

TARGET = "/programs/{programId}/targets/{hostApp}/{environment}"
RELEASE = TARGET + "/releases/{version}"

Transition = Callable[[Call], TransitionReport]


def _handle(transition: Transition, call: Call) -> Result:
    report = transition(call)
    return Result(report, report.revision)


def _who(verb: str) -> str:
    """The roles of a command, as the table has them."""
    roles = {role for row in TABLE if row.verb == verb for role in row.roles}
    return " or ".join(sorted(roles))


def _row(
    verb: str,
    body: type[BaseModel],
    transition: Transition,
    summary: str,
    *,
    path: str = RELEASE,
    member: str | None = None,
    guarded: bool = True,
    status: int = 200,
) -> Operation:
    """POST to `path`, below it to the verb. `guarded` False: the first write cannot know a revision."""
    last = verb.replace(" ", "-") if member is None else member
    return Operation(
        method="POST",
        path=f"{path}/{last}",
        name="".join(part.capitalize() for part in f"release {verb}".replace("-", " ").split()),
        group="Releases",
        summary=summary,
        permission=_who(verb),
        handle=partial(_handle, transition),
        answer=TransitionReport,
        body=body,
        status=status,
        guarded=guarded,
    )


TRANSITIONS: tuple[Operation, ...] = (
    _row("create", bodies.NewRelease, lambda it: drafting.create(
        it.context, it.program_id, it.body.version, it.target, kind=it.body.kind),
        "Start bringing a published version to a target",
        path=TARGET, member="releases", guarded=False, status=201),
    _row("reopen", bodies.Reason, lambda it: drafting.reopen(
        it.context, it.program_id, it.version, it.target, reason=it.body.reason),
        "Start another attempt after one that ended"),
    _row("configure", bodies.ConfigurationChanges, lambda it: drafting.configure(
        it.context, it.program_id, it.version, it.target, it.body.changes()),
        "Change what is said about it before it is applied for"),
    _row("apply", bodies.Nothing, lambda it: reviewing.apply(
        it.context, it.program_id, it.version, it.target),
         "Ask for a review, or be approved where none is needed"),
    _row("withdraw", bodies.Nothing, lambda it: reviewing.withdraw(
        it.context, it.program_id, it.version, it.target),
         "Take an application back"),
    _row("approve", bodies.Approval, lambda it: reviewing.approve(
        it.context, it.program_id, it.version, it.target, seen_digest=it.body.seen_digest),
        "Let it through; not by who applied"),
    _row("reject", bodies.Reason, lambda it: reviewing.reject(
        it.context, it.program_id, it.version, it.target, reason=it.body.reason), "Refuse it"),
    _row("pilot start", bodies.FirstTesters, lambda it: piloting.start_pilot(
        it.context, it.program_id, it.version, it.target, testers=it.body.testers), "Give it to testers"),
    _row("testers add", bodies.TesterIds, lambda it: piloting.add_testers(
        it.context, it.program_id, it.version, it.target, it.body.testers), "Add testers"),
    _row("testers remove", bodies.TesterIds, lambda it: piloting.remove_testers(
        it.context, it.program_id, it.version, it.target, it.body.testers), "Take testers off the list"),
    _row("pilot complete", bodies.Nothing, lambda it: piloting.complete_pilot(
        it.context, it.program_id, it.version, it.target), "End the pilot"),
    _row("pilot skip", bodies.Nothing, lambda it: piloting.skip_pilot(
        it.context, it.program_id, it.version, it.target), "Go on without a pilot"),
    _row("grayscale", bodies.Ratio, lambda it: rollout.grayscale(
        it.context, it.program_id, it.version, it.target, basis_points=it.body.basis_points),
        "Give it to a percentage, which only goes up"),
    _row("shrink", bodies.SmallerRatio, lambda it: rollout.shrink(
        it.context, it.program_id, it.version, it.target,
        basis_points=it.body.basis_points, reason=it.body.reason),
        "Lower the percentage"),
    _row("finish", bodies.Finish, lambda it: rollout.finish(
        it.context, it.program_id, it.version, it.target, final=it.body.final), "Give it to everybody"),
    _row("pause", bodies.Why, lambda it: rollout.pause(
        it.context, it.program_id, it.version, it.target, reason=it.body.reason), "Admit nobody new"),
    _row("resume", bodies.Why, lambda it: rollout.resume(
        it.context, it.program_id, it.version, it.target, reason=it.body.reason), "Go on after a pause or a halt"),
    _row("halt", bodies.Reason, lambda it: rollout.halt(
        it.context, it.program_id, it.version, it.target, reason=it.body.reason), "Serve it to nobody"),
    _row("cancel", bodies.Why, lambda it: rollout.cancel(
        it.context, it.program_id, it.version, it.target, reason=it.body.reason), "Give up on it"),
    _row("force-remove", bodies.Reason, lambda it: retiring.force_remove(
        it.context, it.program_id, it.version, it.target, reason=it.body.reason), "Suspend it at once"),
    _row("rollback", bodies.Rollback, lambda it: retiring.rollback(
        it.context, it.program_id, it.target, to=it.body.to, reason=it.body.reason),
        "Go back from the full release", path=TARGET),
    _row("offline", bodies.Reason, lambda it: retiring.offline(
        it.context, it.program_id, it.target, reason=it.body.reason),
        "Take the full release away, after a review where one is needed", path=TARGET),
)  # fmt: skip
