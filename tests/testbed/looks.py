"""Looks at a delivery service, as a host does: once, or until it says what it is to say."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

NOTICED_WITHIN_S = 20.0


def get(url: str) -> tuple[int, Any]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=20) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, None


def soon(look: Callable[[], object], expected: object) -> None:
    deadline = time.monotonic() + NOTICED_WITHIN_S
    while (found := look()) != expected:
        assert time.monotonic() < deadline, f"{found!r} is still not {expected!r}"
        time.sleep(0.1)
