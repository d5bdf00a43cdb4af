"""Checks of property values by their catalogue type: scalars, lists, objects, child nodes."""

from __future__ import annotations

from functools import cache
from typing import Any

from miniprogram.stac.catalog import Property, load_catalog
from miniprogram.stac.checks import scalars
from miniprogram.stac.checks.members import Shape, check_members, property_check
from miniprogram.stac.checks.run import Check, Run, quote
from miniprogram.stac.checks.scope import Scope
from miniprogram.stac.json_path import JsonPath


@cache
def value_check(type_name: str) -> Check:
    """The check for values of a catalogue type, `list<…>` and `map<int,…>` included."""
    if type_name.startswith("list<"):
        return list_check(value_check(type_name[5:-1]))
    if type_name.startswith("map<int,"):
        return _int_map_check(value_check(type_name[8:-1]))
    return scalars.SCALARS.get(type_name) or _named_check(type_name)


def _named_check(type_name: str) -> Check:
    is_object = _object_check(type_name)

    def check(run: Run, value: Any, path: JsonPath, scope: Scope) -> None:
        run.grammar.named.get(type_name, is_object)(run, value, path, scope)

    return check


def plain_property_check(field: Property) -> Check:
    """The check for a property, for every version's way of writing it."""
    if field.enum is not None:
        return scalars.enum_check(field.enum, other=field.current_enum)
    if field.current_enum is not None:  # coordinates in the old dialect, a name today
        return value_check("alignmentGeometryAny")
    if (field.type, field.current_type) == ("int", "duration"):
        return _check_microseconds
    return value_check(field.current_type or field.type)


def list_check(item_check: Check) -> Check:
    """A check for lists whose items pass `item_check`."""

    def check(run: Run, value: Any, path: JsonPath, scope: Scope) -> None:
        if not isinstance(value, list):
            if not scalars.takes_binding(run, value, path, scope):
                run.bad_type(path, "a list", value)
            return
        for index, item in enumerate(value):
            item_check(run, item, (path, index), scope)

    return check


def _int_map_check(item_check: Check) -> Check:
    def check(run: Run, value: Any, path: JsonPath, scope: Scope) -> None:
        if not isinstance(value, dict):
            run.bad_type(path, "an object", value)
            return
        for key, item in value.items():
            if not (isinstance(key, str) and key.isdecimal()):
                run.error("bad_key", path, f'"{quote(str(key))}" is no column number written as a text')
            item_check(run, item, (path, str(key)), scope)

    return check


def _object_check(type_name: str) -> Check:
    def check(run: Run, value: Any, path: JsonPath, scope: Scope) -> None:
        if isinstance(value, dict):
            check_members(run, value, value_shape(type_name), path, scope)
        elif not scalars.takes_binding(run, value, path, scope):
            run.bad_type(path, f"a {type_name} object", value)

    return check


def _check_microseconds(run: Run, value: Any, path: JsonPath, scope: Scope) -> None:
    check = value_check("duration") if isinstance(value, dict) else scalars.check_int
    check(run, value, path, scope)


@cache
def value_shape(type_name: str) -> Shape:
    """The shape of objects of a value type: every field that any version reads."""
    value_type = load_catalog().value(type_name)
    fields = {} if value_type is None else value_type.fields
    has_one_spelling = value_type is not None and sum(form.json == "object" for form in value_type.forms) == 1
    return Shape(
        name=type_name,
        title=f"a {type_name}",
        checks={
            name: property_check(type_name, field, plain_property_check(field)) for name, field in fields.items()
        },
        needed=tuple(name for name, field in fields.items() if field.is_needed and has_one_spelling),
        passed_over=frozenset({"type"}),  # a decorative type in a value object is ignored, and common
    )
