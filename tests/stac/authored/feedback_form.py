"""The two published versions of the feedback form's home screen."""

from parts import box, gap, page, release_badge, title

from miniprogram.stac import actions, ui, values
from miniprogram.stac.node import Action, Widget
from miniprogram.stac.screens import screen

_INTRO = {
    "1.0.0": "This second mini-program stays inside the current MVP capabilities: validate locally, track an "
    "event through the host bridge, and open a host-owned follow-up screen.",
    "1.1.0": "This second mini-program stays inside the current host capabilities: validate locally, submit "
    "through a host-owned secure API, track an event through the bridge, and open a host-owned follow-up screen.",
}
_PROOFS = {
    "1.0.0": ("Analytics stays behind the shared host bridge.",),
    "1.1.0": (
        "Secure feedback submission stays behind the shared host bridge.",
        "Analytics stays behind the shared host bridge.",
    ),
}
_DONE = {
    "1.0.0": "Feedback validated locally. Opening host follow-up.",
    "1.1.0": "Feedback validated locally and queued through the secure host API.",
}
_TOPICS = ("Performance", "Missing feature", "UI polish", "General suggestion")
_FLOW = {"source": "feedback_form", "flow": "portable_feedback"}


@screen("1.0.0")
def first() -> Widget:
    return _home("1.0.0")


@screen("1.1.0")
def second() -> Widget:
    submit = actions.call_secure_api(
        "feedback/submit",
        body={**_FLOW, "message": "Validated feedback payload from portable UI."},
        request_id="feedback-submit-secure-api",
    )
    return _home("1.1.0", submit)


def _home(version: str, *before: Action) -> Widget:
    lane = f"Release lane: Feedback Form v{version}"
    content = [
        *(title("Portable feedback lane"), gap(12), ui.text(_INTRO[version]), gap(16)),
        *(release_badge(lane, color="#0C4A6E", background="#E0F2FE"), gap(16), _proofs(version), gap(24)),
        *(_label("Feedback topic"), gap(10), _topics(), gap(24), *_fields(), gap(24)),
        *(_submit_button(version, before), gap(12), _track_button()),
    ]
    column = ui.column(content, cross_axis_alignment="start")
    return page("Feedback Form", ui.form(column, autovalidate_mode="onUserInteraction"))


def _label(text: str) -> Widget:
    return ui.text(text, style=values.text_style(font_size=16, font_weight="w600"))


def _proofs(version: str) -> Widget:
    proofs = (
        "Local form validation runs in portable UI.",
        *_PROOFS[version],
        "The same route alias opens different native follow-up pages in each host app.",
    )
    style = values.text_style(color="#1E293B", font_size=16, font_weight="w700")
    heading = ui.text("What this portable flow proves", style=style)
    lines = [ui.text(f"{number}. {proof}") for number, proof in enumerate(proofs, start=1)]
    column = ui.column([heading, gap(10), *lines], cross_axis_alignment="start")
    return box(column, color="#FFFFFF", radius=20, padding=18)


def _topics() -> Widget:
    style = values.text_style(color="#334155", font_size=14, font_weight="w500")
    padding = values.symmetric_insets(horizontal=12, vertical=8)
    pills = [box(ui.text(topic, style=style), color="#F8FAFC", radius=999, padding=padding) for topic in _TOPICS]
    return ui.wrap(pills, spacing=10, run_spacing=10)


def _fields() -> tuple[Widget, Widget, Widget]:
    contact = ui.text_form_field(
        id="contact_hint",
        decoration=values.input_decoration(
            label_text="Contact hint (optional)", hint_text="Email or phone for follow-up"
        ),
        text_input_action="next",
        max_lines=1,
    )
    hint = "Share at least 12 characters so the host team can act."
    rule = values.form_field_validator(rule="^.{12,}$", message="Please share at least 12 characters of feedback.")
    message = ui.text_form_field(
        id="feedback_message",
        decoration=values.input_decoration(label_text="What should improve?", hint_text=hint),
        text_input_action="done",
        max_lines=6,
        min_lines=4,
        validator_rules=[rule],
    )
    return contact, gap(16), message


def _submit_button(version: str, before: tuple[Action, ...]) -> Widget:
    track = actions.track_event("feedback_form_submitted", properties=_FLOW, request_id="feedback-submit-track")
    follow_up = actions.open_native_screen(
        "feedback_follow_up",
        args={"source": "feedback_form", "channel": "mini_program"},
        expect_result=True,
        request_id="feedback-open-follow-up",
    )
    steps = [*before, track, _message(_DONE[version]), follow_up]
    submit = actions.validate_form(
        is_valid=actions.multi_action(steps, sync=True),
        is_not_valid=_message("Please complete the required feedback message first."),
    )
    return ui.filled_button(ui.text("Validate and continue"), on_pressed=submit)


def _message(text: str) -> Action:
    # Dart projects write the content of a snack bar as a map, `type` first; a raw widget keeps that order.
    return actions.show_snack_bar(ui.raw({"type": "text", "data": text}), behavior="floating")


def _track_button() -> Widget:
    seen = actions.track_event(
        "feedback_form_opened",
        properties={"source": "feedback_form", "surface": "feedback_form"},
        request_id="feedback-track-open",
    )
    return ui.outlined_button(ui.text("Track feedback view"), on_pressed=seen)
