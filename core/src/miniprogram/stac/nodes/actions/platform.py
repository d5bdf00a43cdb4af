"""Actions the mini-program platform adds: its own navigation, the host, the publisher's backend, sign-in.

Keys stand in the order of the helper functions that Dart projects get, `actionType` first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from miniprogram.stac.node import Action

if TYPE_CHECKING:
    from miniprogram.stac.nodes.kinds import Flag, Method, Whole


def open_screen(screen_id: str, *, request_id: str | None = None) -> Action:
    """Show another screen of this mini-program on top of this one."""
    return _navigation("openMiniProgramScreen", request_id, screen_id)


def replace_screen(screen_id: str, *, request_id: str | None = None) -> Action:
    """Show another screen of this mini-program in place of this one."""
    return _navigation("replaceMiniProgramScreen", request_id, screen_id)


def reset_stack(screen_id: str, *, request_id: str | None = None) -> Action:
    """Show a screen of this mini-program and forget all that were open."""
    return _navigation("resetMiniProgramStack", request_id, screen_id)


def pop_screen(*, request_id: str | None = None) -> Action:
    """Go back to the screen below. On the first screen nothing happens."""
    return _navigation("popMiniProgramScreen", request_id)


def pop_to_root(*, request_id: str | None = None) -> Action:
    """Go back to the first screen."""
    return _navigation("popToMiniProgramRoot", request_id)


def pop_to_screen(screen_id: str, *, request_id: str | None = None) -> Action:
    """Go back to an open screen; the action fails when it is not open."""
    return _navigation("popToMiniProgramScreen", request_id, screen_id)


def track_event(
    name: str, *, properties: Mapping[str, object] | None = None, request_id: str | None = None
) -> Action:
    """Tell the host's analytics that something happened. Needs the capability `analytics`."""
    return _host("trackEvent", request_id, {"name": name, "properties": properties})


def open_native_screen(
    route: str,
    *,
    args: Mapping[str, object] | None = None,
    expect_result: Flag = False,
    request_id: str | None = None,
) -> Action:
    """Open a page of the host app by its route alias. Needs the capability `native_navigation`."""
    return _host("openNativeScreen", request_id, {"route": route, "args": args, "expectResult": expect_result})


def call_secure_api(
    endpoint: str,
    *,
    method: Method = "POST",
    body: Mapping[str, object] | None = None,
    request_id: str | None = None,
) -> Action:
    """Call an API through the host, with the host's session. Needs the capability `secure_api`."""
    return _host("callSecureApi", request_id, {"endpoint": endpoint, "method": method, "body": body})


def backend_call(
    endpoint: str,
    *,
    method: Method = "GET",
    body: Mapping[str, object] | None = None,
    cache_ttl_seconds: Whole | None = None,
    request_id: str | None = None,
) -> Action:
    """Call the publisher's backend without keeping the answer. `endpoint` is a path: `orders/create`."""
    return Action(
        {
            "actionType": "miniProgramBackend",
            "requestId": request_id,
            "endpoint": endpoint,
            "method": method,
            "body": body,
            "cacheTtlSeconds": cache_ttl_seconds,
        }
    )


def backend_query(
    request_id: str,
    endpoint: str,
    *,
    method: Method = "GET",
    body: Mapping[str, object] | None = None,
    cache_ttl_seconds: Whole | None = None,
    force_refresh: Flag = False,
) -> Action:
    """Call the publisher's backend and keep the answer for the builders with the same `request_id`.

    One request id belongs to one endpoint, and has no dot in it. `force_refresh` asks again although there is an
    answer.
    """
    return Action(
        {
            "actionType": "miniProgramBackendQuery",
            "requestId": request_id,
            "endpoint": endpoint,
            "method": method,
            "body": body,
            "cacheTtlSeconds": cache_ttl_seconds,
            "forceRefresh": force_refresh or None,
        }
    )


def show_email_auth(*, mode: Literal["signIn", "signUp"] | None = None) -> Action:
    """Ask for an e-mail address and a password. Needs the capability `auth`."""
    return _auth("showEmailAuth", mode)


def sign_out() -> Action:
    """End the session. Needs the capability `auth`."""
    return _auth("signOut")


def restore_session() -> Action:
    """Take up the stored session. Needs the capability `auth`."""
    return _auth("restore")


def refresh_session() -> Action:
    """Renew the session's token. Needs the capability `auth`."""
    return _auth("refresh")


def _navigation(action: str, request_id: str | None, screen_id: str | None = None) -> Action:
    members = {"actionType": "miniProgramNavigation", "requestId": request_id, "action": action}
    return Action({**members, "payload": {"screenId": screen_id}})


def _host(action: str, request_id: str | None, payload: Mapping[str, object]) -> Action:
    return Action({"actionType": "hostAction", "requestId": request_id, "action": action, "payload": payload})


def _auth(action: str, mode: str | None = None) -> Action:
    return Action({"actionType": "miniProgramAuth", "action": action, "mode": mode})
