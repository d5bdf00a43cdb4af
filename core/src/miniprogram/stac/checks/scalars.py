"""Checks of single values: numbers, texts, flags, colours, names out of a fixed list.

What the runtime converts passes; what makes it give up on the node is an error; what it quietly turns into
something else (a colour it does not know becomes transparent) is a warning. `{{name}}` placeholders are
replaced by text before a node is parsed, so they pass wherever a text is read or a number converted from text.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from miniprogram.stac.catalog import load_catalog
from miniprogram.stac.checks.run import Check, Run, quote
from miniprogram.stac.checks.scope import Scope
from miniprogram.stac.json_path import JsonPath

_NUMBER_WORDS = frozenset({"infinity", "negativeInfinity", "nan", "minPositive", "maxFinite"})
_HEX_COLOR = re.compile(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\Z")
_BARE_HEX = re.compile(r"(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\Z")
_PERCENT = re.compile(r"\d{1,3}\Z")
_MAX_NUMBER_TEXT = 64


def has_placeholder(run: Run, value: Any, path: JsonPath, scope: Scope) -> bool:
    """Whether `value` is a text with `{{…}}` in it. Such texts are kept for the binding rules."""
    if isinstance(value, str) and "{{" in value:
        run.bindings.append((path, value, scope))
        return True
    return False


def takes_binding(run: Run, value: Any, path: JsonPath, scope: Scope) -> bool:
    """Whether a binding stands here that becomes a value of its own type, so that any type may be right."""
    return has_placeholder(run, value, path, scope) and scope.keeps_binding_types


def check_string(run: Run, value: Any, path: JsonPath, scope: Scope) -> None:
    if isinstance(value, str):
        has_placeholder(run, value, path, scope)
        return
    run.bad_type(path, "a text", value, f'write "{value}"' if type(value) in (int, float, bool) else None)


def check_number(run: Run, value: Any, path: JsonPath, scope: Scope) -> None:
    if type(value) in (float, int):
        return
    if isinstance(value, str) and (_is_number_text(value) or has_placeholder(run, value, path, scope)):
        return
    run.bad_type(path, "a number", value)


def check_double(run: Run, value: Any, path: JsonPath, scope: Scope) -> None:
    if type(value) in (float, int) or takes_binding(run, value, path, scope):
        return
    advice = "write the number without quotes" if isinstance(value, str) and _is_number_text(value) else None
    run.bad_type(path, "a number", value, advice)


def check_int(run: Run, value: Any, path: JsonPath, scope: Scope) -> None:
    if type(value) is int or takes_binding(run, value, path, scope):
        return
    if type(value) is float:
        if not value.is_integer():
            run.warn(
                "fraction_ignored", path, f"a whole number is wanted here; the fraction of {value:g} is cut off"
            )
        return
    advice = "write the number without quotes" if isinstance(value, str) and value.isdecimal() else None
    run.bad_type(path, "a whole number", value, advice)


def check_bool(run: Run, value: Any, path: JsonPath, scope: Scope) -> None:
    if value is True or value is False or takes_binding(run, value, path, scope):
        return
    spelled = isinstance(value, str) and value.lower() in ("true", "false")
    run.bad_type(path, "true or false", value, f"write {value.lower()} without quotes" if spelled else None)


def check_color(run: Run, value: Any, path: JsonPath, scope: Scope) -> None:
    if not isinstance(value, str):
        run.bad_type(path, "a color text", value, 'write "#RRGGBB" or a color name')
        return
    if not value or _HEX_COLOR.match(value) or value in _color_names() or has_placeholder(run, value, path, scope):
        return
    base, at, percent = value.partition("@")
    if at and not (_PERCENT.match(percent) and int(percent) <= 100):
        run.warn("unknown_color", path, f'"{quote(value)}" has no percentage from 0 to 100 after the @')
    elif not (_HEX_COLOR.match(base) or base in _color_names()):
        run.warn(
            "unknown_color",
            path,
            f'"{quote(value)}" is no color: it shows as transparent',
            _color_advice(run, base),
        )


def _color_advice(run: Run, base: str) -> str | None:
    if _BARE_HEX.match(base):
        return f'write "#{base}"'
    if base.startswith("#"):
        return 'write "#RRGGBB" or "#AARRGGBB" (alpha first)'
    return run.did_you_mean(base, _color_names())


@cache
def _color_names() -> frozenset[str]:
    enums = load_catalog().enums
    return frozenset(enums["themeColorName"] + enums["namedColor"])


def check_any(run: Run, value: Any, path: JsonPath, scope: Scope) -> None:
    """Free JSON: only the placeholders in it are of interest."""
    if isinstance(value, (str, dict, list)):
        _scan_texts(run, value, path, scope)


def check_map(run: Run, value: Any, path: JsonPath, scope: Scope) -> None:
    if isinstance(value, dict):
        _scan_texts(run, value, path, scope)
    elif not takes_binding(run, value, path, scope):
        run.bad_type(path, "an object", value)


def check_host_node(run: Run, value: Any, path: JsonPath, scope: Scope) -> None:
    """A node that a host registers: what its members mean, and whether it runs actions, is its affair."""
    known = len(run.form_values)
    _scan_texts(run, value, path, scope)
    del run.form_values[known:]


def _scan_texts(run: Run, value: Any, path: JsonPath, scope: Scope) -> None:
    waiting: list[tuple[JsonPath, Any]] = [(path, value)]
    while waiting:
        location, item = waiting.pop()
        if isinstance(item, dict):
            if item.get("actionType") == "getFormValue":
                run.form_values.append(location)
            waiting.extend(((location, str(key)), member) for key, member in reversed(item.items()))
        elif isinstance(item, list):
            waiting.extend(((location, index), item[index]) for index in reversed(range(len(item))))
        else:
            has_placeholder(run, item, location, scope)


@cache
def enum_check(name: str, *, other: str | None = None) -> Check:
    """A check for one of the words in the enumeration `name`, or in `other`: that of another version."""
    enums = load_catalog().enums
    words = enums[name] + (enums[other] if other else ())
    known = frozenset(words)

    def check(run: Run, value: Any, path: JsonPath, scope: Scope) -> None:
        if isinstance(value, str):
            if value not in known and not has_placeholder(run, value, path, scope):
                advice = run.did_you_mean(value, words) or _word_list(words)
                run.error("bad_enum", path, f'"{quote(value)}" is no {name}', advice)
        else:
            run.bad_type(path, f"a {name} word", value, _weight_advice(name, value) or _word_list(words))

    return check


def _weight_advice(name: str, value: Any) -> str | None:
    return (
        f'write "w{value}"'
        if name == "fontWeight" and type(value) is int and value in range(100, 901, 100)
        else None
    )


def _word_list(words: tuple[str, ...]) -> str | None:
    return "one of " + ", ".join(words) if len(words) <= 8 else None


def _is_number_text(text: str) -> bool:
    if text in _NUMBER_WORDS:
        return True
    try:
        float(text if len(text) <= _MAX_NUMBER_TEXT else "x")
    except ValueError:
        return False
    return True


SCALARS: dict[str, Check] = {
    "string": check_string,
    "number": check_number,
    "double": check_double,
    "int": check_int,
    "bool": check_bool,
    "color": check_color,
    "map": check_map,
    "any": check_any,
}
"""The checks of this module by value type."""
