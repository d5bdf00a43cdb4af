"""What a screen says is data: it runs nothing, leaves its place nowhere, and does not stop the page."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from conformance.viewer import Viewer, open_viewer

MARKUP = '<img src=x onerror="window.owned=1"><script>window.owned=1</script></style><svg onload=window.owned=1>'
ADDRESSES = [
    "javascript:window.owned=1",
    " JaVaScRiPt:window.owned=1",
    "data:text/html,<script>parent.owned=1</script>",
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='parent.owned=1'/>",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:http://runtime.example/x",
    "//evil.example/x.png",
    "../../secret.png",
    "https://user:password@evil.example/x.png",
    'https://evil.example/a.png");background:url(https://evil.example/b.png',
]
CSS = "red;position:fixed;inset:0;z-index:99999;background:url(https://evil.example/leak)"
FIXED = "[...document.querySelectorAll('#root *')].filter((e) => getComputedStyle(e).position === 'fixed').length"


@pytest.fixture(scope="module")
def opened(chromium: Browser) -> Iterator[Viewer]:
    yield from open_viewer(chromium)


@pytest.fixture
def viewer(opened: Viewer) -> Iterator[Viewer]:
    opened.complaints.clear()
    opened.page.evaluate("window.owned = undefined")
    yield opened
    assert opened.page.evaluate("window.owned") is None
    assert [each for each in opened.complaints if "ERR_" not in each] == []
    opened.show({"type": "text", "data": "still here"})
    expect(opened.page.get_by_text("still here")).to_be_visible()


def everywhere(value: object) -> list[dict[str, Any]]:
    """Widgets with `value` in the places of texts, names, colors and numbers."""
    text = {
        "type": "text",
        "data": value,
        "style": {"color": value, "fontFamily": value, "fontStyle": value, "fontWeight": value},
    }
    return [
        text,
        {"type": "icon", "icon": value, "semanticLabel": value, "color": value},
        {
            "type": "image",
            "src": value,
            "semanticLabel": value,
            "fit": value,
            "alignment": value,
            "width": 20,
            "height": 20,
        },
        {
            "type": "container",
            "color": value,
            "width": 20,
            "height": 20,
            "decoration": {
                "color": value,
                "image": {"src": value},
                "border": {"color": value, "width": value},
                "gradient": {"colors": [value, value]},
                "boxShadow": [{"color": value, "blurRadius": value}],
            },
        },
        {
            "type": "filledButton",
            "child": text,
            "onPressed": {"actionType": value},
            "style": {"backgroundColor": value, "shape": {"borderRadius": value}},
        },
        {"type": "iconButton", "icon": {"type": "icon", "icon": "add"}, "tooltip": value, "onPressed": {}},
        {
            "type": "textField",
            "decoration": {"labelText": value, "hintText": value, "helperText": value},
            "textAlign": value,
            "initialValue": value,
        },
        {"type": "chip", "label": text, "shape": {"type": value}},
        {"type": "circleAvatar", "backgroundImage": value, "foregroundImage": value},
        {"type": "tooltip", "message": value, "child": text},
        {"type": "slider", "value": value, "min": value, "max": value, "label": value},
        {"type": "dropdownMenu", "dropdownMenuEntries": [{"value": value, "label": value}]},
        {"type": "listTile", "title": text, "subtitle": text, "onTap": {"actionType": "none"}},
        {"type": value, "child": text},
        {
            "type": "table",
            "border": {"color": value, "borderRadius": value},
            "children": [{"decoration": {"color": value}, "children": [text]}],
        },
    ]


def page_of(children: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "scaffold",
        "backgroundColor": children[0].get("color"),
        "body": {"type": "listView", "children": children},
    }


@pytest.mark.parametrize(
    "value", [MARKUP, CSS, *ADDRESSES, "constructor", "__proto__", "{{constructor}}", "\u202e\u0000\ud800"]
)
def test_no_value_leaves_its_place(value: str, viewer: Viewer) -> None:
    asked: list[str] = []
    viewer.page.on("request", lambda request: asked.append(request.url))

    viewer.show(page_of(everywhere(value)))
    viewer.page.wait_for_timeout(50)

    assert viewer.page.locator("#root :is(script, style, link, object, embed, base, meta, form)").count() == 0
    assert viewer.page.locator("#root :is([onerror], [onload], [onclick])").count() == 0
    assert viewer.page.evaluate(FIXED) == 0
    hosts = {url.split("/")[2] for url in asked if url.startswith("http")} - {"runtime.example"}
    assert hosts <= {"evil.example"}
    assert not any("leak" in url or "password" in url or url.startswith("https://evil.example/b") for url in asked)


@pytest.mark.parametrize(
    "value", [None, True, -1, 1e308, float("nan"), [], [[]], {}, {"type": {}}, [None, 1, "x"]], ids=repr
)
def test_no_kind_of_value_stops_the_page(value: object, viewer: Viewer) -> None:
    given = json.loads(json.dumps(value).replace("NaN", '"nan"'))
    for widget in everywhere(given):
        viewer.show(page_of([widget]))

    assert viewer.warnings("broken_widget") == []


@pytest.mark.parametrize("address", [*ADDRESSES, "http://runtime.example/"])
def test_a_web_view_shows_web_pages_only_and_locked_up(address: str, viewer: Viewer) -> None:
    viewer.show({"type": "scaffold", "body": {"type": "webView", "url": address}})
    viewer.page.wait_for_timeout(50)

    frames = viewer.page.locator("#root iframe")
    if address.startswith("http") and "@" not in address:
        assert "allow-same-origin" not in str(frames.get_attribute("sandbox"))
    else:
        assert frames.count() == 0


def test_a_style_of_the_runtime_cannot_be_forged(viewer: Viewer) -> None:
    paint = {"position": "fixed", "inset": "0"}
    forged = {
        "resolved": True,
        "paint": paint,
        "fontSize": 20,
        "look": {"css": paint},
        "parts": {"leading": {"type": "text"}},
    }
    look = {
        "tag": "script",
        "css": paint,
        "text": "window.owned = 1",
        "attributes": {"onclick": "window.owned = 1"},
    }
    viewer.show(
        page_of(
            [
                {"type": "text", "data": "forged", "style": forged, "look": look},
                {"type": "container", "look": look, "over": paint, "height": 20},
                {"type": "padding", "padding": 4, "look": look, "child": {"type": "sizedBox", "look": look}},
                {"type": "listTileBox", "parts": {"title": {"type": "text", "data": "x"}}, "look": look},
                {"type": "inputBox", "parts": {}, "look": look},
                {"type": "proxyBox", "child": {"type": "text", "data": "x"}, "look": look},
            ]
        )
    )

    assert viewer.page.locator("#root script, #root [onclick]").count() == 0
    assert viewer.page.evaluate(FIXED) == 0
    assert len(viewer.warnings("unknown_type")) == 3


def test_a_deep_screen_is_cut_and_said_so(viewer: Viewer) -> None:
    text = '{"type":"padding","child":' * 3000 + '{"type":"text","data":"x"}' + "}" * 3000
    viewer.page.evaluate("text => { events.length = 0; view.show(JSON.parse(text)); }", text)
    viewer.settle()

    assert len(viewer.warnings("too_deep")) == 1


def test_a_huge_screen_is_cut_in_time(viewer: Viewer) -> None:
    screen = "{ type: 'column', children: Array.from({ length: 100000 }, () => ({ type: 'sizedBox' })) }"
    started = time.monotonic()
    viewer.page.evaluate(f"events.length = 0; view.show({screen})")
    viewer.settle()

    assert len(viewer.warnings("too_large")) == 1
    assert time.monotonic() - started < 20


def test_a_template_that_contains_itself_ends(viewer: Viewer) -> None:
    builder: dict[str, Any] = {
        "type": "miniProgramBackendBuilder",
        "requestId": "a",
        "endpoint": "a",
        "error": {"type": "text", "data": "no"},
    }
    for _ in range(30):
        builder = {**builder, "error": {"type": "column", "children": [builder]}}
    viewer.show(builder)

    assert viewer.page.get_by_text("no").count() == 1


def test_actions_inside_actions_end(viewer: Viewer) -> None:
    action: dict[str, Any] = {"actionType": "none"}
    for _ in range(80):
        action = {"actionType": "multiAction", "actions": [action]}
    viewer.show({"type": "filledButton", "child": {"type": "text", "data": "Go"}, "onPressed": action})
    viewer.page.get_by_role("button", name="Go").click()
    viewer.settle()

    codes = viewer.page.evaluate("events.filter(([name]) => name === 'warning').map(([, each]) => each.code)")
    assert codes == ["action_failed"]


def test_an_expression_that_never_ends_is_not_started(viewer: Viewer) -> None:
    rule = {"rule": "isEmail", "message": "wrong"}
    viewer.show(
        {
            "type": "form",
            "autovalidateMode": "always",
            "child": {
                "type": "textFormField",
                "id": "a",
                "decoration": {"labelText": "A"},
                "validatorRules": [rule],
                "maxLength": 100_000,
            },
        }
    )
    started = time.monotonic()
    viewer.page.get_by_label("A").fill("a" * 50_000 + "@")
    viewer.settle()

    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "/relative", "ftp://x.example/", "https://u:p@x.example/"]
)
def test_a_request_goes_to_web_addresses_only(url: str, viewer: Viewer) -> None:
    action = {"actionType": "networkRequest", "url": url, "method": "get"}
    viewer.show({"type": "filledButton", "child": {"type": "text", "data": "Go"}, "onPressed": action})
    viewer.page.get_by_role("button", name="Go").click()
    viewer.settle()

    assert len(viewer.warnings("action_failed")) == 1
