# Generated from the node catalogue by `python -m miniprogram.stac.generate`: change that, not this.
"""The widgets: one constructor each, listed and explained by editors."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from miniprogram.stac.nodes.widgets.arrangement import (
        column,
        expanded,
        flexible,
        positioned,
        row,
        spacer,
        stack,
        table,
        table_cell,
        wrap,
    )
    from miniprogram.stac.nodes.widgets.box import (
        align,
        aspect_ratio,
        center,
        container,
        fitted_box,
        fractionally_sized_box,
        intrinsic_height,
        intrinsic_width,
        limited_box,
        padding,
        safe_area,
        sized_box,
    )
    from miniprogram.stac.nodes.widgets.button import (
        elevated_button,
        filled_button,
        floating_action_button,
        gesture_detector,
        icon_button,
        ink_well,
        outlined_button,
        text_button,
    )
    from miniprogram.stac.nodes.widgets.choice import (
        check_box,
        chip,
        dropdown_menu,
        radio,
        radio_group,
        slider,
        switch,
    )
    from miniprogram.stac.nodes.widgets.effect import (
        backdrop_filter,
        clip_oval,
        clip_rrect,
        colored_box,
        conditional,
        hero,
        offstage,
        opacity,
        visibility,
    )
    from miniprogram.stac.nodes.widgets.feedback import (
        alert_dialog,
        badge,
        circular_progress_indicator,
        linear_progress_indicator,
        tooltip,
    )
    from miniprogram.stac.nodes.widgets.media import circle_avatar, icon, image, web_view
    from miniprogram.stac.nodes.widgets.navigation import (
        app_bar,
        bottom_navigation_bar,
        bottom_navigation_view,
        default_bottom_navigation_controller,
        default_navigation_controller,
        default_tab_controller,
        drawer,
        navigation_bar,
        navigation_view,
        sliver_app_bar,
        tab,
        tab_bar,
        tab_bar_view,
    )
    from miniprogram.stac.nodes.widgets.other import (
        dynamic_data_provider,
        dynamic_view,
        network_widget,
        set_value,
        template_builder,
    )
    from miniprogram.stac.nodes.widgets.platform import auth_builder, backend_builder
    from miniprogram.stac.nodes.widgets.raw import raw, with_item_template
    from miniprogram.stac.nodes.widgets.scrolling import (
        carousel_view,
        custom_scroll_view,
        grid_view,
        list_view,
        page_view,
        refresh_indicator,
        single_child_scroll_view,
    )
    from miniprogram.stac.nodes.widgets.sliver import (
        sliver_fill_remaining,
        sliver_grid,
        sliver_list,
        sliver_offstage,
        sliver_opacity,
        sliver_padding,
        sliver_safe_area,
        sliver_to_box_adapter,
        sliver_visibility,
    )
    from miniprogram.stac.nodes.widgets.surface import (
        card,
        divider,
        list_tile,
        placeholder,
        scaffold,
        vertical_divider,
    )
    from miniprogram.stac.nodes.widgets.text import selectable_text, text
    from miniprogram.stac.nodes.widgets.text_input import autocomplete, form, text_field, text_form_field
else:
    from miniprogram.stac.nodes.on_first_use import on_first_use

    __getattr__ = on_first_use(
        sys.modules[__name__],
        (
            (
                "widgets.arrangement",
                "column expanded flexible positioned row spacer stack table table_cell wrap",
            ),
            (
                "widgets.box",
                "align aspect_ratio center container fitted_box fractionally_sized_box intrinsic_height "
                "intrinsic_width limited_box padding safe_area sized_box",
            ),
            (
                "widgets.button",
                "elevated_button filled_button floating_action_button gesture_detector icon_button ink_well "
                "outlined_button text_button",
            ),
            (
                "widgets.choice",
                "check_box chip dropdown_menu radio radio_group slider switch",
            ),
            (
                "widgets.effect",
                "backdrop_filter clip_oval clip_rrect colored_box conditional hero offstage opacity visibility",
            ),
            (
                "widgets.feedback",
                "alert_dialog badge circular_progress_indicator linear_progress_indicator tooltip",
            ),
            (
                "widgets.media",
                "circle_avatar icon image web_view",
            ),
            (
                "widgets.navigation",
                "app_bar bottom_navigation_bar bottom_navigation_view default_bottom_navigation_controller "
                "default_navigation_controller default_tab_controller drawer navigation_bar navigation_view "
                "sliver_app_bar tab tab_bar tab_bar_view",
            ),
            (
                "widgets.other",
                "dynamic_data_provider dynamic_view network_widget set_value template_builder",
            ),
            (
                "widgets.platform",
                "auth_builder backend_builder",
            ),
            (
                "widgets.raw",
                "raw with_item_template",
            ),
            (
                "widgets.scrolling",
                "carousel_view custom_scroll_view grid_view list_view page_view refresh_indicator "
                "single_child_scroll_view",
            ),
            (
                "widgets.sliver",
                "sliver_fill_remaining sliver_grid sliver_list sliver_offstage sliver_opacity sliver_padding "
                "sliver_safe_area sliver_to_box_adapter sliver_visibility",
            ),
            (
                "widgets.surface",
                "card divider list_tile placeholder scaffold vertical_divider",
            ),
            (
                "widgets.text",
                "selectable_text text",
            ),
            (
                "widgets.text_input",
                "autocomplete form text_field text_form_field",
            ),
        ),
    )

__all__ = [
    "alert_dialog",
    "align",
    "app_bar",
    "aspect_ratio",
    "auth_builder",
    "autocomplete",
    "backdrop_filter",
    "backend_builder",
    "badge",
    "bottom_navigation_bar",
    "bottom_navigation_view",
    "card",
    "carousel_view",
    "center",
    "check_box",
    "chip",
    "circle_avatar",
    "circular_progress_indicator",
    "clip_oval",
    "clip_rrect",
    "colored_box",
    "column",
    "conditional",
    "container",
    "custom_scroll_view",
    "default_bottom_navigation_controller",
    "default_navigation_controller",
    "default_tab_controller",
    "divider",
    "drawer",
    "dropdown_menu",
    "dynamic_data_provider",
    "dynamic_view",
    "elevated_button",
    "expanded",
    "filled_button",
    "fitted_box",
    "flexible",
    "floating_action_button",
    "form",
    "fractionally_sized_box",
    "gesture_detector",
    "grid_view",
    "hero",
    "icon",
    "icon_button",
    "image",
    "ink_well",
    "intrinsic_height",
    "intrinsic_width",
    "limited_box",
    "linear_progress_indicator",
    "list_tile",
    "list_view",
    "navigation_bar",
    "navigation_view",
    "network_widget",
    "offstage",
    "opacity",
    "outlined_button",
    "padding",
    "page_view",
    "placeholder",
    "positioned",
    "radio",
    "radio_group",
    "raw",
    "refresh_indicator",
    "row",
    "safe_area",
    "scaffold",
    "selectable_text",
    "set_value",
    "single_child_scroll_view",
    "sized_box",
    "slider",
    "sliver_app_bar",
    "sliver_fill_remaining",
    "sliver_grid",
    "sliver_list",
    "sliver_offstage",
    "sliver_opacity",
    "sliver_padding",
    "sliver_safe_area",
    "sliver_to_box_adapter",
    "sliver_visibility",
    "spacer",
    "stack",
    "switch",
    "tab",
    "tab_bar",
    "tab_bar_view",
    "table",
    "table_cell",
    "template_builder",
    "text",
    "text_button",
    "text_field",
    "text_form_field",
    "tooltip",
    "vertical_divider",
    "visibility",
    "web_view",
    "with_item_template",
    "wrap",
]


def __dir__() -> list[str]:
    return __all__
