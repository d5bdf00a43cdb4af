"""Options that many commands share. Texts are trimmed, and a blank one counts as not given."""

from __future__ import annotations

from typing import Annotated

import typer


def trimmed(value: str) -> str | None:
    """`value` without blanks around it; None when nothing is left."""
    return value.strip() or None


AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
RepoRoot = Annotated[
    str | None,
    typer.Option("--repo-root", parser=trimmed, metavar="DIR", help="Monorepo that holds mini_programs/."),
]
ProgramRoot = Annotated[
    str | None,
    typer.Option(
        "--mini-program-root", parser=trimmed, metavar="DIR", help="Folder that holds the manifest.json."
    ),
]
BackendRoot = Annotated[
    str | None, typer.Option("--root", parser=trimmed, metavar="DIR", help="Local backend workspace.")
]
StateRoot = Annotated[
    str | None,
    typer.Option("--root", parser=trimmed, metavar="DIR", help="Folder that owns .mini_program/env.json."),
]
EnvName = Annotated[
    str | None,
    typer.Option("--env", parser=trimmed, metavar="NAME", help="Environment to use instead of the active one."),
]
OptionalProgramId = Annotated[
    str | None,
    typer.Argument(
        metavar="[mini-program-id]", parser=trimmed, help="Read from the manifest.json here when left out."
    ),
]
