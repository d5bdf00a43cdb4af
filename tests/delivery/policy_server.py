"""A delivery server over a folder with one policy, for tests of releases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from delivery.conftest import Server, settle
from miniprogram.delivery.documents.profile import Profile, cloud_profile, local_profile
from miniprogram.delivery.evaluation.conditions.operators import epoch_ms
from miniprogram.delivery.http.messages import Response

VECTORS = json.loads((Path(__file__).parent / "vectors" / "releases.json").read_text("utf-8"))
NOW_MS = epoch_ms(VECTORS["now"])
PROFILES = {"local": (local_profile, ""), "cloud": (cloud_profile, "metadata/")}
LATEST = "/api/manifests/demo/latest"
DECISION = "/api/debug/manifests/demo/decision"


def publish(server: Server, versions: set[str], *, is_local: bool) -> None:
    """The versions' manifests and a pointer to 0.1.0."""
    for version in versions | {"0.1.0"}:
        key = f"manifests/demo/versions/{version}.json" if is_local else f"artifacts/demo/{version}/manifest.json"
        server.write(key, {"id": "demo", "version": version, "entry": "home"})
    if is_local:
        server.write("manifests/demo/latest.json", {"version": "0.1.0"})
    else:
        server.write("metadata/catalog/demo.json", {"releaseKey": "metadata/r.json", "latestVersion": "0.1.0"})
        server.write("metadata/r.json", {"artifacts": {"manifestKey": "artifacts/demo/0.1.0/manifest.json"}})


def versions_of(policy: dict[str, Any]) -> set[str]:
    return {release["version"] for target in policy["targets"] for release in target["releases"].values()}


def start(folder: Path, policy: Any, profile: str = "local", **options: Any) -> Server:
    make, prefix = PROFILES[profile]
    found: Profile = make(**options.pop("profile_options", {}))
    server = Server(folder, found, clock_ns=lambda: NOW_MS * 1_000_000, **options)
    publish(server, versions_of(policy) if isinstance(policy, dict) else set(), is_local=found.is_local)
    server.write(f"{prefix}releases/demo.json", {"id": "demo", "releases": [], "policy": policy})
    server.write(f"{prefix}link_keys/demo.json", VECTORS["linkKeys"])
    settle(folder)
    return server


def ask(server: Server, target: str = LATEST, **query: str) -> tuple[Response, Any]:
    response = server.get(f"{target}?{urlencode(query)}")
    return response, json.loads(response.body)


def policy_with(
    *entries: dict[str, Any], releases: dict[str, Any] | None = None, **members: Any
) -> dict[str, Any]:
    """A policy for host `h` in production."""
    releases = releases or {"new": {"version": "2.0.0"}, "old": {"version": "1.0.0"}}
    target = {"hostApp": "h", "environment": "production", "releases": releases, "entries": list(entries)}
    return {"formatVersion": 1, "revision": 1, "targets": [target], **members}
