"""How small and how large numbers may be: Flutter refuses the others, and the page fails."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from miniprogram.stac.catalog import Property
from miniprogram.stac.checks.run import Check, Run, float_text
from miniprogram.stac.checks.scope import Scope
from miniprogram.stac.json_path import JsonPath


@dataclass(frozen=True, slots=True)
class Range:
    """From `least` to `most`; with `above` the least itself is too little."""

    least: float = 0
    most: float = math.inf
    above: bool = False

    def holds(self, number: float) -> bool:
        return (number > self.least if self.above else number >= self.least) and number <= self.most

    def __str__(self) -> str:
        least = f"{'more than' if self.above else 'at least'} {self.least:g}"
        return f"from {self.least:g} to {self.most:g}" if self.most < math.inf else least


_ANY_SIZE, _SOME, _SHARE, _ONE = Range(), Range(above=True), Range(most=1), Range(least=1)

_SIZES = """
    width height minWidth maxWidth minHeight maxHeight size iconSize radius minRadius maxRadius innerRadius
    splashRadius blurRadius thickness strokeWidth elevation disabledElevation focusElevation hoverElevation
    highlightElevation scrolledUnderElevation pressElevation modalElevation indent endIndent widthFactor
    heightFactor crossAxisSpacing mainAxisSpacing mainAxisExtent toolbarHeight expandedHeight collapsedHeight
    leadingWidth
    fallbackWidth fallbackHeight fontSize length initialIndex initialPage milliseconds duration cacheTtlSeconds
    textScaleFactor textScaler menuHeight cursorWidth dividerHeight flex days hours minutes seconds gapPadding
    scale minVerticalPadding minLeadingWidth cacheExtent smallSize largeSize
"""
_BY_NAME: dict[str, Range] = {
    **dict.fromkeys(_SIZES.split(), _ANY_SIZE),
    **dict.fromkeys(("opacity", "toolbarOpacity", "bottomOpacity", "fill", "anchor"), _SHARE),
    **dict.fromkeys(("aspectRatio", "childAspectRatio", "itemExtent"), _SOME),
    **dict.fromkeys(("viewportFraction", "indicatorWeight"), _SOME),
    **dict.fromkeys(("maxLines", "minLines", "crossAxisCount", "divisions"), _ONE),
}
_BY_OWNER: dict[tuple[str, str], Range] = {
    ("row", "spacing"): _ANY_SIZE,
    ("column", "spacing"): _ANY_SIZE,
    ("textField", "maxLength"): Range(least=-1),  # -1 counts without a limit
    ("textFormField", "maxLength"): Range(least=-1),
}
_INSETS = ("padding", "margin")


def ranged(owner: str, field: Property, check: Check) -> Check:
    """`check`, and behind it the range of the property, where it has one."""
    if field.type == "edgeInsets":
        return _insets_check(field.name, check) if field.name in _INSETS else check
    limits = _BY_OWNER.get((owner, field.name)) or _BY_NAME.get(field.name)
    if limits is None or field.type not in ("number", "double", "int"):
        return check

    def check_both(run: Run, value: Any, path: JsonPath, scope: Scope) -> None:
        check(run, value, path, scope)
        _check_number(run, field.name, value, path, limits)

    return check_both


def _insets_check(name: str, check: Check) -> Check:
    def check_both(run: Run, value: Any, path: JsonPath, scope: Scope) -> None:
        check(run, value, path, scope)
        if isinstance(value, (dict, list)):
            for key, number in value.items() if isinstance(value, dict) else enumerate(value):
                _check_number(run, name, number, (path, key), _ANY_SIZE)
        else:
            _check_number(run, name, value, path, _ANY_SIZE)

    return check_both


def _check_number(run: Run, name: str, value: Any, path: JsonPath, limits: Range) -> None:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and not limits.holds(value):
        message = f'"{name}" must be {limits}; with {float_text(value)} the page fails'
        run.error("out_of_range", path, message)
