"""Whatever is asked and whatever is stored: an answer of the contract, never an exception."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from delivery.conftest import Server, profile_for
from delivery.vectors.runner import write_workspace
from miniprogram.delivery.http.messages import Request, Response

pytestmark = pytest.mark.slow

SEGMENTS = [
    "api",
    "manifests",
    "versions",
    "screens",
    "assets",
    "debug",
    "discovery",
    "secure",
    "feedback",
    "submit",
]
SEGMENTS += [
    "latest",
    "latest.json",
    "decision",
    "mini-programs.json",
    "health",
    "plain",
    "rules",
    "guarded",
    "locked",
]
SEGMENTS += ["1.0.0", "1.1.0", "plain_home", "..", ".", "", "%2e%2e", "%zz", "%2f", ".json", "img", "logo@2x.png"]
STATUSES = {200, 201, 204, 304, 400, 401, 403, 404, 405, 412, 500, 501}

paths = st.lists(st.sampled_from(SEGMENTS) | st.text(max_size=4), max_size=7).map(
    lambda parts: "/" + "/".join(parts)
)
programs = ["plain", "rules", "guarded", "locked", "dangling", "nobody"]
served = st.sampled_from(
    [template.format(program) for program in programs for template in (
        "/api/manifests/{}/latest", "/api/debug/manifests/{}/decision", "/api/manifests/{}/versions/1.0.0",
        "/api/screens/{}/1.1.0/plain_home", "/api/assets/{}/1.1.0/data.unknown",
    )]
    + ["/api/discovery/mini-programs", "/api/secure/feedback/submit", "/health"]
)  # fmt: skip
parameters = st.sampled_from(
    [
        "hostApp",
        "sdkVersion",
        "hostVersion",
        "platform",
        "locale",
        "tenantId",
        "pinnedVersion",
        "capabilities",
        "x",
    ]
)
values = st.sampled_from(["host_a", "host_off", "1.0.0", "2.0.0-dev", "zh-CN", "auth,analytics", "", "%zz"])
queries = st.lists(st.tuples(parameters, values | st.text(max_size=5)), max_size=6).map(
    lambda pairs: "&".join(f"{name}={value}" for name, value in pairs)
)
HEADERS = [
    "origin",
    "x-request-id",
    "accept-encoding",
    "if-none-match",
    "x-mini-program-access-key",
    "authorization",
]
HEADERS += ["x-host-app", "x-host-version", "x-host-user-id", "access-control-request-private-network"]
header_names = st.sampled_from(HEADERS)
header_values = st.sampled_from(["*", "gzip", "mpk_live_main", "host_a", "Bearer x", "true"]) | st.text(max_size=8)
requests = st.builds(
    Request,
    st.sampled_from(["GET", "GET", "GET", "POST", "OPTIONS", "HEAD", "PUT", ""]),
    served | paths | st.text(max_size=30),
    queries | st.text(max_size=30),
    st.dictionaries(header_names, header_values, max_size=5),
    st.binary(max_size=40) | st.just(b'{"source":"profile","message":"twelve chars and more"}'),
)


def check_shape(response: Response) -> None:
    names = [name for name, _ in response.headers]
    assert response.status in STATUSES
    assert len(names) == len(set(names))
    assert {"x-backend-trace-id", "access-control-allow-origin"} <= set(names)
    for name, value in response.headers:
        assert name == name.lower()
        assert value.isascii()
        assert value.isprintable()
    if response.status >= 400:
        envelope = json.loads(response.body)
        assert envelope["statusCode"] == response.status
        assert envelope["message"].strip()
        assert envelope["errorCode"] == envelope["error"]["code"]


@pytest.mark.parametrize("profile", ["local", "cloud"])
@pytest.mark.parametrize("strictness", ["strict", "compatible"])
def test_any_request_gets_an_answer(serve, profile: str, strictness: str) -> None:
    server = serve(profile, strictness=strictness)

    @settings(max_examples=200)
    @given(requests)
    def check(request: Request) -> None:
        response = server.service.handle(request)

        check_shape(response)
        # Rules compared with an unreadable stored range, or a program that is broken in these workspaces.
        assert response.status != 500 or b"broken" in response.body or b"rules" in response.body
        assert server.failures == []

    check()


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=6)
    | st.sampled_from(["1.0.0", "any", " "]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
MEMBERS = [
    "rules",
    "hostRules",
    "defaultVersion",
    "version",
    "id",
    "entry",
    "sdkVersionRange",
    "requiredCapabilities",
]
MEMBERS += [
    "enabled",
    "hostApp",
    "hostVersionRange",
    "keys",
    "accessKeys",
    "sha256",
    "releaseKey",
    "artifacts",
    "locale",
]
MEMBERS += [
    "manifestKey",
    "latestVersion",
    "requiredQueryParameters",
    "requireContextForLatest",
    "endpoint",
    "title",
]
MEMBERS += [
    "deliveryMetadata",
    "enforceManifestCapabilities",
    "allowedHosts",
    "minimumMessageLength",
    "description",
]
KEYS = {
    "local": [
        "manifests/plain/latest.json",
        "manifests/plain/versions/1.1.0.json",
        "rollout-rules/rules.json",
        "capability-policies/guarded.json",
        "access_keys/locked.json",
        "secure-api-policies/feedback_submit.json",
    ],
    "cloud": [
        "metadata/catalog/plain.json",
        "metadata/releases/plain/1.1.0.json",
        "metadata/rollout-rules/rules.json",
        "artifacts/plain/1.1.0/manifest.json",
        "metadata/access_keys/locked.json",
    ],
}


@st.composite
def corrupted(draw: st.DrawFn, stored: bytes) -> bytes:
    """The document with a member changed somewhere, cut off, or replaced."""
    way = draw(st.sampled_from(["member", "member", "member", "cut", "bytes", "value"]))
    if way == "cut":
        return stored[: draw(st.integers(0, len(stored)))]
    if way == "bytes":
        return draw(st.binary(max_size=30))
    if way == "value":
        return json.dumps(draw(json_values)).encode()
    document = json.loads(stored)
    place: Any = document
    while isinstance(place, dict | list) and place and draw(st.booleans()):
        place = place[draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))]
    target = place if isinstance(place, dict) else document
    if isinstance(target, dict):
        name = draw(st.sampled_from(MEMBERS) | st.sampled_from(sorted(target) or MEMBERS))
        target[name] = draw(json_values)
    return json.dumps(document).encode()


@pytest.mark.parametrize("profile", ["local", "cloud"])
def test_any_stored_document_gets_an_answer(profile: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_workspace(folder, profile)
        server = Server(folder, profile_for(profile, {}))
        originals = {key: (folder / key).read_bytes() for key in KEYS[profile]}

        @settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
        @given(st.data())
        def check(data: st.DataObject) -> None:
            key = data.draw(st.sampled_from(KEYS[profile]))
            request = data.draw(requests)
            (folder / key).write_bytes(data.draw(corrupted(originals[key])))
            try:
                check_shape(server.service.handle(request))
                for program in ("plain", "rules", "guarded", "locked"):
                    for target in (f"/api/manifests/{program}/latest", f"/api/debug/manifests/{program}/decision"):
                        check_shape(server.get(target + "?hostApp=host_a&hostVersion=2.0.0&capabilities=auth"))
                check_shape(server.get("/api/discovery/mini-programs?capabilities=auth"))
            finally:
                (folder / key).write_bytes(originals[key])
            assert server.failures == []

        check()
