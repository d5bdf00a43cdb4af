"""Components that the authored screens share: a gap, a heading, a tinted box."""

from miniprogram.stac import ui, values
from miniprogram.stac.node import Widget
from miniprogram.stac.nodes.kinds import EdgeInsets


def gap(height: float) -> Widget:
    return ui.sized_box(height=height)


def title(text: str) -> Widget:
    return ui.text(text, style=values.text_style(color="#1A202C", font_size=28, font_weight="w700"))


def box(child: Widget, *, color: str, radius: float, padding: float | EdgeInsets) -> Widget:
    decoration = values.box_decoration(color=color, border_radius=radius)
    return ui.container(child, padding=padding, decoration=decoration)


def release_badge(text: str, *, color: str, background: str) -> Widget:
    label = ui.text(text, style=values.text_style(color=color, font_size=15, font_weight="w600"))
    padding = values.symmetric_insets(horizontal=14, vertical=12)
    return box(label, color=background, radius=18, padding=padding)


def page(name: str, content: Widget) -> Widget:
    scroll = ui.single_child_scroll_view(content, padding=24)
    return ui.scaffold(app_bar=ui.app_bar(title=ui.text(name)), body=ui.safe_area(scroll))
