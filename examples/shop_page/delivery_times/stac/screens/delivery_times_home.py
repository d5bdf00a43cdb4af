from miniprogram.stac import actions, ui, values
from miniprogram.stac.node import Widget
from miniprogram.stac.screens import screen

DAYS = (
    ("Tomorrow", (("9:00 – 11:00", "van, 0 €"), ("18:00 – 20:00", "bicycle, 2 €"))),
    ("The day after", (("8:00 – 10:00", "bicycle, 2 €"), ("14:00 – 16:00", "van, 0 €"))),
)


@screen
def delivery_times_home() -> Widget:
    note = ui.text("A program of our courier, in a frame of its own.", style="bodyMedium")
    return ui.scaffold(
        app_bar=ui.app_bar(title=ui.text("When shall we come?")),
        body=ui.list_view(
            [note, *(part for day, times in DAYS for part in _day(day, times))],
            padding=16,
            separator=ui.sized_box(height=8),
        ),
    )


def _day(day: str, times: tuple[tuple[str, str], ...]) -> list[Widget]:
    heading = ui.padding(ui.text(day, style="titleSmall"), padding=values.edge_insets(top=8))
    return [heading, *(_time(day, hours, how) for hours, how in times)]


def _time(day: str, hours: str, how: str) -> Widget:
    words = ui.column(
        [ui.text(hours, style="titleMedium"), ui.text(how, style="bodySmall")], cross_axis_alignment="start"
    )
    reserve = ui.outlined_button(
        ui.text("Reserve"),
        on_pressed=actions.multi_action(
            [
                actions.call_secure_api("delivery/reserve", body={"day": day, "hours": hours}),
                actions.show_snack_bar(ui.text(f"Reserved: {hours}")),
            ]
        ),
    )
    return ui.container(
        ui.row([ui.icon("schedule", color="primary"), ui.expanded(words), reserve], spacing=16),
        padding=values.symmetric_insets(horizontal=16, vertical=10),
        decoration=values.box_decoration(border=values.border(color="outlineVariant", width=1), border_radius=16),
    )
