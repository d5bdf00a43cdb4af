"""`schema`: the JSON Schemas of manifests and screens, for editors."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import emit_json, emit_lines
from miniprogram.cli.framework.parsing.options import trimmed
from miniprogram.errors import UsageError
from miniprogram.files import write_atomic
from miniprogram.project.schemas import DOCUMENTS, file_name, schema_of
from miniprogram.strict_json import to_pretty_json


def schema(
    context: typer.Context,
    document: Annotated[
        Literal["manifest", "screen", "theme"] | None, typer.Argument(help="What the schema describes.")
    ] = None,
    *,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", parser=trimmed, metavar="DIR", help="Write it there, or all of them."),
    ] = None,
) -> None:
    """Print the JSON Schema of a manifest, a screen or a theme, or write the schemas into a folder."""
    tools: AppContext = context.obj
    if output is None:
        if document is None:
            hint = "Try `miniprogram schema screen`, or `miniprogram schema --output schemas` for all of them."
            raise UsageError(f"name a document ({', '.join(DOCUMENTS)}) or a folder", hint=hint)
        emit_json(schema_of(document))
        return
    folder = tools.cwd / output
    for each in (document,) if document else DOCUMENTS:
        write_atomic(folder / file_name(each), to_pretty_json(schema_of(each)) + b"\n")
        emit_lines([f"Wrote {folder / file_name(each)}"])
