"""Settings models as options: parse what was given, name what does not fit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from miniprogram.errors import UsageError

if TYPE_CHECKING:
    from pydantic import BaseModel

    S = TypeVar("S", bound=BaseModel)


def parse_settings(model: type[S], raw: Mapping[str, Any]) -> S:
    """`raw` (by field name; None means not given) as `model`. Raises UsageError naming the option."""
    given = {name: value for name, value in raw.items() if value is not None}
    try:
        return model.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = str(first["loc"][0]) if first["loc"] else ""
        option = f"--{place.replace('_', '-')}: " if place else ""
        raise UsageError(f"{option}{_sentence(first['type'], first['msg'])}") from None


def _sentence(kind: str, message: str) -> str:
    if kind == "missing":
        return "is required"
    return message.removeprefix("Value error, ")
