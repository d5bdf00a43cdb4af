"""The two published versions of the profile center's home screen."""

from parts import box, gap, page, release_badge, title

from miniprogram.stac import actions, ui, values
from miniprogram.stac.node import Widget
from miniprogram.stac.screens import screen

_INTRO = {
    "1.0.0": "This mini-program is delivered through the shared SDK and keeps native work behind the host bridge.",
    "1.1.0": "This mini-program is delivered through the shared SDK, keeps native work behind the host bridge, "
    "and now proves backend-selected version rollout.",
}
_FACTS = ("Name: Guest User", "Tier: Super App Preview")
_NEW_FACTS = ("Release lane: backend-selected latest", "Manifest version: 1.1.0")


@screen("1.0.0")
def first() -> Widget:
    return _home("1.0.0", facts=_FACTS)


@screen("1.1.0")
def second() -> Widget:
    badge = release_badge("Active release: Profile Center v1.1.0", color="#14532D", background="#DFF4EA")
    return _home("1.1.0", badge, gap(16), facts=_FACTS + _NEW_FACTS)


def _home(version: str, *extra: Widget, facts: tuple[str, ...]) -> Widget:
    content = [title("Portable account module"), gap(12), ui.text(_INTRO[version]), gap(24), *extra]
    content += [_user_card(facts), gap(24), _track_button(), gap(12), _edit_button()]
    return page("Profile Center", ui.column(content, cross_axis_alignment="start"))


def _user_card(facts: tuple[str, ...]) -> Widget:
    heading = ui.text("Preview user", style=values.text_style(font_size=16, font_weight="w600"))
    lines = ui.column([heading, gap(8), *map(ui.text, facts)], cross_axis_alignment="start")
    return box(lines, color="#FFFFFF", radius=20, padding=16)


def _track_button() -> Widget:
    seen = actions.track_event(
        "profile_center_opened",
        properties={"source": "profile_center", "surface": "profile_center"},
        request_id="profile-track-open",
    )
    return ui.filled_button(ui.text("Track Profile Event"), on_pressed=seen)


def _edit_button() -> Widget:
    edit = actions.open_native_screen(
        "profile_editor",
        args={"userId": "guest_001", "source": "profile_center"},
        expect_result=True,
        request_id="profile-open-native-editor",
    )
    return ui.filled_button(ui.text("Open Native Edit Screen"), on_pressed=edit)
