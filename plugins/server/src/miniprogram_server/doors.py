"""What is done about releases, and by which doors: command line, API, console. The page `doors.md` is made of it.

Verbs follow from the transition table; the rest is written down here, and a test holds the rows to the commands,
the operations and the pages that there are.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from miniprogram.releases.state_machine.transitions import TABLE
from miniprogram.releases.verbs import VERBS, Verb
from miniprogram_server.admin.operations.releases import RELEASE, operation_name

PROGRAM = "/programs/{programId}"
SO_FAR = "on the command line only so far"
REPAIR = "with the store: a page cannot show what cannot be read"


class Door(NamedTuple):
    """A row. A blank door is shut, and `because` says why."""

    what: str
    commands: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    page: str = ""
    """The address in the console, below /console."""
    because: str = ""


def of_verb(verb: Verb) -> Door:
    """The row of a release verb."""
    page = f"{PROGRAM}/releases" if verb.scope == "new" else f"{RELEASE}/{verb.path}"
    return Door(verb.summary.rstrip("."), (verb.command,), (operation_name(verb),), page)


OTHERS: tuple[Door, ...] = (
    Door("See the releases of a program", ("release list",), ("ReleaseList",), PROGRAM),
    Door(
        "See those that ended", (), ("ReleaseHistory",), f"{PROGRAM}/archived",
        "`release list --archived` lists them",
    ),
    Door(
        "See the published versions", (), ("VersionList",), f"{PROGRAM}/versions",
        "`versions --env` lists them",
    ),
    Door("See the programs", (), ("ProgramList",), "/", "`cloud app list` lists them"),
    Door("See one release", ("release show",), ("ReleaseShow",), RELEASE),
    Door("See what waits for a review", ("release reviews",), ("ReviewList",), "/reviews"),
    Door("See the testers", ("release testers list",), ("TesterList",), f"{RELEASE}/testers"),
    Door("Ask who gets what, and why", ("release why",), ("ReleaseWhy",), f"{PROGRAM}/why"),
    Door("Count who would move", ("release simulate",), ("ReleaseSimulate",), f"{RELEASE}/numbers"),
    Door("Find what can never happen", ("release lint",), ("ReleaseLint",), f"{PROGRAM}/check"),
    Door(
        "Deny a release, or pin people to one", ("release deny", "release pin"), ("OverrideAdd",),
        f"{PROGRAM}/overrides",
    ),
    Door("See the overrides", ("release overrides",), ("OverrideList",), f"{PROGRAM}/overrides"),
    Door("Lift one", ("release lift",), ("OverrideLift",), f"{PROGRAM}/overrides/{{overrideId}}/lift"),
    Door(
        "Decide what other hosts get", ("release otherwise", "release others"), ("OtherwiseSet",),
        f"{PROGRAM}/overrides/otherwise",
    ),
    Door("Make a link", ("qr",), ("LinkIssue",), f"{RELEASE}/links"),
    Door(
        "Show a link again, or take it back", (), (), f"{RELEASE}/links/{{link}}/revoke",
        "only in the console so far",
    ),
    Door(
        "See the segments, and who is in one", ("segment list", "segment show"), ("SegmentList", "SegmentShow"),
        f"{PROGRAM}/segments",
    ),
    Door(
        "Make or replace a segment", ("segment create", "segment import"), ("SegmentImport", "SegmentPatterns"),
        f"{PROGRAM}/segments",
    ),
    Door(
        "Put ids into a segment, or take some out", ("segment change",), ("SegmentChange",),
        f"{PROGRAM}/segments/{{segment}}/ids",
    ),
    Door("Remove a segment", ("segment remove",), ("SegmentRemove",), f"{PROGRAM}/segments/remove"),
    Door("See the switches", ("switch list",), ("SwitchList",), f"{PROGRAM}/switches"),
    Door("Make or change a switch", ("switch set",), ("SwitchSet",), f"{PROGRAM}/switches"),
    Door(
        "Turn a switch", ("switch on", "switch off", "switch enable", "switch disable"), ("SwitchTurn",),
        f"{PROGRAM}/switches/turn",
    ),
    Door("Remove a switch", ("switch remove",), ("SwitchRemove",), f"{PROGRAM}/switches/remove"),
    Door("Take switches over", ("switch import",), ("SwitchImport",), f"{PROGRAM}/switches/import"),
    Door("Write the switches out", ("switch export",), (), f"{PROGRAM}/switches/export", "`SwitchList` has them"),
    Door("See the host apps", ("app list",), ("AppList",), "/apps"),
    Door("Add a host app", ("app add",), ("AppAdd",), "/apps"),
    Door("Change its title", ("app update",), ("AppUpdate",), "/apps/title"),
    Door("Change the rules of an environment", ("app environment set",), ("AppEnvironmentSet",), "/apps/rules"),
    Door("Remove a host app", ("app remove",), ("AppRemove",), "/apps/remove"),
    Door(
        "See what was done", ("release history", "audit show"), ("AuditList", "EnvironmentAuditList"),
        f"{PROGRAM}/audit",
    ),
    Door(
        "Write the trail out", ("audit export",), (), f"{PROGRAM}/audit/export",
        "`AuditList` gives it page by page",
    ),
    Door("See who was denied what", ("audit denials",), ("DenialList",), "/audit"),
    Door(
        "Check that nobody changed the trail", ("audit verify",), ("AuditVerify", "EnvironmentAuditVerify"),
        f"{PROGRAM}/audit/verify",
    ),
    Door("See who is a member", ("member list",), ("MemberList", "Me"), "/people"),
    Door("Add a member, or give roles", ("member add",), ("MemberAdd",), "/members"),
    Door("Give a member another role", (), (), "/people/{member}/give", "the row above does it"),
    Door("Take roles from a member", ("member revoke",), ("MemberRevoke",), "/people/{member}/take"),
    Door(
        "Remove a member", ("member remove",), ("MemberRemove",), "", "the page of the next row does that and more"
    ),
    Door(
        "See somebody off, and what waits for them", ("member offboard",), ("MemberLeaving", "MemberOffboard"),
        "/people/{member}/offboard",
    ),
    Door("See the tokens", ("token list",), ("TokenList",), "/tokens"),
    Door("Make a token", ("token create",), ("TokenCreate",), "/tokens"),
    Door("Revoke a token", ("token revoke",), ("TokenRevoke",), "/tokens/{tokenId}/revoke"),
    Door(
        "See who is signed in", (), ("SessionList",), "/sessions",
        "each server keeps its sessions; `audit access` tells who signed in",
    ),
    Door("End a session", (), ("SessionEnd",), "/sessions", "each server keeps its sessions"),
    Door("End every session of a member", ("session end",), ("MemberSessionsEnd",), "/sessions/end"),
    Door("See who signed in, and who did not", ("audit access",), ("AccessList",), "/access"),
    Door("See who is told what happens", ("notice list",), (), "", SO_FAR),
    Door("Send notices to an address", ("notice add",), (), "", SO_FAR),
    Door("See what was sent", ("notice log",), (), "", SO_FAR),
    Door("Try whether notices arrive", ("notice test",), (), "", SO_FAR),
    Door("Send a notice again", ("notice resend",), (), "", SO_FAR),
    Door("Replace the secret that signs notices", ("notice rotate",), (), "", SO_FAR),
    Door("Stop notices, and go on", ("notice disable", "notice enable"), (), "", SO_FAR),
    Door("End a subscription", ("notice remove",), (), "", SO_FAR),
    Door("Mend a broken document", ("release repair",), ("ReleaseExamine", "ReleaseRepair"), "", REPAIR),
)  # fmt: skip

DOORS: tuple[Door, ...] = (*map(of_verb, VERBS), *OTHERS)

INTRODUCTION = """\
# By which doors

What is done about releases, on the command line, over the [API](admin-api.md) and in the
[console](../howto/use-the-console.md). All three call the same use cases. Generated from the code.

A verb starts from the states that the transition table names; who may give it is on the page about
[releases](releases.md).
"""


def render() -> str:
    """The page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield INTRODUCTION
    yield "| what | from | command | operation | page of the console |\n|---|---|---|---|---|"
    for verb in VERBS:
        yield _row(of_verb(verb), _states(verb))
    yield from (_row(each, "") for each in OTHERS)


def _row(door: Door, states: str) -> str:
    commands = ", ".join(f"`{each}`" for each in door.commands)
    operations = ", ".join(f"`{each}`" for each in door.operations)
    page = f"`{door.page}`" if door.page else ""
    cells = [each or f"– ({door.because})" for each in (commands, operations, page)]
    return f"| {door.what} | {states} | {' | '.join(cells)} |"


def _states(verb: Verb) -> str:
    found = {state for row in TABLE if row.verb == verb.name for state in row.sources}
    nothing = "new" if verb.scope == "new" else "ended"
    return ", ".join(sorted(nothing if state is None else state.replace("_", " ") for state in found))


if __name__ == "__main__":
    Path(sys.argv[1], "doors.md").write_text(render(), "utf-8")
