"""Value types that can be written in several ways: insets, corners, text styles, shapes, alignments, spans."""

from __future__ import annotations

from functools import cache
from typing import Any

from miniprogram.stac.checks import scalars
from miniprogram.stac.checks.members import check_members
from miniprogram.stac.checks.run import Check, Run, quote
from miniprogram.stac.checks.scope import Scope
from miniprogram.stac.checks.values import value_shape
from miniprogram.stac.json_path import JsonPath

_SHAPE_ALIASES = ("roundedRectangle", "circle", "continuousRectangle", "beveledRectangle")


def _four_numbers(type_name: str, effect: str) -> Check:
    """A number for all four, a list of four, or an object with a key for each."""

    def check(run: Run, value: Any, path: JsonPath, scope: Scope) -> None:
        if type(value) in (int, float):
            return
        if isinstance(value, dict):
            shape = value_shape(type_name)
            if value and not any(key in shape.checks for key in value):
                advice = f"write one number, or {', '.join(shape.checks)}"
                run.warn("silently_zero", path, f"none of these keys is read: {effect}", advice)
            else:
                check_members(run, value, shape, path, scope)
        elif isinstance(value, list):
            _check_four_items(run, value, path)
        elif not scalars.takes_binding(run, value, path, scope):
            run.bad_type(path, "a number, a list of four numbers or an object", value)

    return check


def _check_four_items(run: Run, value: list[Any], path: JsonPath) -> None:
    if len(value) != 4:
        run.error("bad_type", path, f"a list of four numbers is wanted here, not of {len(value)}")
    for index, item in enumerate(value):
        if type(item) not in (int, float):
            run.bad_type((path, index), "a number", item)


def _check_text_style(run: Run, value: Any, path: JsonPath, scope: Scope) -> None:
    if isinstance(value, str):
        _style_name_check()(run, value, path, scope)
    elif not isinstance(value, dict):
        run.bad_type(path, "a text style name or a textStyle object", value)
    elif value.get("type") == "theme":
        _check_theme_style(run, value, path, scope)
    else:
        kind = value.get("type")
        if kind not in (None, "custom"):
            run.warn("unknown_style_type", (path, "type"), 'a text style is of type "custom" or "theme"')
        check_members(run, value, value_shape("textStyle"), path, scope)


@cache
def _style_name_check() -> Check:
    return scalars.enum_check("materialTextStyle")


def _check_theme_style(run: Run, value: dict[str, Any], path: JsonPath, scope: Scope) -> None:
    name = value.get("textTheme")
    if name is None:
        run.error("missing_property", path, 'a text style of type "theme" needs "textTheme"')
    else:
        _style_name_check()(run, name, (path, "textTheme"), scope)
    for key in value:
        if key not in ("type", "textTheme"):
            run.warn(
                "unknown_property", (path, str(key)), f'a text style of type "theme" ignores "{quote(str(key))}"'
            )


def _check_text_span(run: Run, value: Any, path: JsonPath, scope: Scope) -> None:
    if not isinstance(value, dict):
        run.bad_type(path, "a textSpan object", value)
        return
    if "data" in value and "text" in value:  # written for both versions: each reads its own
        value = {key: member for key, member in value.items() if key != "data"}
    check_members(run, value, value_shape("textSpan"), path, scope)


def _check_shape_border(run: Run, value: Any, path: JsonPath, scope: Scope) -> None:
    if not isinstance(value, dict):
        if not scalars.takes_binding(run, value, path, scope):
            run.bad_type(path, "a shape object", value)
        return
    if "borderType" in value or "data" in value:
        _check_old_shape(run, value, path, scope)
        return
    kind = value.get("type")
    if kind is not None and kind not in _SHAPE_ALIASES:
        scalars.enum_check("shapeBorderType")(run, kind, (path, "type"), scope)
    members = {key: member for key, member in value.items() if key != "type"}
    check_members(run, members, value_shape("shapeBorder"), path, scope)


def _check_old_shape(run: Run, value: dict[str, Any], path: JsonPath, scope: Scope) -> None:
    run.warn(
        "old_spelling", path, "only Stac 1.0.0-dev.4 reads {borderType, data}", "write {type, side, borderRadius}"
    )
    scalars.enum_check("shapeBorderType")(run, value.get("borderType"), (path, "borderType"), scope)
    data = value.get("data")
    if isinstance(data, dict):
        check_members(run, data, value_shape("shapeBorder"), (path, "data"), scope)
    else:
        run.bad_type((path, "data"), "an object", data)


def _check_alignment(run: Run, value: Any, path: JsonPath, scope: Scope) -> None:
    if isinstance(value, str):
        scalars.enum_check("alignment", other="alignmentDirectional")(run, value, path, scope)
    elif isinstance(value, dict):
        check_members(run, value, value_shape("alignmentGeometryAny"), path, scope)
    else:
        run.bad_type(path, "an alignment name or an object {dx, dy}", value)


def _check_material_color(run: Run, value: Any, path: JsonPath, scope: Scope) -> None:
    if isinstance(value, dict):
        check_members(run, value, value_shape("materialColor"), path, scope)
    else:
        scalars.check_color(run, value, path, scope)


SPELLINGS: dict[str, Check] = {
    "edgeInsets": _four_numbers("edgeInsets", "there is no inset at all"),
    "borderRadius": _four_numbers("borderRadius", "the corners are not rounded"),
    "textStyle": _check_text_style,
    "textSpan": _check_text_span,
    "shapeBorder": _check_shape_border,
    "roundedRectangleBorder": _check_shape_border,
    "alignmentGeometry": _check_alignment,
    "alignmentGeometryAny": _check_alignment,
    "materialColor": _check_material_color,
}
"""The checks of this module by value type."""
