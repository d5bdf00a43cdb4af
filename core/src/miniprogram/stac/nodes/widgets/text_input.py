# Generated from the node catalogue by `python -m miniprogram.stac.generate`: change that, not this.
# ruff: noqa: A002 - parameters are called as the catalogue calls them
"""Constructors of the text input widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.stac.node import Widget
from miniprogram.stac.nodes import coercion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from miniprogram.stac.nodes import enums
    from miniprogram.stac.nodes.kinds import (
        Action,
        Color,
        EdgeInsets,
        Flag,
        FormFieldValidator,
        InputDecoration,
        InputFormatter,
        Number,
        TextStyle,
        Whole,
    )


def autocomplete(
    options: Sequence[str],
    *,
    on_selected: Action | None = None,
    options_max_height: Number | None = None,
    options_view_open_direction: enums.OptionsViewOpenDirection | None = None,
    initial_value: str | None = None,
) -> Widget:
    """A text field that proposes options while somebody types.

    When left out: `options_max_height` 200.0, `options_view_open_direction` down.
    """
    return Widget(
        {
            "options": options,
            "onSelected": on_selected,
            "optionsMaxHeight": coercion.number(options_max_height),
            "optionsViewOpenDirection": options_view_open_direction,
            "initialValue": initial_value,
            "type": "autocomplete",
        }
    )


def form(
    child: Widget | None = None,
    *,
    autovalidate_mode: enums.AutovalidateMode | None = None,
) -> Widget:
    """A scope in which fields are validated and read together."""
    return Widget(
        {
            "autovalidateMode": autovalidate_mode,
            "child": child,
            "type": "form",
        }
    )


def text_field(
    *,
    decoration: InputDecoration | None = None,
    initial_value: str | None = None,
    keyboard_type: enums.TextInputType | None = None,
    text_input_action: enums.TextInputAction | None = None,
    text_capitalization: enums.TextCapitalization | None = None,
    style: enums.MaterialTextStyle | TextStyle | None = None,
    text_align: enums.TextAlign | None = None,
    text_direction: enums.TextDirection | None = None,
    read_only: Flag | None = None,
    show_cursor: Flag | None = None,
    expands: Flag | None = None,
    autofocus: Flag | None = None,
    obscuring_character: str | None = None,
    max_lines: Whole | None = None,
    min_lines: Whole | None = None,
    max_length: Whole | None = None,
    obscure_text: Flag | None = None,
    enable_suggestions: Flag | None = None,
    enabled: Flag | None = None,
    cursor_width: Number | None = None,
    cursor_height: Number | None = None,
    cursor_color: Color | None = None,
    autocorrect: Flag | None = None,
    scroll_padding: Number | EdgeInsets | None = None,
    enable_interactive_selection: Flag | None = None,
    mouse_cursor: enums.MouseCursor | None = None,
    drag_start_behavior: enums.DragStartBehavior | None = None,
    scroll_physics: enums.ScrollPhysics | None = None,
    restoration_id: str | None = None,
    clip_behavior: enums.Clip | None = None,
    autofill_hints: Sequence[str] | None = None,
    on_tap: Action | None = None,
    on_changed: Action | None = None,
    on_editing_complete: Action | None = None,
    on_submitted: Action | None = None,
) -> Widget:
    """A field to type in, outside of forms.

    Not connected to form data: no id property; use textFormField inside form.

    When left out: `text_capitalization` none, `text_align` start, `read_only` false, `expands` false,
    `autofocus` false, `obscuring_character` •, `obscure_text` false, `enable_suggestions` true, `cursor_width`
    2.0.
    """
    return Widget(
        {
            "decoration": decoration,
            "initialValue": initial_value,
            "keyboardType": keyboard_type,
            "textInputAction": text_input_action,
            "textCapitalization": text_capitalization,
            "style": coercion.style(style),
            "textAlign": text_align,
            "textDirection": text_direction,
            "readOnly": read_only,
            "showCursor": show_cursor,
            "expands": expands,
            "autofocus": autofocus,
            "obscuringCharacter": obscuring_character,
            "maxLines": max_lines,
            "minLines": min_lines,
            "maxLength": max_length,
            "obscureText": obscure_text,
            "enableSuggestions": enable_suggestions,
            "enabled": enabled,
            "cursorWidth": coercion.number(cursor_width),
            "cursorHeight": coercion.number(cursor_height),
            "cursorColor": cursor_color,
            "autocorrect": autocorrect,
            "scrollPadding": coercion.insets(scroll_padding),
            "enableInteractiveSelection": enable_interactive_selection,
            "mouseCursor": mouse_cursor,
            "dragStartBehavior": drag_start_behavior,
            "scrollPhysics": scroll_physics,
            "restorationId": restoration_id,
            "clipBehavior": clip_behavior,
            "autofillHints": autofill_hints,
            "onTap": on_tap,
            "onChanged": on_changed,
            "onEditingComplete": on_editing_complete,
            "onSubmitted": on_submitted,
            "type": "textField",
        }
    )


def text_form_field(
    id: str | None = None,
    *,
    decoration: InputDecoration | None = None,
    initial_value: str | None = None,
    keyboard_type: enums.TextInputType | None = None,
    text_input_action: enums.TextInputAction | None = None,
    text_capitalization: enums.TextCapitalization | None = None,
    style: enums.MaterialTextStyle | TextStyle | None = None,
    text_align: enums.TextAlign | None = None,
    text_direction: enums.TextDirection | None = None,
    read_only: Flag | None = None,
    show_cursor: Flag | None = None,
    autofocus: Flag | None = None,
    obscuring_character: str | None = None,
    max_lines: Whole | None = None,
    min_lines: Whole | None = None,
    max_length: Whole | None = None,
    obscure_text: Flag | None = None,
    autocorrect: Flag | None = None,
    smart_dashes_type: enums.SmartDashesType | None = None,
    smart_quotes_type: enums.SmartQuotesType | None = None,
    max_length_enforcement: enums.MaxLengthEnforcement | None = None,
    expands: Flag | None = None,
    keyboard_appearance: enums.Brightness | None = None,
    scroll_padding: Number | EdgeInsets | None = None,
    restoration_id: str | None = None,
    enable_ime_personalized_learning: Flag | None = None,
    enable_suggestions: Flag | None = None,
    enabled: Flag | None = None,
    cursor_width: Number | None = None,
    cursor_height: Number | None = None,
    cursor_color: Color | None = None,
    autovalidate_mode: enums.AutovalidateMode | None = None,
    input_formatters: Sequence[InputFormatter] | None = None,
    validator_rules: Sequence[FormFieldValidator] | None = None,
) -> Widget:
    """A field to type in, validated and read by its form.

    `id` registers the value in the enclosing form under that key.

    `validator_rules` are checked in order, first failing rule supplies the message.

    When left out: `text_capitalization` none, `text_align` start, `read_only` false, `autofocus` false,
    `obscuring_character` •, `autocorrect` true, `expands` false, `scroll_padding` bottom 20.0, top 20.0, left
    20.0, right 20.0, `enable_ime_personalized_learning` true, `enable_suggestions` true, `cursor_width` 2.0.
    """
    return Widget(
        {
            "id": id,
            "decoration": decoration,
            "initialValue": initial_value,
            "keyboardType": keyboard_type,
            "textInputAction": text_input_action,
            "textCapitalization": text_capitalization,
            "style": coercion.style(style),
            "textAlign": text_align,
            "textDirection": text_direction,
            "readOnly": read_only,
            "showCursor": show_cursor,
            "autofocus": autofocus,
            "obscuringCharacter": obscuring_character,
            "maxLines": max_lines,
            "minLines": min_lines,
            "maxLength": max_length,
            "obscureText": obscure_text,
            "autocorrect": autocorrect,
            "smartDashesType": smart_dashes_type,
            "smartQuotesType": smart_quotes_type,
            "maxLengthEnforcement": max_length_enforcement,
            "expands": expands,
            "keyboardAppearance": keyboard_appearance,
            "scrollPadding": coercion.insets(scroll_padding),
            "restorationId": restoration_id,
            "enableIMEPersonalizedLearning": enable_ime_personalized_learning,
            "enableSuggestions": enable_suggestions,
            "enabled": enabled,
            "cursorWidth": coercion.number(cursor_width),
            "cursorHeight": coercion.number(cursor_height),
            "cursorColor": cursor_color,
            "autovalidateMode": autovalidate_mode,
            "inputFormatters": input_formatters,
            "validatorRules": validator_rules,
            "type": "textFormField",
        }
    )
