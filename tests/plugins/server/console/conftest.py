from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

BASE = "/console"


@dataclass
class Browser:
    """Somebody at the console: signs in, reads pages, and sends their forms with what is hidden in them."""

    world: Any
    page: httpx.Response | None = None

    def sign_in(self, who: str) -> Browser:
        self.world.client.cookies.clear()
        self.page = self.world.client.post(f"{BASE}/login", data={"token": self.world.tokens[who], "next": ""})
        assert self.page.status_code == 303, self.page.text
        return self

    def get(self, path: str) -> str:
        self.page = self.world.client.get(BASE + path)
        assert self.page.status_code == 200, self.page.text
        return self.page.text

    def hidden(self, name: str) -> str:
        assert self.page is not None
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page.text)
        assert found, f"no {name} in the page"
        return found[1]

    def send(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> httpx.Response:
        """POST a form of the page that is shown."""
        body = {"csrf": self.hidden("csrf"), **(data or {})}
        if "revision" not in body and 'name="revision"' in self.page.text:
            body["revision"] = self.hidden("revision")
        return self.world.client.post(BASE + path, data=body, **options)


@pytest.fixture
def browser(world) -> Browser:
    return Browser(world)
