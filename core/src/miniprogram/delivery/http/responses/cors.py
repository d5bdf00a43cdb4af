"""CORS headers: the same on every response of a profile (contract, section 1.2)."""

from __future__ import annotations

from collections.abc import Mapping

from miniprogram.delivery.http.messages import HeaderPairs

ALLOWED_METHODS = "GET, POST, OPTIONS"

_FIXED = (
    ("access-control-allow-methods", ALLOWED_METHODS),
    (
        "access-control-allow-headers",
        "Content-Type, Authorization, X-Mini-Program-Access-Key, X-Host-App, X-Host-Version, X-Host-User-Id, "
        "X-Host-Tenant-Id, X-Request-Id",
    ),
    (
        "access-control-expose-headers",
        "x-backend-trace-id, x-mini-program-id, x-mini-program-version, x-mini-program-selection-mode, "
        "x-mini-program-decision-reason, x-mini-program-matched-rule-id, x-mini-program-catalog-count, "
        "content-encoding, x-debug-route, x-debug-outcome",
    ),
    ("access-control-max-age", "600"),
)
_FOR_EVERYBODY: HeaderPairs = (("access-control-allow-origin", "*"), *_FIXED)
_PRIVATE_NETWORK = "Access-Control-Request-Private-Network"
_ECHO_VARY = f"Origin, Access-Control-Request-Method, Access-Control-Request-Headers, {_PRIVATE_NETWORK}"
_MOST_ORIGINS = 256


class CorsHeaders:
    """Header blocks, built once per origin. `echoes_origin` is what the local profile does."""

    def __init__(self, *, echoes_origin: bool) -> None:
        self._echoes_origin = echoes_origin
        self._blocks: dict[tuple[str | None, bool, str], HeaderPairs] = {}

    def block(self, headers: Mapping[str, str], *, varies: str) -> HeaderPairs:
        """The headers for a request with `headers`, `vary` included.

        `varies`: the request headers that the form of the body depends on, as `vary` names them; blank for none.
        """
        origin, private_network = None, False
        if self._echoes_origin:
            origin = _usable_origin(headers.get("origin"))
            asked = headers.get("access-control-request-private-network")
            private_network = asked is not None and asked.strip().lower() == "true"
        key = (origin, private_network, varies)
        block = self._blocks.get(key)
        if block is None:
            if len(self._blocks) >= _MOST_ORIGINS:
                self._blocks.clear()
            block = self._blocks[key] = _build(*key)
        return block


def _usable_origin(origin: str | None) -> str | None:
    text = (origin or "").strip()
    return text if text not in {"", "null"} and text.isascii() and text.isprintable() else None


def _build(origin: str | None, private_network: bool, varies: str) -> HeaderPairs:
    block = _FOR_EVERYBODY if origin is None else (("access-control-allow-origin", origin), *_FIXED)
    if private_network:
        block = (*block, ("access-control-allow-private-network", "true"))
    vary = [varies] if varies else []
    if origin is not None:
        vary.append(_ECHO_VARY)
    elif private_network:
        vary.append(_PRIVATE_NETWORK)
    return (*block, ("vary", ", ".join(vary))) if vary else block
