"""Settings models: the option each field becomes, and parsing that names the option that does not fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from miniprogram.errors import UsageError
from miniprogram.misfit_words import misfit_words

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

    S = TypeVar("S", bound=BaseModel)


def parse_settings(model: type[S], raw: Mapping[str, Any]) -> S:
    """`raw` (by field name; None means not given) as `model`. Raises UsageError naming the option."""
    given = {name: value for name, value in raw.items() if value is not None}
    try:
        return model.model_validate(given, by_name=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        location = str(first["loc"][0]) if first["loc"] else ""
        option = f"{_option_at(model, location)} " if location else ""
        raise UsageError(f"{option}{_sentence(first['type'], first['msg'])}") from None


class GivenSettings(dict[str, Any]):
    """The settings of a command line, by key, with the option each came from.

    A key is a field's name, or `owner.field` where owners mean different things by one field.
    """

    def __init__(self, values: Mapping[str, Any], options: Mapping[str, GivenOption]) -> None:
        super().__init__(values)
        self.options = options


@dataclass(frozen=True, slots=True)
class GivenOption:
    """An option as people type it, and the targets or providers it belongs to."""

    name: str
    owners: tuple[str, ...]


def owned_key(owner: str, field: str) -> str:
    """What a setting is found by when `owner` means something else by its field than others do."""
    return f"{owner}.{field}"


def settings_for(owner: str, settings: Mapping[str, Any], model: type[BaseModel], *, kind: str) -> dict[str, Any]:
    """The settings given for `owner`, by field name. `kind` is what it is: a target, a provider.

    Raises UsageError for the first one that belongs to others.
    """
    options = settings.options if isinstance(settings, GivenSettings) else {}
    own: dict[str, Any] = {}
    for key, value in settings.items():
        option = options.get(key, GivenOption(f"--{key.replace('_', '-')}", ()))
        field = key.rpartition(".")[2]
        if field not in model.model_fields or (option.owners and owner not in option.owners):
            whose = f"; it belongs to {', '.join(option.owners)}" if option.owners else ""
            raise UsageError(f"{option.name} is not an option of the {kind} {owner!r}{whose}")
        own[field] = value
    return own


def option_name(field: str, info: FieldInfo) -> str:
    """The option of a settings field: `--kebab-case`, or what its json_schema_extra says under `option`."""
    named = option_extras(info).get("option")
    return str(named) if named else f"--{field.replace('_', '-')}"


def option_extras(info: FieldInfo) -> Mapping[str, Any]:
    """What a field says about its option: `option`, `short`, `hidden`, `secret`, `negatable`.

    `commands` are those the option is for, where it is not for all: of `publish`, `versions` and `rollback`.
    """
    extra = info.json_schema_extra
    return extra if isinstance(extra, dict) else {}


def _option_at(model: type[BaseModel], location: str) -> str:
    for field, info in model.model_fields.items():
        if location in {field, info.alias, info.validation_alias}:
            return option_name(field, info)
    return f"--{location.replace('_', '-')}"


def _sentence(kind: str, message: str) -> str:
    if kind == "missing":
        return "is required"
    words = misfit_words({"type": kind, "msg": message})
    return words or f"does not fit: {message.removeprefix('Value error, ')}"
