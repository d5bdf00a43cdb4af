"""`capabilities`, for command lines that the fast path does not answer itself."""

from __future__ import annotations

import typer

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import emit_json, emit_lines
from miniprogram.cli.framework.parsing.options import AsJson
from miniprogram.plugins.capabilities import capabilities_document, capabilities_text


def capabilities(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List what this installation can do, for editors and scripts."""
    tools: AppContext = context.obj
    document = capabilities_document(str(tools.cwd), tools.environ)
    if as_json:
        emit_json(document)
    else:
        emit_lines(capabilities_text(document).splitlines())
