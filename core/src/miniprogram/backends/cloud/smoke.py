"""`smoke`: ask a deployed backend for everything it should answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from miniprogram.backends.cloud.reports import ProbedRoute, SmokeReport, make_report
from miniprogram.backends.cloud.session import BackendSession
from miniprogram.seams.backend_operator import BASE_URL

if TYPE_CHECKING:
    import httpx

TIMEOUT_S = 5.0
READS = ("/health", "/home/bootstrap", "/coupons/list", "/auth/session")
REDEEM = "/coupon/redeem"
REDEEMED = ("redeemed", "already_redeemed")


@dataclass(frozen=True, slots=True)
class WriteProbe:
    """The redemption a write probe makes."""

    coupon_id: str = "coupon-10"
    user_id: str = "smoke-user"


def smoke_backend(
    session: BackendSession, write: WriteProbe | None, *, transport: httpx.BaseTransport | None = None
) -> SmokeReport:
    """Ask every route of the contract in order; with `write` also redeem a coupon.

    A missing deployment is a failed smoke test, not an error. `transport` replaces the network.
    """
    state = session.operator.state()
    base_url = state.outputs.get(BASE_URL)
    error = state.missing if not state.exists else None if base_url else f"there is no output {BASE_URL}"
    routes = tuple(_probe_all(base_url, write, transport)) if base_url and error is None else ()
    return make_report(
        SmokeReport,
        session.header("smoke"),
        state.facts,
        backend_base_url=base_url,
        include_write=write is not None,
        passed=bool(routes) and all(route.passed for route in routes),
        error=error,
        routes=routes,
    )


def _probe_all(
    base_url: str, write: WriteProbe | None, transport: httpx.BaseTransport | None
) -> Iterator[ProbedRoute]:
    import httpx  # deferred: slow to import

    with httpx.Client(timeout=TIMEOUT_S, transport=transport) as client:
        for path in READS:
            yield _read(client, base_url, path)
        if write is not None:
            yield _redeem(client, base_url, write)


def _read(client: httpx.Client, base_url: str, path: str) -> ProbedRoute:
    uri = base_url.rstrip("/") + path
    response, error = _ask(client, "GET", uri, None)
    status = response.status_code if response is not None else None
    passed = status == 200
    said = error or (None if passed else f"answered {status}")
    return ProbedRoute(method="GET", path=path, uri=uri, status_code=status, passed=passed, error=said)


def _redeem(client: httpx.Client, base_url: str, write: WriteProbe) -> ProbedRoute:
    uri = base_url.rstrip("/") + REDEEM
    body = {"couponId": write.coupon_id, "userId": write.user_id}
    response, error = _ask(client, "POST", uri, body)
    status = response.status_code if response is not None else None
    said = _member(response, "status")
    passed = status == 200 and said in REDEEMED
    if error is None and not passed:
        code = _member(response, "errorCode")
        error = f"answered {status}{f' ({code})' if code else ''}"
    return ProbedRoute(
        method="POST", path=REDEEM, uri=uri, status_code=status, response_status=said, passed=passed, error=error
    )


def _ask(
    client: httpx.Client, method: str, uri: str, body: dict[str, str] | None
) -> tuple[httpx.Response | None, str | None]:
    import httpx

    try:
        return client.request(method, uri, json=body), None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return None, f"does not answer: {str(error) or type(error).__name__}"


def _member(response: httpx.Response | None, name: str) -> str | None:
    if response is None:
        return None
    try:
        document = json.loads(response.content)
    except (ValueError, RecursionError):
        return None
    value = document.get(name) if isinstance(document, dict) else None
    return value if isinstance(value, str) else None
