"""Rules of the nodes the platform adds: host actions, navigation, backend calls and builders, sign-in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from miniprogram.stac.checks.run import Check, PlacedNode, Rule, Run, quote
from miniprogram.stac.checks.scalars import check_bool, check_map, check_string
from miniprogram.stac.json_path import JsonPath

_HOST_ACTIONS: dict[str, tuple[str, Mapping[str, Check], str]] = {
    "openNativeScreen": (
        "route",
        {"route": check_string, "args": check_map, "expectResult": check_bool},
        "native_navigation",
    ),
    "callSecureApi": (
        "endpoint",
        {"endpoint": check_string, "method": check_string, "body": check_map},
        "secure_api",
    ),
    "trackEvent": ("name", {"name": check_string, "properties": check_map}, "analytics"),
}
"""Action → the text its payload needs, the payload's keys, the capability it uses."""

_SCREEN_ACTIONS = (
    "openMiniProgramScreen",
    "replaceMiniProgramScreen",
    "resetMiniProgramStack",
    "popToMiniProgramScreen",
)
_POP_ACTIONS = ("popMiniProgramScreen", "popToMiniProgramRoot")
_AUTH_ACTIONS = ("showEmailAuth", "signOut", "restore", "refresh")
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def _check_host_action(run: Run, node: PlacedNode) -> None:
    action = node.members.get("action")
    if not isinstance(action, str) or "{{" in action:
        return
    known = _HOST_ACTIONS.get(action)
    if known is None:
        _report_unknown(run, action, tuple(_HOST_ACTIONS), "host action", node.path)
        return
    needed, checks, capability = known
    _check_payload(run, node, needed, checks)
    _check_capability(run, capability, f'"{action}"', node.path)


def _check_payload(run: Run, node: PlacedNode, needed: str, checks: Mapping[str, Check]) -> None:
    payload, location, action = node.members.get("payload"), (node.path, "payload"), node.members["action"]
    if payload is None:
        payload = {}
    if not isinstance(payload, dict):
        return  # reported as a badly typed property
    _require_text(run, payload, needed, f'"{action}"', location)
    for key, member in payload.items():
        check = checks.get(key)
        if check is None:
            advice = run.did_you_mean(str(key), checks)
            run.warn("unknown_property", (location, str(key)), f'"{action}" ignores "{quote(str(key))}"', advice)
        elif member is not None:
            check(run, member, (location, key), node.scope)


def _check_navigation(run: Run, node: PlacedNode) -> None:
    action = node.members.get("action")
    if not isinstance(action, str) or "{{" in action or action in _POP_ACTIONS:
        return
    if action not in _SCREEN_ACTIONS:
        _report_unknown(run, action, _SCREEN_ACTIONS + _POP_ACTIONS, "navigation", node.path)
        return
    payload, location = node.members.get("payload"), (node.path, "payload")
    if payload is None:
        payload = {}
    if isinstance(payload, dict) and _require_text(run, payload, "screenId", f'"{action}"', location):
        _check_screen_link(run, payload["screenId"], (location, "screenId"))


def _check_screen_link(run: Run, screen_id: str, path: JsonPath) -> None:
    if "{{" not in screen_id and screen_id not in run.screens:
        advice = run.did_you_mean_one_of(screen_id, run.screens)
        run.error("dangling_screen", path, f'this mini-program has no screen "{quote(screen_id)}"', advice)


def _check_backend_call(run: Run, node: PlacedNode) -> None:
    endpoint, method = node.members.get("endpoint"), node.members.get("method")
    if isinstance(endpoint, str):
        _check_endpoint(run, endpoint, (node.path, "endpoint"))
    verb = method.strip().upper() if isinstance(method, str) and method.strip() else "GET"
    if verb not in _METHODS and "{{" not in verb:
        advice = run.did_you_mean(verb, _METHODS) or f"one of {', '.join(_METHODS)}"
        run.warn(
            "unknown_method",
            (node.path, "method"),
            f'"{quote(verb)}" is no known method and is sent as POST',
            advice,
        )
    if verb == "GET" and node.members.get("body"):
        run.warn("body_ignored", (node.path, "body"), "a GET request sends no body", 'set "method" to "POST"')
    if verb != "GET" and node.members.get("cacheTtlSeconds") is not None:
        run.warn("cache_ignored", (node.path, "cacheTtlSeconds"), "only GET answers are cached")


def _check_endpoint(run: Run, endpoint: str, path: JsonPath) -> None:
    if not endpoint.strip():
        run.error("bad_endpoint", path, "an endpoint cannot be blank")
    elif endpoint.startswith("//") or "://" in endpoint.partition("?")[0]:
        advice = "write the path only: home/bootstrap"
        run.error("bad_endpoint", path, f'"{quote(endpoint)}" names a server; endpoints are relative', advice)
    elif ".." in endpoint.partition("?")[0].split("/"):
        run.error("bad_endpoint", path, f'"{quote(endpoint)}" leaves its folder with ".."')


def _check_request_id(run: Run, node: PlacedNode) -> None:
    """The id of a stored answer: bindable, and for one endpoint only."""
    request_id, endpoint, location = (
        node.members.get("requestId"),
        node.members.get("endpoint"),
        (node.path, "requestId"),
    )
    if not isinstance(request_id, str):
        return
    if not request_id.strip():
        run.error("bad_request_id", location, "a request id cannot be blank")
    elif "." in request_id:
        advice = f'write "{quote(request_id.replace(".", "_"))}"'
        run.error("bad_request_id", location, "a request id with a dot cannot be bound", advice)
    elif isinstance(endpoint, str):
        first = run.requests.setdefault(request_id, endpoint)
        if first != endpoint:
            message = (
                f'"{quote(request_id)}" already loads "{quote(first)}", so "{quote(endpoint)}" is never loaded'
            )
            run.error("request_id_reused", location, message, "give each endpoint a request id of its own")


def _check_builder(run: Run, node: PlacedNode) -> None:
    method = node.members.get("method")
    if isinstance(method, str) and method.strip().upper() not in ("", "GET"):
        message = f"a {quote(method.upper())} request is sent every time this is shown"
        run.warn("builder_writes", (node.path, "method"), message, "send it from a miniProgramBackendQuery action")
    items_path = node.members.get("itemsPath")
    if isinstance(items_path, str) and items_path.strip() and items_path.partition(".")[0] != "data":
        message = "items are looked up in the stored answer, where the response lies under data"
        run.warn("items_path", (node.path, "itemsPath"), message, f'write "data.{quote(items_path)}"')
    if node.members.get("itemTemplate") is None:
        for key in ("itemsPath", "empty"):
            if node.members.get(key) is not None:
                run.warn("unused_property", (node.path, key), f'"{key}" has no effect without "itemTemplate"')


def _check_not_nested(run: Run, node: PlacedNode) -> None:
    if "builder" in node.scope.around:
        message = "the outer builder empties the bindings of a builder inside it"
        run.warn("nested_builder", node.path, message, "put the builders side by side, or on screens of their own")


def _check_auth_action(run: Run, node: PlacedNode) -> None:
    action = node.members.get("action")
    if isinstance(action, str) and "{{" not in action and action not in _AUTH_ACTIONS:
        _report_unknown(run, action, _AUTH_ACTIONS, "sign-in", node.path)
    _check_capability(run, "auth", '"miniProgramAuth"', node.path)


def _check_auth_builder(run: Run, node: PlacedNode) -> None:
    _check_capability(run, "auth", '"miniProgramAuthBuilder"', node.path)


def _check_capability(run: Run, capability: str, user: str, path: JsonPath) -> None:
    if run.capabilities is not None and capability not in run.capabilities:
        advice = f'add "{capability}" to requiredCapabilities in the manifest'
        run.warn("undeclared_capability", path, f'{user} needs the capability "{capability}"', advice)


def _require_text(run: Run, payload: dict[str, Any], key: str, user: str, location: JsonPath) -> bool:
    """Whether `payload` has a text under `key` that is not blank."""
    text = payload.get(key)
    if isinstance(text, str) and text.strip():
        return True
    if text is None or isinstance(text, str):
        run.error("missing_property", location, f'{user} needs "{key}"; without it the action fails')
    return False


def _report_unknown(run: Run, action: str, known: tuple[str, ...], kind: str, path: JsonPath) -> None:
    message = f'there is no {kind} action "{quote(action)}"'
    run.error(
        "unknown_action",
        (path, "action"),
        message,
        run.did_you_mean(action, known) or "one of " + ", ".join(known),
    )


PLATFORM_WIDGET_RULES: dict[str, tuple[Rule, ...]] = {
    "miniProgramBackendBuilder": (_check_backend_call, _check_request_id, _check_builder, _check_not_nested),
    "miniProgramAuthBuilder": (_check_auth_builder, _check_not_nested),
}

PLATFORM_ACTION_RULES: dict[str, tuple[Rule, ...]] = {
    "hostAction": (_check_host_action,),
    "miniProgramAuth": (_check_auth_action,),
    "miniProgramBackend": (_check_backend_call,),
    "miniProgramBackendQuery": (_check_backend_call, _check_request_id),
    "miniProgramNavigation": (_check_navigation,),
}
