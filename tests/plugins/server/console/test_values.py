"""What cannot be kept is refused by every form, and hosts go on being answered."""

from __future__ import annotations

from typing import Any

import pytest

VALUES = {
    "nan": "NaN", "inf": "1e999", "digits": "9" * 4000, "pair": r'"\ud800"', "twice": '{"a":1,"a":2}',
    "deep": "[" * 900 + "]" * 900, "very deep": "[" * 100_000 + "]" * 100_000,
}  # fmt: skip

CONSOLE_DOORS = {
    "default": ("/programs/shop/switches", {"key": "x", "type": "json", "default": "%s", "rules": "[]"}),
    "rules": ("/programs/shop/switches", {"key": "x", "type": "json", "default": "1", "rules": '[{"value": %s}]'}),
    "tree": (
        "/programs/shop/targets/wallet/production/releases/1.1.0/configure",
        {"title": "Shop", "tree": '{"any": [{"attribute": "custom.n", "operator": "num_gt", "values": [%s]}]}'},
    ),
}


def _document(world: Any) -> bytes:
    return world.storage.store.get("metadata/releases/shop.json").body


@pytest.fixture
def ready(world):
    world.full("1.0.0")
    world.drafted("1.1.0")
    return world


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("door", CONSOLE_DOORS.values(), ids=CONSOLE_DOORS)
def test_the_console_refuses_what_cannot_be_kept(ready, browser, door, value: str) -> None:
    path, form = door
    browser.sign_in("ann").get("/programs/shop/switches")
    before = _document(ready)

    sent = {name: text % value if "%s" in text else text for name, text in form.items()}
    answer = browser.send(path, sent)

    assert answer.status_code == 422, answer.text
    assert _document(ready) == before
    assert ready.delivered() == "1.0.0"
