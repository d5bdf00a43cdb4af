"""What cannot be stored is refused by the API and by every form alike, changes nothing, and hosts are answered."""

from __future__ import annotations

from typing import Any

import pytest

from miniprogram_server.admin.framework.operation import PREFIX
from plugins.server.conftest import Browser

SHOP = f"{PREFIX}/programs/shop"
CONSOLE_RELEASE = "/programs/shop/targets/wallet/production/releases/1.1.0"
RELEASE = f"{PREFIX}{CONSOLE_RELEASE}"
AUDIENCE = '{"attribute": "custom.n", "operator": "num_gt", "values": [%s]}'
VALUES = {
    "nan": "NaN", "inf": "1e999", "digits": "9" * 4000, "pair": r'"\ud800"', "twice": '{"a":1,"a":2}',
    "deep": "[" * 900 + "]" * 900, "very deep": "[" * 100_000 + "]" * 100_000,
}  # fmt: skip
API_DOORS = {
    "default": ("PUT", f"{SHOP}/switches/x", '{"type": "json", "default": %s}'),
    "rule": ("PUT", f"{SHOP}/switches/x", '{"type": "json", "rules": [{"value": %s}]}'),
    "import": ("POST", f"{SHOP}/switches",
               '{"existing": "overwrite", "switches": [{"key": "x", "type": "json", "default": %s}]}'),
    "audience": ("POST", f"{RELEASE}/configure", f'{{"audience": {AUDIENCE}}}'),
    "override": ("POST", f"{SHOP}/targets/wallet/production/overrides",
                 f'{{"kind": "deny", "reason": "why", "audience": {AUDIENCE}}}'),
}  # fmt: skip
FORMS = {
    "default": ("/programs/shop/switches", {"key": "x", "type": "json", "default": "%s", "rules": "[]"}),
    "rules": ("/programs/shop/switches", {"key": "x", "type": "json", "default": "1", "rules": '[{"value": %s}]'}),
    "import": (
        "/programs/shop/switches/import",
        {"text": '{"switches": [{"key": "x", "type": "json", "default": %s}]}', "existing": "overwrite"},
    ),
    "override": (
        "/programs/shop/overrides",
        {
            "release": "1.0.0 on wallet:production",
            "kind": "deny",
            "reason": "why",
            "tree": f'{{"any": [{AUDIENCE}]}}',
        },
    ),
    "tree": (f"{CONSOLE_RELEASE}/configure", {"title": "Shop", "tree": f'{{"any": [{AUDIENCE}]}}'}),
}


def by_api(ann: Browser, name: str, value: str) -> Any:
    world = ann.world
    method, path, body = API_DOORS[name]
    headers = {
        "authorization": f"Bearer {world.tokens['ann']}", "if-match": "*", "content-type": "application/json",
    }  # fmt: skip
    return world.client.request(method, path, content=(body % value).encode(), headers=headers)


def by_form(ann: Browser, name: str, value: str) -> Any:
    path, form = FORMS[name]
    ann.get("/programs/shop/switches")
    return ann.send(path, {field: text % value if "%s" in text else text for field, text in form.items()})


DOORS = {
    **{f"api {name}": (by_api, name) for name in API_DOORS},
    **{f"form {name}": (by_form, name) for name in FORMS},
}


def stored(world: Any) -> bytes:
    body: bytes = world.storage.store.get("metadata/releases/shop.json").body
    return body


@pytest.fixture(scope="module")
def ann(lasting_world) -> Browser:
    """Signed in, for all that is refused: 1.0.0 is full, 1.1.0 a draft."""
    lasting_world.drafted("1.1.0")
    return Browser(lasting_world).sign_in("ann")


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
def test_what_cannot_be_stored_changes_nothing(ann: Browser, door, value: str) -> None:
    send, name = door
    before = stored(ann.world)

    answer = send(ann, name, value)

    if door[0] is by_form:
        assert "?draft=" in answer.headers["location"], "it is shown again"
        assert 'role="alert"' in ann.get(answer.headers["location"].removeprefix("/console"))
    else:
        assert answer.status_code == 422, answer.text
    assert stored(ann.world) == before
    assert ann.world.delivered() == "1.0.0"
