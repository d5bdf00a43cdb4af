"""The command `miniprogram hello greet`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer
from pydantic import BaseModel

from miniprogram.cli.framework.output import emit
from miniprogram.cli.framework.parsing.options import AsJson


class Greeting(BaseModel):
    """What `--json` prints."""

    name: str


def greet(
    context: typer.Context,  # noqa: ARG001 - its `obj` holds the folder, the environment and the clock of this run
    name: Annotated[str, typer.Argument(help="Whom to greet.")] = "world",
    *,
    as_json: AsJson = False,
) -> None:
    """Greet somebody."""
    emit(Greeting(name=name), as_json=as_json, lines=_lines)


def _lines(greeting: Greeting) -> Iterator[str]:
    yield f"Hello, {greeting.name}!"
