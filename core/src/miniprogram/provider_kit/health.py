"""Whether a deployment answers, near or far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.processes import Health, probe

if TYPE_CHECKING:
    import httpx

HEALTHY = 200


def ask(url: str, *, timeout_s: float, transport: httpx.BaseTransport | None = None) -> Health:
    """Ask a health URL once, without following redirects. Never raises.

    `transport` replaces the network for `https://` URLs.
    """
    if url.startswith("http://"):
        return probe(url, timeout_s=timeout_s)
    import httpx  # deferred: as slow to import as everything else together

    try:
        with httpx.Client(timeout=timeout_s, transport=transport) as client:
            status = client.get(url).status_code
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Health(None, f"{url} does not answer: {str(error) or type(error).__name__}")
    return Health(status, None if status == HEALTHY else f"{url} answered {status}")
