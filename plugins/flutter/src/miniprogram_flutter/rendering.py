"""Templates to Dart and Markdown. Every value becomes a string literal, unless it says it is code."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from miniprogram_flutter.dart import literal

if TYPE_CHECKING:
    from jinja2 import Environment


class DartCode(str):
    """Text that goes into a template as it is: a name we made, or source we rendered."""

    __slots__ = ()


def render(template: str, **values: object) -> bytes:
    """The template file `template` (without `.j2`) with `values`, as UTF-8."""
    return _environment().get_template(f"{template}.j2").render(values).encode()


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # deferred: reading an app renders nothing

    return Environment(
        loader=PackageLoader("miniprogram_flutter"),
        autoescape=False,  # noqa: S701 - the output is Dart: `finalize` escapes for it
        finalize=_finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _finalize(value: object) -> str:
    return value if isinstance(value, DartCode) else literal(str(value))
