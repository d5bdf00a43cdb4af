# Generated from the node catalogue by `python -m miniprogram.stac.generate`: change that, not this.
"""The kinds of property values, and the types parameters have."""

from __future__ import annotations

from typing import Literal, TypeAlias

from miniprogram.stac.node import Action, Binding, NetworkRequest, Value, Widget

__all__ = ["Action", "Binding", "NetworkRequest", "Value", "Widget"]

Color: TypeAlias = str
"""`#RRGGBB`, `#AARRGGBB` (alpha first), a theme color (`primary`) or a name (`teal`), each with `@percent`."""
Number: TypeAlias = float | Binding
Whole: TypeAlias = int | Binding
Flag: TypeAlias = bool | Binding
Method: TypeAlias = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
"""How a backend or host is called."""


class AlignmentPoint(Value):
    __slots__ = ()


class AppBarTheme(Value):
    __slots__ = ()


class BadgeThemeData(Value):
    __slots__ = ()


class Border(Value):
    __slots__ = ()


class BorderRadius(Value):
    __slots__ = ()


class BorderSide(Value):
    __slots__ = ()


class BottomAppBarTheme(Value):
    __slots__ = ()


class BottomNavigationBarItem(Value):
    __slots__ = ()


class BottomNavigationBarThemeData(Value):
    __slots__ = ()


class BottomSheetThemeData(Value):
    __slots__ = ()


class BoxConstraints(Value):
    __slots__ = ()


class BoxDecoration(Value):
    __slots__ = ()


class BoxShadow(Value):
    __slots__ = ()


class ButtonStyle(Value):
    __slots__ = ()


class ButtonThemeData(Value):
    __slots__ = ()


class CardThemeData(Value):
    __slots__ = ()


class CheckboxThemeData(Value):
    __slots__ = ()


class ChipThemeData(Value):
    __slots__ = ()


class ColorScheme(Value):
    __slots__ = ()


class DatePickerThemeData(Value):
    __slots__ = ()


class DecorationImage(Value):
    __slots__ = ()


class DialogTheme(Value):
    __slots__ = ()


class DividerThemeData(Value):
    __slots__ = ()


class DrawerThemeData(Value):
    __slots__ = ()


class DropdownMenuEntry(Value):
    __slots__ = ()


class Duration(Value):
    __slots__ = ()


class EdgeInsets(Value):
    __slots__ = ()


class FloatingActionButtonThemeData(Value):
    __slots__ = ()


class FormFieldValidator(Value):
    __slots__ = ()


class Gradient(Value):
    __slots__ = ()


class IconThemeData(Value):
    __slots__ = ()


class ImageFilter(Value):
    __slots__ = ()


class InputBorder(Value):
    __slots__ = ()


class InputDecoration(Value):
    __slots__ = ()


class InputDecorationTheme(Value):
    __slots__ = ()


class InputFormatter(Value):
    __slots__ = ()


class ListTileThemeData(Value):
    __slots__ = ()


class MaterialBannerThemeData(Value):
    __slots__ = ()


class MaterialColor(Value):
    __slots__ = ()


class NavigationBarThemeData(Value):
    __slots__ = ()


class NavigationDestination(Value):
    __slots__ = ()


class NavigationDrawerThemeData(Value):
    __slots__ = ()


class NetworkResult(Value):
    __slots__ = ()


class Offset(Value):
    __slots__ = ()


class Rect(Value):
    __slots__ = ()


class RectTween(Value):
    __slots__ = ()


class ScrollbarThemeData(Value):
    __slots__ = ()


class Shadow(Value):
    __slots__ = ()


class ShapeBorder(Value):
    __slots__ = ()


class Size(Value):
    __slots__ = ()


class SnackBarAction(Value):
    __slots__ = ()


class SnackBarThemeData(Value):
    __slots__ = ()


class SystemUiOverlayStyle(Value):
    __slots__ = ()


class TabBarThemeData(Value):
    __slots__ = ()


class TableBorder(Value):
    __slots__ = ()


class TableColumnWidth(Value):
    __slots__ = ()


class TableRow(Value):
    __slots__ = ()


class TextSpan(Value):
    __slots__ = ()


class TextStyle(Value):
    __slots__ = ()


class TextTheme(Value):
    __slots__ = ()


class Theme(Value):
    __slots__ = ()


class VisualDensity(Value):
    __slots__ = ()
