"""The Python type of a property, and the expansion its value goes through."""

from __future__ import annotations

from dataclasses import dataclass

from miniprogram.stac.catalog import Property
from miniprogram.stac.generation.naming import pascal


@dataclass(frozen=True, slots=True)
class Typing:
    """How a property is written in a signature, and the function of `coercion` its value passes, if any."""

    annotation: str
    coercion: str | None = None


_PLAIN = {
    "string": Typing("str"),
    "icon": Typing("str"),
    "color": Typing("Color"),
    "number": Typing("Number", "number"),
    "double": Typing("Number", "number"),
    "int": Typing("Whole"),
    "bool": Typing("Flag"),
    "any": Typing("object"),
    "map": Typing("Mapping[str, object]"),
    "widget": Typing("Widget"),
    "widgetTemplate": Typing("Widget"),
    "action": Typing("Action"),
    "networkRequest": Typing("NetworkRequest"),
    "edgeInsets": Typing("Number | EdgeInsets", "insets"),
    "borderRadius": Typing("Number | BorderRadius", "corners"),
    "textStyle": Typing("enums.MaterialTextStyle | TextStyle", "style"),
    "materialColor": Typing("Color | MaterialColor"),
    "alignmentGeometry": Typing("enums.Alignment | AlignmentPoint"),
    "alignmentGeometryAny": Typing("enums.Alignment | enums.AlignmentDirectional | AlignmentPoint"),
    "roundedRectangleBorder": Typing("ShapeBorder"),
    "roundedRectangleShape": Typing("ShapeBorder"),
    "list<setValueEntry>": Typing("Mapping[str, object]", "entries"),
    "list<number>": Typing("Sequence[float]", "numbers"),
}

BY_HAND = frozenset(
    {
        "alignmentGeometry",
        "alignmentGeometryAny",
        "beveledRectangleShape",
        "borderRadius",
        "circleShape",
        "continuousRectangleShape",
        "edgeInsets",
        "networkRequest",
        "roundedRectangleBorder",
        "roundedRectangleShape",
        "setValueEntry",
        "shapeBorder",
        "textStyle",
    }
)
"""Value types whose constructors are written by hand in `spellings.py`, or that are taken in another form."""


def typing_of(field: Property) -> Typing:
    """The typing of a property in the version that hosts run today."""
    enum = field.current_enum or field.enum
    if enum is not None:
        return Typing(f"enums.{pascal(enum)}")
    return _typing(field.current_type or field.type)


def _typing(type_name: str) -> Typing:
    plain = _PLAIN.get(type_name)
    if plain is not None:
        return plain
    if type_name.startswith("list<"):
        return Typing(f"Sequence[{_typing(type_name[5:-1]).annotation}]")
    if type_name.startswith("map<int,"):
        return Typing(f"Mapping[int, {_typing(type_name[8:-1]).annotation}]", "int_keys")
    return Typing(pascal(type_name))
