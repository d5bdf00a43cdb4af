# Generated from the node catalogue by `python -m miniprogram.stac.generate`: change that, not this.
"""Property values with parts: one constructor each, listed and explained by editors."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from miniprogram.stac.nodes.values.bar_theme import (
        app_bar_theme,
        bottom_app_bar_theme,
        bottom_navigation_bar_theme_data,
        drawer_theme_data,
        navigation_bar_theme_data,
        navigation_drawer_theme_data,
        tab_bar_theme_data,
    )
    from miniprogram.stac.nodes.values.control_theme import (
        button_theme_data,
        checkbox_theme_data,
        chip_theme_data,
        date_picker_theme_data,
        floating_action_button_theme_data,
        input_decoration_theme,
        scrollbar_theme_data,
    )
    from miniprogram.stac.nodes.values.decoration import (
        border,
        border_side,
        box_decoration,
        box_shadow,
        decoration_image,
        gradient,
        image_filter,
        shadow,
        table_border,
    )
    from miniprogram.stac.nodes.values.geometry import (
        box_constraints,
        duration,
        offset,
        rect,
        rect_tween,
        size,
        table_column_width,
        visual_density,
    )
    from miniprogram.stac.nodes.values.input import (
        form_field_validator,
        input_border,
        input_decoration,
        input_formatter,
    )
    from miniprogram.stac.nodes.values.item import (
        bottom_navigation_bar_item,
        dropdown_menu_entry,
        navigation_destination,
        network_result,
        snack_bar_action,
        table_row,
        text_span,
    )
    from miniprogram.stac.nodes.values.spellings import (
        alignment_point,
        beveled_rectangle_border,
        binding,
        border_radius,
        circle_border,
        continuous_rectangle_border,
        edge_insets,
        rounded_rectangle_border,
        symmetric_insets,
        text_style,
        theme_text_style,
    )
    from miniprogram.stac.nodes.values.style import (
        button_style,
        color_scheme,
        icon_theme_data,
        material_color,
        system_ui_overlay_style,
        text_theme,
        theme,
    )
    from miniprogram.stac.nodes.values.surface_theme import (
        badge_theme_data,
        bottom_sheet_theme_data,
        card_theme_data,
        dialog_theme,
        divider_theme_data,
        list_tile_theme_data,
        material_banner_theme_data,
        snack_bar_theme_data,
    )
else:
    from miniprogram.stac.nodes.on_first_use import on_first_use

    __getattr__ = on_first_use(
        sys.modules[__name__],
        (
            (
                "values.bar_theme",
                "app_bar_theme bottom_app_bar_theme bottom_navigation_bar_theme_data drawer_theme_data "
                "navigation_bar_theme_data navigation_drawer_theme_data tab_bar_theme_data",
            ),
            (
                "values.control_theme",
                "button_theme_data checkbox_theme_data chip_theme_data date_picker_theme_data "
                "floating_action_button_theme_data input_decoration_theme scrollbar_theme_data",
            ),
            (
                "values.decoration",
                "border border_side box_decoration box_shadow decoration_image gradient image_filter shadow "
                "table_border",
            ),
            (
                "values.geometry",
                "box_constraints duration offset rect rect_tween size table_column_width visual_density",
            ),
            (
                "values.input",
                "form_field_validator input_border input_decoration input_formatter",
            ),
            (
                "values.item",
                "bottom_navigation_bar_item dropdown_menu_entry navigation_destination network_result "
                "snack_bar_action table_row text_span",
            ),
            (
                "values.spellings",
                "alignment_point beveled_rectangle_border binding border_radius circle_border "
                "continuous_rectangle_border edge_insets rounded_rectangle_border symmetric_insets text_style "
                "theme_text_style",
            ),
            (
                "values.style",
                "button_style color_scheme icon_theme_data material_color system_ui_overlay_style text_theme "
                "theme",
            ),
            (
                "values.surface_theme",
                "badge_theme_data bottom_sheet_theme_data card_theme_data dialog_theme divider_theme_data "
                "list_tile_theme_data material_banner_theme_data snack_bar_theme_data",
            ),
        ),
    )

__all__ = [
    "alignment_point",
    "app_bar_theme",
    "badge_theme_data",
    "beveled_rectangle_border",
    "binding",
    "border",
    "border_radius",
    "border_side",
    "bottom_app_bar_theme",
    "bottom_navigation_bar_item",
    "bottom_navigation_bar_theme_data",
    "bottom_sheet_theme_data",
    "box_constraints",
    "box_decoration",
    "box_shadow",
    "button_style",
    "button_theme_data",
    "card_theme_data",
    "checkbox_theme_data",
    "chip_theme_data",
    "circle_border",
    "color_scheme",
    "continuous_rectangle_border",
    "date_picker_theme_data",
    "decoration_image",
    "dialog_theme",
    "divider_theme_data",
    "drawer_theme_data",
    "dropdown_menu_entry",
    "duration",
    "edge_insets",
    "floating_action_button_theme_data",
    "form_field_validator",
    "gradient",
    "icon_theme_data",
    "image_filter",
    "input_border",
    "input_decoration",
    "input_decoration_theme",
    "input_formatter",
    "list_tile_theme_data",
    "material_banner_theme_data",
    "material_color",
    "navigation_bar_theme_data",
    "navigation_destination",
    "navigation_drawer_theme_data",
    "network_result",
    "offset",
    "rect",
    "rect_tween",
    "rounded_rectangle_border",
    "scrollbar_theme_data",
    "shadow",
    "size",
    "snack_bar_action",
    "snack_bar_theme_data",
    "symmetric_insets",
    "system_ui_overlay_style",
    "tab_bar_theme_data",
    "table_border",
    "table_column_width",
    "table_row",
    "text_span",
    "text_style",
    "text_theme",
    "theme",
    "theme_text_style",
    "visual_density",
]


def __dir__() -> list[str]:
    return __all__
