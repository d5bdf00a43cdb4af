# ruff: noqa: E501 - a row of a table is one line
"""What the checker says about the nodes the mini-program platform adds, and about bindings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from miniprogram.stac.findings import Finding

Check = Callable[..., list[Finding]]


def _text(data: str) -> dict[str, Any]:
    return {"type": "text", "data": data}


def _on_press(action: dict[str, Any]) -> dict[str, Any]:
    return {"type": "filledButton", "onPressed": action}


def _builder(**members: Any) -> dict[str, Any]:
    return {"type": "miniProgramBackendBuilder", "requestId": "home", "endpoint": "home/bootstrap", **members}


def _navigation(action: str, **payload: Any) -> dict[str, Any]:
    return _on_press({"actionType": "miniProgramNavigation", "action": action, "payload": payload})


def _host(action: str, **payload: Any) -> dict[str, Any]:
    return _on_press({"actionType": "hostAction", "action": action, "payload": payload})


@pytest.mark.parametrize(
    ("node", "severity", "code", "path"),
    [
        (_navigation("openMiniProgramScreen", screenId="detials"), "error", "dangling_screen", "$.onPressed.payload.screenId"),
        (_navigation("openMiniProgramScreen"), "error", "missing_property", "$.onPressed.payload"),
        (_navigation("openMiniProgramScreen", screenId=" "), "error", "missing_property", "$.onPressed.payload"),
        (_navigation("openScreen", screenId="home"), "error", "unknown_action", "$.onPressed.action"),
        (_host("trackEvnt", name="x"), "error", "unknown_action", "$.onPressed.action"),
        (_host("trackEvent"), "error", "missing_property", "$.onPressed.payload"),
        (_host("trackEvent", name="x", properties=[]), "error", "bad_type", "$.onPressed.payload.properties"),
        (_host("openNativeScreen", route="x", arg={}), "warning", "unknown_property", "$.onPressed.payload.arg"),
        (_host("callSecureApi", endpoint=3), "error", "bad_type", "$.onPressed.payload.endpoint"),
        (_on_press({"actionType": "miniProgramAuth", "action": "login"}), "error", "unknown_action", "$.onPressed.action"),
        (_builder(requestId="a.b"), "error", "bad_request_id", "$.requestId"),
        (_builder(requestId=""), "error", "bad_request_id", "$.requestId"),
        (_builder(endpoint="https://example.org/x"), "error", "bad_endpoint", "$.endpoint"),
        (_builder(endpoint="//example.org/x"), "error", "bad_endpoint", "$.endpoint"),
        (_builder(endpoint="a/../b"), "error", "bad_endpoint", "$.endpoint"),
        (_builder(endpoint=" "), "error", "bad_endpoint", "$.endpoint"),
        (_builder(method="POST"), "warning", "builder_writes", "$.method"),
        (_builder(method="FETCH"), "warning", "unknown_method", "$.method"),
        (_builder(body={"a": 1}), "warning", "body_ignored", "$.body"),
        (_builder(itemTemplate=_text("x"), itemsPath="coupons"), "warning", "items_path", "$.itemsPath"),
        (_builder(empty=_text("x")), "warning", "unused_property", "$.empty"),
        (_builder(child=_builder(requestId="b")), "warning", "nested_builder", "$.child"),
        (_builder(child=_text("{{backend.hme.data.x}}")), "warning", "unknown_request_id", "$.child.data"),
        (_builder(child=_text("{{backend.home.title}}")), "warning", "unknown_binding", "$.child.data"),
        (_builder(child=_text("{{backend}}")), "warning", "unknown_binding", "$.child.data"),
        (_builder(child=_text("{{item.x}}")), "warning", "binding_outside_builder", "$.child.data"),
        (_text("{{backend.home.data.x}}"), "warning", "binding_outside_builder", "$.data"),
        (_text("Hi {{auth.user.email}}"), "warning", "binding_outside_builder", "$.data"),
        (_host("trackEvent", name="x", properties={"a": ["{{item.x}}"]}), "warning", "binding_outside_builder", None),
    ],
)  # fmt: skip
def test_finds_one_thing(check: Check, node: Any, severity: str, code: str, path: str | None) -> None:
    found = check(node)

    assert [(one.severity, one.code) for one in found if one.code == code] == [(severity, code)]
    assert path in (None, *(one.path for one in found if one.code == code))
    assert [one for one in found if one.is_error and one.code != code] == []


@pytest.mark.parametrize(
    "node",
    [
        _navigation("openMiniProgramScreen", screenId="details"),
        _navigation("popMiniProgramScreen"),
        _on_press({"actionType": "miniProgramNavigation", "action": "popToMiniProgramRoot"}),
        _host("openNativeScreen", route="editor", args={"a": 1}, expectResult=True),
        _builder(child=_text("{{ backend.home.data.items[0].title }}"), loading=_text("…"), error=_text("{{backend.home.message}}")),
        _builder(itemsPath="data.coupons", itemTemplate={"type": "image", "src": "{{item.imageUrl}}"}),
        _builder(child={"type": "textFormField", "maxLines": "{{backend.home.data.lines}}", "enabled": "{{backend.home.data.on}}"}),
        _builder(itemTemplate={"type": "expanded", "child": _text("{{item}}")}),
        _builder(itemTemplate=_navigation("openMiniProgramScreen", screenId="{{item.screen}}")),
        {"type": "miniProgramAuthBuilder", "signedIn": _text("{{auth.user.email}}"), "signedOut": _text("x")},
        {"type": "setValue", "values": [{"key": "item.x", "value": 1}], "child": _text("{{item.x}}")},
        _text("{{anything.else}}"),
    ],
)  # fmt: skip
def test_passes(check: Check, node: Any) -> None:
    assert check(node) == []


def test_one_request_id_loads_one_endpoint(check: Check) -> None:
    query = {"actionType": "miniProgramBackendQuery", "requestId": "home", "endpoint": "home/other"}

    (finding,) = check({"type": "column", "children": [_builder(child=_text("x")), _on_press(query)]})

    assert (finding.code, finding.path) == ("request_id_reused", "$.children[1].onPressed.requestId")


def test_a_binding_may_stand_before_its_builder(check: Check) -> None:
    first = _builder(requestId="a", endpoint="a", child=_text("{{backend.b.data.x}}"))
    second = _builder(requestId="b", endpoint="b", child=_text("x"))

    assert check({"type": "column", "children": [first, second]}) == []


def test_a_text_full_of_braces_takes_no_time(check: Check) -> None:
    texts = ["{{" + " " * 200_000, "{{" * 50_000, "{{" + " a" * 100_000 + "}}"]

    assert check({"type": "column", "children": [_text(text) for text in texts]}) == []


def test_a_flag_from_a_variable_never_becomes_a_flag(check: Check) -> None:
    (finding,) = check({"type": "text", "data": "x", "softWrap": "{{wrap}}"})

    assert (finding.severity, finding.code) == ("error", "bad_type")
