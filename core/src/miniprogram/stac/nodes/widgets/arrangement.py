# Generated from the node catalogue by `python -m miniprogram.stac.generate`: change that, not this.
"""Constructors of the arrangement widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.stac.node import Widget
from miniprogram.stac.nodes import coercion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from miniprogram.stac.nodes import enums
    from miniprogram.stac.nodes.kinds import Number, TableBorder, TableColumnWidth, TableRow, Whole


def column(
    children: Sequence[Widget] | None = None,
    *,
    main_axis_alignment: enums.MainAxisAlignment | None = None,
    cross_axis_alignment: enums.CrossAxisAlignment | None = None,
    main_axis_size: enums.MainAxisSize | None = None,
    text_direction: enums.TextDirection | None = None,
    vertical_direction: enums.VerticalDirection | None = None,
    spacing: Number | None = None,
    text_baseline: enums.TextBaseline | None = None,
) -> Widget:
    """Lays its children out from top to bottom.

    When left out: `main_axis_alignment` start, `cross_axis_alignment` center, `main_axis_size` max,
    `vertical_direction` down, `spacing` 0.0.
    """
    return Widget(
        {
            "mainAxisAlignment": main_axis_alignment,
            "crossAxisAlignment": cross_axis_alignment,
            "mainAxisSize": main_axis_size,
            "textDirection": text_direction,
            "verticalDirection": vertical_direction,
            "spacing": coercion.number(spacing),
            "children": children,
            "textBaseline": text_baseline,
            "type": "column",
        }
    )


def expanded(
    child: Widget | None = None,
    *,
    flex: Whole | None = None,
) -> Widget:
    """Makes a child of a row or column fill the room that is left.

    When left out: `flex` 1.
    """
    return Widget(
        {
            "flex": flex,
            "child": child,
            "type": "expanded",
        }
    )


def flexible(
    child: Widget | None = None,
    *,
    flex: Whole | None = None,
    fit: enums.FlexFit | None = None,
) -> Widget:
    """Lets a child of a row or column take a share of the room.

    When left out: `flex` 1, `fit` loose.
    """
    return Widget(
        {
            "child": child,
            "flex": flex,
            "fit": fit,
            "type": "flexible",
        }
    )


def positioned(
    child: Widget | None = None,
    *,
    left: Number | None = None,
    top: Number | None = None,
    right: Number | None = None,
    bottom: Number | None = None,
    width: Number | None = None,
    height: Number | None = None,
) -> Widget:
    """Places a child of a stack by its edges."""
    return Widget(
        {
            "left": coercion.number(left),
            "top": coercion.number(top),
            "right": coercion.number(right),
            "bottom": coercion.number(bottom),
            "width": coercion.number(width),
            "height": coercion.number(height),
            "child": child,
            "type": "positioned",
        }
    )


def row(
    children: Sequence[Widget] | None = None,
    *,
    main_axis_alignment: enums.MainAxisAlignment | None = None,
    cross_axis_alignment: enums.CrossAxisAlignment | None = None,
    main_axis_size: enums.MainAxisSize | None = None,
    text_direction: enums.TextDirection | None = None,
    vertical_direction: enums.VerticalDirection | None = None,
    spacing: Number | None = None,
    text_baseline: enums.TextBaseline | None = None,
) -> Widget:
    """Lays its children out from start to end.

    When left out: `main_axis_alignment` start, `cross_axis_alignment` center, `main_axis_size` max,
    `vertical_direction` down, `spacing` 0.0.
    """
    return Widget(
        {
            "mainAxisAlignment": main_axis_alignment,
            "crossAxisAlignment": cross_axis_alignment,
            "mainAxisSize": main_axis_size,
            "textDirection": text_direction,
            "verticalDirection": vertical_direction,
            "spacing": coercion.number(spacing),
            "children": children,
            "textBaseline": text_baseline,
            "type": "row",
        }
    )


def spacer(
    *,
    flex: Whole | None = None,
) -> Widget:
    """Takes the room left in a row or column.

    When left out: `flex` 1.
    """
    return Widget(
        {
            "flex": flex,
            "type": "spacer",
        }
    )


def stack(
    children: Sequence[Widget] | None = None,
    *,
    alignment: enums.Alignment | None = None,
    clip_behavior: enums.Clip | None = None,
    fit: enums.StackFit | None = None,
    text_direction: enums.TextDirection | None = None,
) -> Widget:
    """Lays its children on top of each other.

    When left out: `alignment` topStart, `clip_behavior` hardEdge, `fit` loose.
    """
    return Widget(
        {
            "alignment": alignment,
            "clipBehavior": clip_behavior,
            "fit": fit,
            "textDirection": text_direction,
            "children": children,
            "type": "stack",
        }
    )


def table(
    children: Sequence[TableRow],
    *,
    column_widths: Mapping[int, TableColumnWidth] | None = None,
    default_column_width: TableColumnWidth | None = None,
    text_direction: enums.TextDirection | None = None,
    border: TableBorder | None = None,
    default_vertical_alignment: enums.TableCellVerticalAlignment | None = None,
    text_baseline: enums.TextBaseline | None = None,
) -> Widget:
    """Rows and columns of cells.

    `children` are tableRow objects {decoration, children}, not widgets; an extra type key on them is ignored.

    `column_widths` keys are integers written as strings.

    When left out: `default_vertical_alignment` top.
    """
    return Widget(
        {
            "children": children,
            "columnWidths": coercion.int_keys(column_widths),
            "defaultColumnWidth": default_column_width,
            "textDirection": text_direction,
            "border": border,
            "defaultVerticalAlignment": default_vertical_alignment,
            "textBaseline": text_baseline,
            "type": "table",
        }
    )


def table_cell(
    child: Widget | None = None,
    *,
    vertical_alignment: enums.TableCellVerticalAlignment | None = None,
) -> Widget:
    """One cell of a table row."""
    return Widget(
        {
            "verticalAlignment": vertical_alignment,
            "child": child,
            "type": "tableCell",
        }
    )


def wrap(
    children: Sequence[Widget] | None = None,
    *,
    direction: enums.Axis | None = None,
    alignment: enums.WrapAlignment | None = None,
    spacing: Number | None = None,
    run_alignment: enums.WrapAlignment | None = None,
    run_spacing: Number | None = None,
    cross_axis_alignment: enums.WrapCrossAlignment | None = None,
    text_direction: enums.TextDirection | None = None,
    vertical_direction: enums.VerticalDirection | None = None,
    clip_behavior: enums.Clip | None = None,
) -> Widget:
    """Lays its children out in lines, like words.

    When left out: `direction` horizontal, `alignment` start, `spacing` 0.0, `run_alignment` start,
    `run_spacing` 0.0, `cross_axis_alignment` start, `vertical_direction` down, `clip_behavior` none.
    """
    return Widget(
        {
            "direction": direction,
            "alignment": alignment,
            "spacing": coercion.number(spacing),
            "runAlignment": run_alignment,
            "runSpacing": coercion.number(run_spacing),
            "crossAxisAlignment": cross_axis_alignment,
            "textDirection": text_direction,
            "verticalDirection": vertical_direction,
            "clipBehavior": clip_behavior,
            "children": children,
            "type": "wrap",
        }
    )
