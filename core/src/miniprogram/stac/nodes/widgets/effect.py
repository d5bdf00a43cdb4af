# Generated from the node catalogue by `python -m miniprogram.stac.generate`: change that, not this.
# ruff: noqa: A002 - parameters are called as the catalogue calls them
"""Constructors of the effect widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.stac.node import Widget
from miniprogram.stac.nodes import coercion

if TYPE_CHECKING:
    from miniprogram.stac.nodes import enums
    from miniprogram.stac.nodes.kinds import BorderRadius, Color, Flag, ImageFilter, Number, RectTween


def backdrop_filter(
    child: Widget | None = None,
    *,
    filter: ImageFilter,
    enabled: Flag | None = None,
    blend_mode: enums.BlendMode | None = None,
) -> Widget:
    """Blurs or distorts what lies behind its child.

    When left out: `enabled` true, `blend_mode` srcOver.
    """
    return Widget(
        {
            "filter": filter,
            "child": child,
            "enabled": enabled,
            "blendMode": blend_mode,
            "type": "backdropFilter",
        }
    )


def clip_oval(
    child: Widget | None = None,
    *,
    clip_behavior: enums.Clip | None = None,
) -> Widget:
    """Cuts its child to an oval.

    When left out: `clip_behavior` antiAlias.
    """
    return Widget(
        {
            "clipBehavior": clip_behavior,
            "child": child,
            "type": "clipOval",
        }
    )


def clip_rrect(
    child: Widget | None = None,
    *,
    border_radius: Number | BorderRadius | None = None,
    clip_behavior: enums.Clip | None = None,
) -> Widget:
    """Cuts its child to a rectangle with rounded corners.

    When left out: `border_radius` 0, `clip_behavior` antiAlias.
    """
    return Widget(
        {
            "borderRadius": coercion.corners(border_radius),
            "clipBehavior": clip_behavior,
            "child": child,
            "type": "clipRRect",
        }
    )


def colored_box(
    child: Widget | None = None,
    *,
    color: Color,
) -> Widget:
    """Fills the area of its child with a colour."""
    return Widget(
        {
            "color": color,
            "child": child,
            "type": "coloredBox",
        }
    )


def conditional(
    condition: str,
    *,
    if_true: Widget,
    if_false: Widget | None = None,
) -> Widget:
    """Shows one of two widgets, as a condition on variables says.

    `condition` is an expression string evaluated after {{variable}} substitution; see README.
    """
    return Widget(
        {
            "condition": condition,
            "ifTrue": if_true,
            "ifFalse": if_false,
            "type": "conditional",
        }
    )


def hero(
    child: Widget,
    *,
    tag: object,
    create_rect_tween: RectTween | None = None,
    flight_shuttle_builder: Widget | None = None,
    placeholder_builder: Widget | None = None,
    transition_on_user_gestures: Flag | None = None,
) -> Widget:
    """Flies from one screen to the next with the same tag.

    When left out: `transition_on_user_gestures` false.
    """
    return Widget(
        {
            "tag": tag,
            "child": child,
            "createRectTween": create_rect_tween,
            "flightShuttleBuilder": flight_shuttle_builder,
            "placeholderBuilder": placeholder_builder,
            "transitionOnUserGestures": transition_on_user_gestures,
            "type": "hero",
        }
    )


def opacity(
    child: Widget | None = None,
    *,
    opacity: Number,
    always_include_semantics: Flag | None = None,
) -> Widget:
    """Makes its child partly transparent."""
    return Widget(
        {
            "opacity": coercion.number(opacity),
            "child": child,
            "alwaysIncludeSemantics": always_include_semantics,
            "type": "opacity",
        }
    )


def visibility(
    child: Widget | None = None,
    *,
    visible: Flag | None = None,
    maintain_state: Flag | None = None,
    maintain_animation: Flag | None = None,
    maintain_size: Flag | None = None,
    maintain_semantics: Flag | None = None,
    maintain_interactivity: Flag | None = None,
    replacement: Widget | None = None,
) -> Widget:
    """Shows or hides its child."""
    return Widget(
        {
            "child": child,
            "visible": visible,
            "maintainState": maintain_state,
            "maintainAnimation": maintain_animation,
            "maintainSize": maintain_size,
            "maintainSemantics": maintain_semantics,
            "maintainInteractivity": maintain_interactivity,
            "replacement": replacement,
            "type": "visibility",
        }
    )


def offstage(
    child: Widget | None = None,
    *,
    offstage: Flag | None = None,
) -> Widget:
    """Lays its child out without showing it.

    Development line.
    """
    return Widget(
        {
            "offstage": offstage,
            "child": child,
            "type": "offstage",
        }
    )
