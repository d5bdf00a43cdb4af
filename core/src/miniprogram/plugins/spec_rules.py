"""What the fields of a spec must hold, and what its factories must make: checked when a plugin is asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from miniprogram.errors import PluginError
from miniprogram.record import Record

TEXTS = {"summary", "label", "id", "feature", "command"}
FUNCTIONS = {"settings", "create", "open", "run", "paint"}
OPTIONAL_FUNCTIONS = {"preview"}
TRUTHS = {"needs_environment", "anywhere", "passes_on"}

S = TypeVar("S", bound=Record)


def objections(spec: Record) -> Iterator[str]:
    """What is wrong with the fields of `spec`, as ends of sentences that begin with its name."""
    for field in spec.fields:
        value = getattr(spec, field)
        objection = _objection(field, value)
        if objection is not None:
            yield f"has {value!r} as its {field}, which {objection}"


def miscalled(spec: Record) -> Iterator[str]:
    """What of `spec` does not take what it is called with, as ends of sentences that begin with its name."""
    import inspect  # deferred: only who checks plugins asks

    for field in spec.fields:
        wanted = re.match(r"Callable\[\[(.*?)\], ", str(type(spec).__annotations__[field]))
        called = getattr(spec, field)
        called = called.factory if isinstance(called, CheckedFactory) else called
        if wanted is None or called is None:
            continue
        types = re.findall(r"(?:[^,\[]|\[.*?\](?=,|$))+", wanted[1])
        try:
            signature = inspect.signature(called)
        except (TypeError, ValueError):
            continue  # nobody knows what it takes
        try:
            signature.bind(*types)
        except TypeError as error:
            yield f"has a {field} that cannot be called with ({', '.join(map(str.strip, types))}): {error}"


def with_checked_factories(spec: S, makes: Mapping[str, str], title: str, owner: str) -> S:
    """`spec`, whose factories refuse what lacks a member of its protocol.

    `makes` maps a factory's field to its protocol, as `module:Class`; it is imported when something is made.
    """
    values = {field: getattr(spec, field) for field in spec.fields}
    name = next(iter(values.values()))
    for field, protocol in makes.items():
        if values[field] is not None:
            values[field] = CheckedFactory(values[field], protocol, f"the {title} {name!r} of {owner}")
    return type(spec)(**values)


def protocol_members(protocol: type) -> list[str]:
    """The public names that whatever implements `protocol` has, in the order they are declared."""
    found: dict[str, None] = {}
    for base in reversed(protocol.__mro__):
        if getattr(base, "_is_protocol", False):
            names = {**vars(base).get("__annotations__", {}), **vars(base)}
            found.update(dict.fromkeys(name for name in names if not name.startswith("_")))
    return list(found)


def load_protocol(location: str) -> type:
    """The class at `module:Class`."""
    import importlib

    module, _, name = location.partition(":")
    found: type = getattr(importlib.import_module(module), name)
    return found


class CheckedFactory(Record):
    """A factory of a spec that refuses what lacks a member of the protocol at `location`."""

    factory: Callable[..., Any]
    location: str
    whose: str

    def __call__(self, *args: Any, **named: Any) -> Any:
        try:
            made = self.factory(*args, **named)
        except TypeError as error:
            if error.__traceback__ is None or error.__traceback__.tb_next is not None:
                raise
            # no line of the factory ran: that it takes something else is a fault of whoever declared it
            raise PluginError(f"{self.whose} cannot be made: {error}") from None
        protocol = load_protocol(self.location)
        missing = [member for member in protocol_members(protocol) if not _has(made, member)]
        if missing:
            what = f"{type(made).__name__} has no {', '.join(missing)}"
            raise PluginError(f"{self.whose} makes something that is no {protocol.__name__}: {what}")
        return made


def _has(thing: object, member: str) -> bool:
    """Whether `thing` has `member`, without running a property if that can be avoided."""
    return hasattr(type(thing), member) or member in getattr(thing, "__dict__", {}) or hasattr(thing, member)


def _objection(field: str, value: object) -> str | None:
    if field in TEXTS:
        return (
            None if isinstance(value, str) and value.strip() and value.isprintable() else "is not a line of text"
        )
    if field in FUNCTIONS or (field in OPTIONAL_FUNCTIONS and value is not None):
        return None if callable(value) else "cannot be called"
    if field in TRUTHS:
        return None if isinstance(value, bool) else "is neither True nor False"
    return _SHAPES[field](value) if field in _SHAPES else None


_NAME = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")


def _name(value: object) -> str | None:
    fits = isinstance(value, str) and _NAME.fullmatch(value)
    return None if fits else "is no name: small letters and digits, such as 'acme-cloud'"


def _suffix(value: object) -> str | None:
    fits = isinstance(value, str) and re.fullmatch(r"\.[^\sA-Z]+", value) and value.isprintable()
    return None if fits else "is not a dot and small letters, such as '.toml'"


def _location(value: object) -> str | None:
    parts = value.split(":") if isinstance(value, str) else []
    fits = len(parts) == 2 and all(part.replace(".", "_").isidentifier() for part in parts)
    return None if fits else "is not 'module:function'"


def _path(value: object) -> str | None:
    fits = (
        isinstance(value, tuple)
        and value
        and all(
            isinstance(word, str) and word.isprintable() and word.split() == [word] and not word.startswith("-")
            for word in value
        )
    )
    return None if fits else "is not a tuple of words"


def _some_names(value: object) -> str | None:
    return None if value == () else _names(value)


def _names(value: object) -> str | None:
    fits = isinstance(value, tuple) and value and all(isinstance(each, str) and each.strip() for each in value)
    return None if fits else "is not a tuple of names"


def _sentence_or_blank(value: object) -> str | None:
    return None if isinstance(value, str) and (value.isprintable() or not value) else "is not a line of text"


def _settings_of(value: object) -> str | None:
    return None if value in (None, "publish_targets", "cloud_providers") else "is nothing that has settings"


_SHAPES: dict[str, Callable[[object], str | None]] = {
    "name": _name,
    "scheme": _name,
    "suffix": _suffix,
    "load": _location,
    "path": _path,
    "storages": _names,
    "shown": _some_names,
    "settings_of": _settings_of,
    "group": _sentence_or_blank,
}
