"""What actions do, step by step, as the cases in `actions/` say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from conformance.viewer import HERE, Viewer, open_viewer

CASES: dict[str, Any] = {
    f"{file.stem}/{name}": case
    for file in sorted((HERE / "actions").glob("*.json"))
    for name, case in json.loads(file.read_text("utf-8"))["cases"].items()
}
CORS = {
    "access-control-allow-origin": "*",
    "access-control-allow-headers": "*",
    "access-control-allow-methods": "*",
}


@pytest.fixture(scope="module")
def opened(chromium: Browser) -> Iterator[Viewer]:
    yield from open_viewer(chromium)


class Steps:
    """One step each: a name and what belongs to it."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self.asked: list[dict[str, Any]] = []

    def answer(self, answers: dict[str, Any]) -> None:
        def serve(route: Route) -> None:
            request = route.request
            body = json.loads(request.post_data) if request.post_data else None
            self.asked.append({"url": request.url, "method": request.method, "body": body})
            status, found = answers.get(request.url, [200, {}])
            route.fulfill(status=status, json=found, headers=CORS)

        self.viewer.page.unroute_all()
        self.viewer.page.route("https://api.example/**", serve)

    def tap(self, name: str) -> None:
        self.viewer.page.get_by_role("button", name=name, exact=True).last.click()

    def type(self, given: list[str]) -> None:
        self.viewer.page.get_by_label(given[0]).fill(given[1])

    def see(self, text: str) -> None:
        expect(self.viewer.page.get_by_text(text, exact=True).last).to_be_visible()

    def value(self, given: list[str]) -> None:
        expect(self.viewer.page.get_by_label(given[0])).to_have_value(given[1])

    def warning(self, code: str) -> None:
        self.viewer.page.wait_for_function(f"events.some(([name, detail]) => detail?.code === {code!r})")

    def result(self, wanted: dict[str, Any]) -> None:
        self.viewer.page.wait_for_function("events.some(([name]) => name === 'result')")
        found = self.viewer.events("result")[-1]["result"]
        assert {name: found.get(name) for name in wanted} == wanted

    def request(self, wanted: dict[str, Any]) -> None:
        assert wanted in self.asked


@pytest.mark.parametrize("name", CASES)
def test_an_action_does_what_its_case_says(name: str, opened: Viewer) -> None:
    case, steps = CASES[name], Steps(opened)
    steps.answer(case.get("answers", {}))
    opened.page.evaluate("screens => Object.assign(window.screens, screens)", case.get("screens", {}))
    opened.show(case["screen"])

    for step in case["steps"]:
        ((kind, given),) = step.items()
        getattr(steps, kind)(given)
