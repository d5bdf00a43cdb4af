from miniprogram.stac import actions, ui, values
from miniprogram.stac.node import Widget
from miniprogram.stac.screens import screen

COUPONS = (
    ("local_cafe", "10 % off beans", "Every roast, once per order", "ROAST10", 10),
    ("local_shipping", "Free delivery", "From two bags on", "BRINGIT", 0),
    ("card_giftcard", "A filter for free", "With your first order", "HELLO", 0),
)


@screen
def coupons_home() -> Widget:
    return ui.scaffold(
        app_bar=ui.app_bar(title=ui.text("Your coupons")),
        body=ui.list_view([_coupon(*each) for each in COUPONS], padding=16, separator=ui.sized_box(height=12)),
    )


def _coupon(icon: str, title: str, text: str, code: str, percent: int) -> Widget:
    mark = ui.container(
        ui.icon(icon, color="onPrimaryContainer"),
        width=56,
        height=56,
        alignment="center",
        decoration=values.box_decoration(color="primaryContainer", border_radius=16),
    )
    words = ui.column(
        [
            ui.text(title, style="titleMedium"),
            ui.text(text, style="bodySmall"),
        ],
        cross_axis_alignment="start",
        spacing=2,
    )
    use = ui.filled_button(
        ui.text("Use"),
        on_pressed=actions.multi_action(
            [
                actions.open_native_screen("basket", args={"coupon": code, "percent": percent}),
                actions.show_snack_bar(ui.text(f"{code} is in your basket")),
            ]
        ),
    )
    row = ui.row([mark, ui.expanded(words), use], spacing=16)
    return ui.container(
        row,
        padding=12,
        decoration=values.box_decoration(color="surfaceContainerLow", border_radius=24),
    )
