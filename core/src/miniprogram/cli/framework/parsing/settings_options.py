"""Options made from settings models, so that a plugin's settings need no change in core.

A command that declares `settings_of` has a keyword parameter `settings`. Typer sees one option per field of the
models instead of it; the command gets a mapping, by field name, of the options that were given.
"""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

import typer
from pydantic import BaseModel, SecretBytes, SecretStr

from miniprogram.cli.framework.pages.command_page import OwnedPanel, joined_help
from miniprogram.cli.framework.parsing.signatures import parameters_of, stand_for
from miniprogram.errors import PluginError
from miniprogram.plugins.settings import GivenOption, GivenSettings, option_extras, option_name, owned_key

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

PARAMETER = "settings"
PREFIX = "setting_"
_LONG = re.compile(r"--[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_SHORT = re.compile(r"-[A-Za-z]")

Report = Callable[[str, str], None]
"""Told the owner of settings that cannot be options, and why."""


def ignore(owner: str, reason: str) -> None:
    """For those who want the options only."""


@dataclass(frozen=True, slots=True)
class SettingOption:
    """One option, shared by every model that has the field.

    `key` is what the command finds its value by: the field, or `owner.field` where owners mean different things.
    `kind` is bool, int, float, Path or str; `choices` are the values allowed, none for any. `helps` maps the
    owner (a target's or provider's name) to its text.
    """

    field: str
    key: str
    name: str
    kind: type
    many: bool
    choices: tuple[Any, ...]
    short: str | None
    negatable: bool
    hidden: bool
    secret: bool
    helps: Mapping[str, str]


def collect_options(
    models: Mapping[str, type[BaseModel]],
    *,
    taken: Collection[str] = (),
    report: Report = ignore,
    command: str = "",
) -> list[SettingOption]:
    """The options of `models` (by owner, those of the core first), in the order they are met.

    Fields that say which commands they are for are left out of others than those.

    Owners that mean the same by a field share its option. One that means something else, or claims an option in
    `taken` or of another field, gets a name of its own: `--<owner>-<field>`. An owner with a field that cannot be
    an option at all is left out and told to `report`, with the reason.
    """
    options: list[SettingOption] = []
    for owner, model in models.items():
        try:
            wanted = [
                _option(owner, field, info)
                for field, info in model.model_fields.items()
                if option_extras(info).get("option") is not False and _is_for(command, info)
            ]
        except PluginError as error:
            report(owner, str(error))
            continue
        except Exception as error:  # noqa: BLE001 - what a model of a plugin says about itself may be anything
            report(owner, f"the settings of {owner} cannot be options: {type(error).__name__}: {error}")
            continue
        for option in wanted:
            _add_option(options, option, owner, taken)
    return options


def accept_settings(
    function: Callable[..., Any],
    models: Mapping[str, type[BaseModel]],
    *,
    report: Report = ignore,
    command: str = "",
) -> Callable[..., Any]:
    """`function` with its `settings` parameter replaced by the options of `models`; see `collect_options`."""
    own = [parameter for parameter in parameters_of(function) if parameter.name != PARAMETER]
    options = collect_options(models, taken=_taken_names(own), report=report, command=command)
    fields = {PREFIX + option.key.replace(".", "_").replace("-", "_"): option.key for option in options}
    origins = {option.key: GivenOption(option.name, tuple(option.helps)) for option in options}

    def with_settings(*args: Any, **values: Any) -> Any:
        read = {key: _without_blanks(values.pop(name, None)) for name, key in fields.items()}
        given = GivenSettings({key: value for key, value in read.items() if value is not None}, origins)
        return function(*args, **values, **{PARAMETER: given})

    everybody = frozenset(models)
    more = (_parameter(name, option, everybody) for name, option in zip(fields, options, strict=True))
    parameters = [*own, *more]
    return stand_for(with_settings, function, parameters)


def _is_for(command: str, info: FieldInfo) -> bool:
    """Whether a field is an option of `command`; of any when it says nothing."""
    commands = option_extras(info).get("commands")
    return not command or not commands or command in commands


def _add_option(options: list[SettingOption], option: SettingOption, owner: str, taken: Collection[str]) -> None:
    """Add `option` to `options`: shared, under its own name, or under one with its owner in front."""
    for position, other in enumerate(options):
        if other.key == option.field and _means_the_same(other, option):
            options[position] = _merge(other, option)
            return
    names = {*taken, *(name for each in options for name in (each.name, each.short) if name)}
    keys = {each.key for each in options}
    if option.name in names or option.key in keys:
        name = f"--{owner}-{option.field.replace('_', '-')}"
        option = replace(option, key=owned_key(owner, option.field), name=name, short=None)
    elif option.short in names:
        option = replace(option, short=None)
    options.append(option)


def _without_blanks(value: Any) -> Any:
    return [item for item in value if item is not None] or None if isinstance(value, list) else value


def _option(owner: str, field: str, info: FieldInfo) -> SettingOption:
    extras = option_extras(info)
    kind, many, choices, secret = _shape(info.annotation)
    if kind is None:
        raise PluginError(f"setting {field!r} of {owner} has a type that cannot be an option")
    name, short = option_name(field, info), extras.get("short")
    if not _LONG.fullmatch(name):
        raise PluginError(f"setting {field!r} of {owner}: {name!r} is no option, such as --base-url")
    if short is not None and not (isinstance(short, str) and _SHORT.fullmatch(short)):
        raise PluginError(f"setting {field!r} of {owner}: {short!r} is no short option, such as -o")
    return SettingOption(
        field=field,
        key=field,
        name=name,
        kind=kind,
        many=many,
        choices=choices,
        short=short,
        negatable=bool(extras.get("negatable")),
        hidden=bool(extras.get("hidden")),
        secret=secret or bool(extras.get("secret")),
        helps={owner: _help(info, secret=secret)},
    )


def _shape(annotation: Any) -> tuple[type | None, bool, tuple[Any, ...], bool]:
    """What one value is, whether there may be many, what it is chosen from, and whether it is a secret."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _shape(arguments[0])
    if origin in {Union, types.UnionType}:
        rest = [argument for argument in arguments if argument is not type(None)]
        return _shape(rest[0]) if len(rest) == 1 else (None, False, (), False)
    if origin in {list, tuple, set, frozenset}:
        kind, _, choices, secret = _shape(arguments[0]) if arguments else (str, False, (), False)
        return kind, True, choices, secret
    if origin is Literal:
        return type(arguments[0]), False, arguments, False
    return _scalar(annotation)


def _scalar(annotation: Any) -> tuple[type | None, bool, tuple[Any, ...], bool]:
    if not isinstance(annotation, type) or issubclass(annotation, dict | BaseModel):
        return None, False, (), False
    if issubclass(annotation, Enum):
        return str, False, tuple(str(member.value) for member in annotation), False
    if annotation in {bool, int, float} or issubclass(annotation, Path):
        return annotation, False, (), False
    return str, False, (), issubclass(annotation, SecretStr | SecretBytes)


def _help(info: FieldInfo, *, secret: bool) -> str:
    text = " ".join((info.description or info.title or "").split()).rstrip(".")
    default = info.get_default()
    if info.is_required():
        note = "required"
    elif secret or default in (None, "", False) or not isinstance(default, str | int | float | Path):
        note = ""
    else:
        note = f"default: {default}"
    said = ", ".join(part for part in (text, note) if part)
    return said[:1].upper() + said[1:]


def _means_the_same(first: SettingOption, second: SettingOption) -> bool:
    def meaning(option: SettingOption) -> tuple[object, ...]:
        return (option.name, option.kind, option.many, option.short, option.negatable)

    return meaning(first) == meaning(second)


def _merge(first: SettingOption, second: SettingOption) -> SettingOption:
    both_chosen = first.choices and second.choices
    return replace(
        first,
        choices=tuple(dict.fromkeys((*first.choices, *second.choices))) if both_chosen else (),
        hidden=first.hidden and second.hidden,
        secret=first.secret or second.secret,
        helps={**first.helps, **second.helps},
    )


def _taken_names(own: list[inspect.Parameter]) -> set[str]:
    """The options a command has itself."""
    taken = {"--help", "-h", "--verbose"}
    for parameter in own:
        for marker in getattr(parameter.annotation, "__metadata__", ()):
            taken.update(_declared(marker, parameter.name))
    return taken


def _declared(marker: Any, parameter: str) -> set[str]:
    names = {getattr(marker, "default", None), *(getattr(marker, "param_decls", None) or ())}
    declared = {part for name in names if isinstance(name, str) for part in name.split("/")}
    return declared or {f"--{parameter.replace('_', '-')}"}


def _parameter(name: str, option: SettingOption, everybody: frozenset[str]) -> inspect.Parameter:
    single: Any = bool if option.kind is bool else str
    annotation = (list[single] if option.many else single) | None
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[annotation, _typer_option(option, everybody)],
    )


def _typer_option(option: SettingOption, everybody: frozenset[str]) -> Any:
    names = [option.name, *([option.short] if option.short else [])]
    shown: dict[str, Any] = {
        "help": joined_help(option.helps),
        "hidden": option.hidden,
        "show_default": False,
        "rich_help_panel": OwnedPanel(option.helps, everybody),
    }
    if option.kind is bool:
        flag = f"{option.name}/--no-{option.name.removeprefix('--')}" if option.negatable else option.name
        return typer.Option(flag, *names[1:], **shown)
    return typer.Option(
        *names,
        **shown,
        metavar=_metavar(option),
        parser=_reader(option),
        autocompletion=_chooser(option) if option.choices else None,
    )


def _metavar(option: SettingOption) -> str:
    if option.choices:
        return "|".join(str(choice) for choice in option.choices)
    return {int: "NUMBER", float: "NUMBER"}.get(option.kind, "PATH" if issubclass(option.kind, Path) else "TEXT")


def _chooser(option: SettingOption) -> Callable[[str], list[str]]:
    def choices(incomplete: str) -> list[str]:
        return [str(choice) for choice in option.choices if str(choice).startswith(incomplete)]

    return choices


def _reader(option: SettingOption) -> Callable[[str], Any]:
    """Reads one value: trimmed, a blank one as None. Raises BadParameter, which Typer prefixes with the option."""

    def value(raw: Any) -> Any:
        text = str(raw).strip()
        return _read(option, text) if text else None

    return value


def _meant(text: str, known: list[str]) -> str:
    from miniprogram.suggestions import closest  # deferred: only a mistake needs it

    near = closest(text, known)
    return f"; did you mean {near}?" if near else ""


def _read(option: SettingOption, text: str) -> Any:
    shown = "this value" if option.secret else repr(text)
    if option.choices:
        chosen = [choice for choice in option.choices if str(choice) == text]
        if not chosen:
            known = list(map(str, option.choices))
            meant = "" if option.secret else _meant(text, known)
            raise typer.BadParameter(f"{shown} is not one of {', '.join(known)}{meant}")
        return chosen[0]
    if option.kind in {int, float}:
        try:
            return option.kind(text)
        except ValueError:
            raise typer.BadParameter(f"{shown} is not a number") from None
    return Path(text) if issubclass(option.kind, Path) else text
