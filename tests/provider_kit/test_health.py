from __future__ import annotations

import httpx
import pytest

from miniprogram.provider_kit.health import ask

URL = "https://x.example/prod/health"


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (301, False), (404, False), (503, False)])
def test_only_200_is_healthy(status: int, *, healthy: bool) -> None:
    health = ask(URL, timeout_s=1, transport=httpx.MockTransport(lambda _: httpx.Response(status)))

    assert (health.healthy, health.status_code) == (healthy, status)
    assert (health.error is None) == healthy


def test_silence_is_an_answer_too() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectTimeout("", request=request)

    health = ask(URL, timeout_s=1, transport=httpx.MockTransport(refuse))

    assert (health.healthy, health.status_code, health.error) == (
        False,
        None,
        f"{URL} does not answer: ConnectTimeout",
    )


@pytest.mark.parametrize("url", ["", "https://", "ftp://x/health", "http://[::1", "https://[::1"])
def test_what_is_no_url_is_only_unhealthy(url: str) -> None:
    assert not ask(url, timeout_s=0.1).healthy
