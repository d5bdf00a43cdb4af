"""A service over a store that can fail, and a clock for both."""

from __future__ import annotations

import json
from typing import Any

from miniprogram.delivery.documents.outage import OutageTolerance
from miniprogram.delivery.documents.profile import cloud_profile
from miniprogram.delivery.evaluation.errors import Degraded, SourceUnavailable
from miniprogram.delivery.http.messages import Request, Response
from miniprogram.delivery.http.service import DeliveryService

SOFT_S, HARD_S, STALE_S = 5.0, 15.0, 3600.0

TOLERANCE = OutageTolerance(HARD_S, STALE_S)

KEY = "secret-key"

LATEST = "/api/manifests/{}/latest"

ASKED = "hostApp=wallet&userId=ann"

RULES = "metadata/rollout-rules/shop.json"

POLICY = "metadata/capability-policies/shop.json"

POINTER = "metadata/catalog/shop.json"

RELEASES = "metadata/releases/shop.json"

KEYS = "metadata/access_keys/shop.json"

LIST = "metadata/segments/shop/vips/1.ids"


def pointer(program: str, version: str) -> dict[str, Any]:
    return {"releaseKey": f"metadata/releases/{program}/{version}.json", "latestVersion": version}


def version_of(program: str, version: str) -> dict[str, Any]:
    manifest = f"artifacts/{program}/{version}/manifest.json"
    return {
        manifest: {"id": program, "version": version, "entry": "home"},
        f"metadata/releases/{program}/{version}.json": {"artifacts": {"manifestKey": manifest}},
        f"artifacts/{program}/{version}/screens/home.json": {"type": "text"},
    }


def release_document(version: str) -> dict[str, Any]:
    full = {"step": "full", "release": "r"}
    target = {
        "hostApp": "wallet",
        "environment": "production",
        "releases": {"r": {"version": version, "audience": "vips"}},
        "entries": [full],
    }
    policy = {
        "formatVersion": 1,
        "revision": 1,
        "segments": {"vips": {"kind": "ids", "version": 1, "key": "segments/shop/vips/1.ids"}},
        "audiences": {"vips": {"attribute": "userId", "operator": "segment", "values": ["vips"]}},
        "targets": [target],
    }
    return {"policy": policy}


class Store:
    """Objects in memory behind a network that can fail, wholly or for some keys."""

    def __init__(self, objects: dict[str, Any]) -> None:
        self.objects = {
            key: value if isinstance(value, bytes) else json.dumps(value).encode()
            for key, value in objects.items()
        }
        self.is_down = False
        self.failing: set[str] = set()
        self.asked: list[str] = []

    def read(self, key: str) -> bytes | None:
        self._reach(key)
        return self.objects.get(key)

    def marker(self, key: str) -> object | None:
        self._reach(key)
        return tuple(self.list(key)) or None if key.endswith("/") else self.objects.get(key)

    def list(self, prefix: str) -> list[str]:
        self._reach(prefix)
        rests = [key[len(prefix) :] for key in self.objects if key.startswith(prefix)]
        return sorted({prefix + rest.partition("/")[0] + "/" * ("/" in rest) for rest in rests})

    def _reach(self, key: str) -> None:
        self.asked.append(key)
        if self.is_down or key in self.failing:
            raise SourceUnavailable(f"{key}: the store gives no answer")


class World:
    """A service over a store, and a clock for both."""

    def __init__(self, store: Store, **options: Any) -> None:
        self.store = store
        self.now = 1_000.0
        self.degraded: list[Degraded] = []
        self.service = DeliveryService(
            store,
            cloud_profile(),
            max_staleness_s=SOFT_S,
            tolerance=TOLERANCE,
            monotonic=lambda: self.now,
            report=self._report,
            **options,
        )

    def get(self, path: str, query: str = ASKED, **headers: str) -> Response:
        return self.service.handle(
            Request("GET", path, query, {k.replace("_", "-"): v for k, v in headers.items()})
        )

    def latest(self, program: str = "shop", **headers: str) -> tuple[int, str | None]:
        response = self.get(LATEST.format(program), x_request_id="t", **headers)
        return response.status, json.loads(response.body).get("version")

    def _report(self, error: Exception, _trace_id: str) -> None:
        if isinstance(error, Degraded):
            self.degraded.append(error)


def digest_of(key: str) -> str:
    from hashlib import sha256

    return sha256(key.encode()).hexdigest()
