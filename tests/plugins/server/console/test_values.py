"""What cannot be kept is refused by every form, and hosts go on being answered."""

from __future__ import annotations

from typing import Any

import pytest

from plugins.server.console.conftest import Browser

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


@pytest.fixture(scope="module")
def ann(lasting_world) -> Browser:
    """Signed in, for all that is refused: 1.0.0 is full, 1.1.0 a draft."""
    lasting_world.drafted("1.1.0")
    return Browser(lasting_world).sign_in("ann")


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("door", CONSOLE_DOORS.values(), ids=CONSOLE_DOORS)
def test_the_console_refuses_what_cannot_be_kept(ann: Browser, door, value: str) -> None:
    path, form = door
    ann.get("/programs/shop/switches")
    before = _document(ann.world)

    sent = {name: text % value if "%s" in text else text for name, text in form.items()}
    answer = ann.send(path, sent)

    assert answer.status_code == 422, answer.text
    assert _document(ann.world) == before
    assert ann.world.delivered() == "1.0.0"
