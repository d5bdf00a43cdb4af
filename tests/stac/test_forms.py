"""Forms: a value is sent or an error, ids are known, rules can be read."""

from __future__ import annotations

from typing import Any

import pytest

from miniprogram.stac import actions, ui, values
from miniprogram.stac.checker import check_screen
from miniprogram.stac.checks.run import Declared
from miniprogram.stac.findings import Finding
from miniprogram.stac.node import Action, Widget
from miniprogram.stac.serialize import to_stac

VALUE = actions.get_form_value("message")
CAPABILITIES = ("analytics", "auth", "native_navigation", "secure_api")


def _form(*children: Widget, action: Action | None = None) -> dict[str, Any]:
    button = ui.text_button(ui.text("Send"), on_pressed=action)
    return to_stac(ui.form(ui.column([*children, button])))


def _check(node: dict[str, Any], declared: Declared | None = None) -> list[tuple[str, str, str | None]]:
    found: list[Finding] = check_screen(
        node, screens=["home"], assets=[], capabilities=CAPABILITIES, declared=declared or Declared()
    )
    return [(one.code, one.path.rpartition("onPressed")[2] or one.path, one.suggestion) for one in found]


FIELD = ui.text_form_field(id="message")
SENT: dict[str, Action] = {
    "post": actions.network_request("https://example.org", method="post", body={"message": VALUE}),
    "put": actions.network_request("https://example.org", method="put", body={"message": VALUE}),
    "after the form was checked": actions.validate_form(
        is_valid=actions.network_request("https://example.org", method="post", body={"message": VALUE})
    ),
}
NOT_SENT: dict[str, tuple[Action, str]] = {
    "backend call": (actions.backend_call("a", method="POST", body={"message": VALUE}), ".body.message"),
    "backend call, deeper": (actions.backend_call("a", method="POST", body={"x": {"y": VALUE}}), ".body.x.y"),
    "backend call, in a list": (actions.backend_call("a", method="POST", body={"x": [VALUE]}), ".body.x[0]"),
    "backend query": (actions.backend_query("r", "a", method="POST", body={"message": VALUE}), ".body.message"),
    "secure api": (actions.call_secure_api("a", body={"message": VALUE}), ".payload.body.message"),
    "event": (actions.track_event("a", properties={"message": VALUE}), ".payload.properties.message"),
    "native screen": (actions.open_native_screen("a", args={"message": VALUE}), ".payload.args.message"),
    "stored value": (actions.set_value(values={"message": VALUE}), ".values[0].value"),
    "request, deeper": (
        actions.network_request("https://example.org", method="post", body={"x": {"y": VALUE}}),
        ".body.x.y",
    ),
    "request, query": (
        actions.network_request("https://example.org", query_parameters={"message": VALUE}),
        ".queryParameters.message",
    ),
    "request, header": (
        actions.network_request("https://example.org", headers={"x-message": VALUE}),
        '.headers["x-message"]',
    ),
    "request, whole body": (actions.network_request("https://example.org", method="post", body=VALUE), ".body"),
    "page parameters": (actions.navigate(route_name="home", arguments={"m": VALUE}), ".arguments.m"),
}


@pytest.mark.parametrize("action", SENT.values(), ids=SENT)
def test_what_hosts_run_is_fine(action: Action) -> None:
    assert _check(_form(FIELD, action=action)) == []


@pytest.mark.parametrize(("action", "path"), NOT_SENT.values(), ids=NOT_SENT)
def test_what_nothing_runs_is_an_error(action: Action, path: str) -> None:
    found = [(code, where) for code, where, _ in _check(_form(FIELD, action=action))]

    assert ("form_value_not_sent", path) in found


def test_in_a_builder_too() -> None:
    builder = ui.backend_builder("r", "a", method="POST", body={"message": VALUE}, child=ui.spacer())

    found = [code for code, _, _ in _check(_form(FIELD, builder))]

    assert "form_value_not_sent" in found


def test_a_value_that_goes_nowhere_is_doubtful() -> None:
    assert [code for code, _, _ in _check(_form(FIELD, action=VALUE))] == ["form_value_unused"]


def test_what_a_host_runs_is_its_own_affair() -> None:
    node = _form(FIELD, action=actions.raw({"actionType": "hostPost", "body": {"message": VALUE}}))

    assert _check(node, Declared(actions=["hostPost"])) == []


@pytest.mark.parametrize(
    ("children", "asked", "found"),
    [
        ([FIELD], "message", []),
        ([FIELD], "mesage", [("unknown_field", 'did you mean "message"?')]),
        ([ui.spacer()], "message", [("unknown_field", None)]),
        ([FIELD, ui.check_box(id="agreed")], "agreed", []),
        ([FIELD, ui.slider(id="stars", value=0)], "stars", []),
        ([FIELD, FIELD], "message", [("field_id_reused", None)]),
        ([FIELD, ui.text_form_field()], "message", [("field_without_id", None)]),
        ([FIELD, ui.form(ui.text_form_field(id="inner"))], "inner", [("unknown_field", None)]),
        ([ui.raw({"type": "stars", "id": "message"})], "message", []),
        ([ui.text_form_field(id="{{field}}")], "message", []),
    ],
    ids=[
        *("known", "misspelt", "no field", "check box", "slider", "twice", "without id", "another form's"),
        *("host's own", "from data"),
    ],
)
def test_fields_are_known_by_form(children: list[Widget], asked: str, found: list[tuple[str, Any]]) -> None:
    body = {"message": actions.get_form_value(asked)}
    action = actions.network_request("https://example.org", method="post", body=body)

    told = _check(_form(*children, action=action), Declared(widgets=["stars"]))

    assert [(code, advice) for code, _, advice in told] == found


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("isEmail", None),
        ("^.{12,}$", None),
        (r"^(?<year>\d{4})-\d\d$", None),
        (r"[^]", None),
        (r"(?<=a+)b", None),
        (r"\p{L}", None),
        (r"\(?P<[(?#a]\++\2}+", None),
        (r"^\\Ab$", None),
        ("[a-", "bad_expression"),
        (r"(?P<year>\d{4})", "bad_expression"),
        (r"(a)(?P=a)", "bad_expression"),
        ("(?i)yes", "bad_expression"),
        ("(?i:yes)", "bad_expression"),
        ("(?#year)a", "bad_expression"),
        ("(?>a)b", "bad_expression"),
        ("a++", "bad_expression"),
        ("a{2}+", "bad_expression"),
        (r"\A\d+", "expression_escape"),
        (r"\d+\Z", "expression_escape"),
        ("(a", "bad_expression"),
        ("a)", "bad_expression"),
        ("*a", "bad_expression"),
        ("a{3,2}", "bad_expression"),
        ("a\\", "bad_expression"),
        ("isEmial", "unknown_rule"),
        ("isPhone", "unknown_rule"),
    ],
)
def test_rules_can_be_read(rule: str, code: str | None) -> None:
    field = ui.text_form_field(id="a", validator_rules=[values.form_field_validator(rule=rule)])

    assert [each for each, _, _ in _check(_form(field))] == ([code] if code else [])
