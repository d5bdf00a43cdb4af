"""A CDN before our delivery: a caching proxy of the company's own, which drops what matches a path it is sent."""

from __future__ import annotations

from collections.abc import Sequence

import httpx

from miniprogram.errors import MiniProgramError
from miniprogram.provider_kit.cdn_store import answered_paths
from miniprogram.seams.cloud_provider import StoreAddress


class AcmeCdn:
    """Implements Cdn. The proxy understands `BAN /api/screens/shop/*`, as a few lines of VCL have Varnish do."""

    keeps_s = 300
    """What its configuration says."""

    def __init__(self, url: str, address: StoreAddress, transport: httpx.BaseTransport | None = None) -> None:
        self._url, self._address, self._transport = url, address, transport

    def invalidate(self, keys: Sequence[str]) -> None:
        with httpx.Client(base_url=self._url, transport=self._transport, timeout=5) as client:
            for path in answered_paths(self._address.keys, keys):
                try:
                    client.request("BAN", path).raise_for_status()
                except httpx.HTTPStatusError as error:
                    refused = error.response.status_code
                    raise MiniProgramError(f"the CDN at {self._url} answered {refused} to BAN {path}") from None
                except httpx.TransportError:
                    raise MiniProgramError(f"the CDN at {self._url} gives no answer to BAN {path}") from None
