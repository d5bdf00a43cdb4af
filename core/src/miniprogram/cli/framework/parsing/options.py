"""Options that many commands share. Texts are trimmed, and a blank one counts as not given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from miniprogram.cli.framework.app_context import AppContext


def trimmed(value: str) -> str | None:
    """`value` without blanks around it; None when nothing is left."""
    return value.strip() or None


def target_names(context: typer.Context, incomplete: str) -> list[str]:
    """Completes `--target`."""
    tools: AppContext = context.obj
    return [name for name in tools.registry.targets() if name.startswith(incomplete)]


def provider_names(context: typer.Context, incomplete: str) -> list[str]:
    """Completes `--provider`."""
    tools: AppContext = context.obj
    return [name for name in tools.registry.providers() if name.startswith(incomplete)]


def environment_names(context: typer.Context, incomplete: str) -> list[str]:
    """Completes the name of an environment, from the file in force."""
    from miniprogram.state.env_file import find_env  # deferred: imports pydantic

    tools: AppContext = context.obj
    found = find_env(explicit_root=None, start_directories=[tools.cwd], home=tools.home)
    names = [each.name for each in found.document.cloud_environments] if found else []
    return [name for name in names if name.startswith(incomplete)]


AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
FindingFormat = Annotated[
    Literal["text", "json", "github", "sarif"] | None,
    typer.Option("--format", help="How findings are printed: for people, programs, GitHub or code scanners."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do it; without, only tell what would be done.")]
"""Of every command that takes something away. Nobody is asked on the terminal."""
NOTHING_DONE = "Nothing was changed; repeat with --yes to do it."
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
BuildDir = Annotated[
    str | None,
    typer.Option(
        "--build-dir", parser=trimmed, metavar="DIR", help="Build there; for sources that may not be written."
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
    typer.Option(
        "--env",
        parser=trimmed,
        metavar="NAME",
        help="Environment to use instead of the active one.",
        autocompletion=environment_names,
    ),
]
OptionalProgramId = Annotated[
    str | None,
    typer.Argument(
        metavar="[mini-program-id]", parser=trimmed, help="Read from the manifest.json here when left out."
    ),
]
