"""The verbs of releases: one row each, from which commands, operations, forms, help and the reference are made.

Who may give a verb, and from which states, is said by the transition table; what it is told, by `arguments`. This
module imports neither, so that help and completion know the verbs without loading a model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from miniprogram.identity.roles import Role
    from miniprogram.releases.arguments import Arguments
    from miniprogram.releases.model.states import State

Scope = Literal["new", "release", "target"]


class Verb(NamedTuple):
    """A row. `scope`: it is about a version that becomes a release, a release, or the full release of a target."""

    name: str
    summary: str
    """What it does, in one sentence."""
    label: str
    """What a button says."""
    done: str
    """What the trail says somebody did."""
    effect: str = ""
    """What follows for users, said before it is done."""
    scope: Scope = "release"
    dangerous: bool = False
    """Whether it takes something away from users."""
    reaches_everybody: bool = False
    """Whether what every host of the target gets changes at once: worth asking again."""
    brake: bool = False
    """Whether it only narrows who is served: the release must be as it was looked at, others may have changed."""

    @property
    def command(self) -> str:
        """What events, reports and the command line call it."""
        return f"release {self.name}"

    @property
    def path(self) -> str:
        """The last part of its address."""
        return "releases" if self.scope == "new" else self.name.replace(" ", "-")

    @property
    def arguments(self) -> type[Arguments]:
        from miniprogram.releases.arguments import ARGUMENTS  # deferred: imports pydantic

        return ARGUMENTS[self.name]

    @property
    def roles(self) -> frozenset[Role]:
        """Who may, from one state or another."""
        from miniprogram.releases.state_machine.transitions import TABLE  # deferred: imports pydantic

        return frozenset(role for row in TABLE if row.verb == self.name for role in row.roles)

    @property
    def states(self) -> frozenset[State | None]:
        """What it may start from; None: there is no attempt under way."""
        from miniprogram.releases.state_machine.transitions import TABLE  # deferred: imports pydantic

        return frozenset(state for row in TABLE if row.verb == self.name for state in row.sources)


VERBS: tuple[Verb, ...] = (
    Verb("create", "Start bringing a published version to a host app.", "Create release", "started", scope="new"),
    Verb("reopen", "Start another attempt after one that was rejected, withdrawn or canceled.",
         "Start another attempt", "reopened"),
    Verb("configure", "Say what the release is: name, domains, how hosts upgrade, who may have it.",
         "Save", "configured"),
    Verb("apply", "Ask a reviewer to let it through; where none is needed it is approved at once.",
         "Apply for release", "applied for", "Once applied for, it cannot be changed."),
    Verb("withdraw", "Take an application back.", "Withdraw the application", "withdrew"),
    Verb("approve", "Let it through, or agree to taking a full release offline.", "Approve", "approved"),
    Verb("reject", "Refuse it, with a reason.", "Reject", "rejected"),
    Verb("pilot start", "Begin the pilot: testers get it before anybody else.", "Start the pilot",
         "started the pilot of", "Testers get it before anybody else."),
    Verb("testers add", "Add testers by hand or from a file.", "Add testers", "added testers to"),
    Verb("testers remove", "Take testers off the list.", "Remove testers", "took testers off"),
    Verb("pilot complete", "End the pilot; its testers keep the version.", "Complete the pilot",
         "completed the pilot of", "The testers keep the version."),
    Verb("pilot skip", "Go on without a pilot.", "Skip the pilot", "skipped the pilot of"),
    Verb("grayscale", "Give it to a percentage, which only goes up, and to whom its time window admits.",
         "Set the share", "raised the share of"),
    Verb("shrink", "Lower the percentage; who has the version keeps it.", "Shrink", "lowered the share of",
         "Those who have it keep it.", dangerous=True),
    Verb("finish", "Give it to everybody; the full release before is archived.", "Finish", "finished",
         "Everybody gets it; what was full before is kept to fall back to.", reaches_everybody=True),
    Verb("pause", "Admit nobody new; those who have it keep it.", "Pause: admit nobody new", "paused",
         brake=True),
    Verb("resume", "Go on after a pause or a halt.", "Resume", "resumed"),
    Verb("halt", "Serve it to nobody at once: all get the last good version.", "Halt", "halted",
         "Everybody gets the last good version, at once.", dangerous=True, brake=True),
    Verb("cancel", "Give up on it; users fall back to the full version.", "Cancel the release", "canceled",
         "Give up on it; users fall back to the full version.", dangerous=True),
    Verb("rollback", "Take the full release back and serve the one before.", "Roll back", "rolled back",
         "The version you choose is served again.", scope="target", dangerous=True, reaches_everybody=True),
    Verb("offline", "Ask for the full release to be taken away; in production a reviewer decides.",
         "Take it offline", "asked to take offline", scope="target", dangerous=True, reaches_everybody=True),
    Verb("force-remove", "Suspend a release at once, whatever its state.", "Remove by force", "removed by force",
         "Suspends it at once, whatever its state.", dangerous=True, brake=True),
)  # fmt: skip
"""In the order of a release's life."""

BY_NAME = {verb.name: verb for verb in VERBS}
BY_COMMAND = {verb.command: verb for verb in VERBS}
