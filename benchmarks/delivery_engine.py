"""The delivery engine in process: H2, H4, G1, G2, G3, each for rollout rules and for release policies.

Peers, measured in the same run and alternating with ours: a handler that reads four objects per request through
boto3 (whose HTTP layer answers at once), and yggdrasil-engine for rules. Run with the workspace's Python.
"""

from __future__ import annotations

import gc
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from hashlib import blake2b
from io import BytesIO
from itertools import cycle
from pathlib import Path
from typing import Any

from interleaved import show

from miniprogram.delivery.documents.cache.document import Document
from miniprogram.delivery.documents.contents.control_documents import compile_rollout
from miniprogram.delivery.documents.profile import cloud_profile
from miniprogram.delivery.documents.sources import FolderSource
from miniprogram.delivery.evaluation.conditions.id_list import write_id_list
from miniprogram.delivery.evaluation.context.delivery_context import DeliveryContext
from miniprogram.delivery.evaluation.context.evaluation_context import EvaluationContext
from miniprogram.delivery.evaluation.policy.choose import choose_release
from miniprogram.delivery.evaluation.policy.parse import read_policy
from miniprogram.delivery.http.messages import Request
from miniprogram.delivery.http.query import parse_context
from miniprogram.delivery.http.service import DeliveryService

ROUNDS = 15
IDS = 1_000_000
NOW_MS = 1_772_352_000_000
MANIFEST = {
    "id": "coupons", "version": "1.1.0", "entry": "home", "sdkVersionRange": "^1.0.0",
    "requiredCapabilities": ["auth"], "featureFlags": [f"flag-{n}" for n in range(8)], "title": "Coupons",
}  # fmt: skip


class MemorySource:
    """Objects in a dictionary, counting requests."""

    def __init__(self, objects: dict[str, Any]) -> None:
        self.objects = {key: json.dumps(value).encode() for key, value in objects.items()}
        self.requests = 0

    def read(self, key: str) -> bytes | None:
        self.requests += 1
        return self.objects.get(key)

    def marker(self, key: str) -> object | None:
        self.requests += 1
        return 1 if key.endswith("/") or key in self.objects else None

    def list(self, prefix: str) -> list[str]:
        self.requests += 1
        return sorted(key for key in self.objects if key.startswith(prefix))


def microseconds(call: Callable[[], object], runs: int) -> float:
    started = time.perf_counter()
    for _ in range(runs):
        call()
    return (time.perf_counter() - started) / runs * 1e6


def compare(
    mine: Callable[[], object], other: Callable[[], object], runs: int, other_runs: int
) -> tuple[float, float]:
    """Median microseconds of `mine`, and median of `other` / `mine` over alternating rounds."""
    mine(), other()
    pairs = [(microseconds(mine, runs), microseconds(other, other_runs)) for _ in range(ROUNDS)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] / pair[0] for pair in pairs)


def objects(**further: Any) -> dict[str, Any]:
    """One published program in the cloud layout."""
    return {
        "metadata/catalog/coupons.json": {"releaseKey": "metadata/releases/r.json", "latestVersion": "1.1.0"},
        "metadata/releases/r.json": {"artifacts": {"manifestKey": "artifacts/coupons/1.1.0/manifest.json"}},
        "artifacts/coupons/1.1.0/manifest.json": MANIFEST,
        **{f"metadata/{key}/coupons.json": value for key, value in further.items()},
    }


def condition(attribute: str, operator: str, *values: str) -> dict[str, Any]:
    return {"attribute": attribute, "operator": operator, "values": list(values)}


def rollout_of(count: int) -> dict[str, Any]:
    rules: list[dict[str, Any]] = [
        {"id": f"rule-{n}", "hostApp": "wallet", "platform": "ios", "tenantId": f"tenant-{n}", "version": "1.0.0"}
        for n in range(count - 1)
    ]
    last = {"id": "last", "hostApp": "wallet", "hostVersionRange": "^2.0.0", "version": "1.1.0"}
    return {"defaultVersion": "1.1.0", "rules": [*rules, last]}


def policy_of(count: int, **members: Any) -> dict[str, Any]:
    """`count` audiences, of which a visitor matches the last, and then one of a percentage."""
    entries: list[dict[str, Any]] = [
        {
            "step": "pin",
            "release": "old",
            "audience": {"all": [condition("platform", "in", "ios"), condition("tenantId", "in", f"tenant-{n}")]},
        }
        for n in range(count - 1)
    ]
    releases = {
        "new": {"version": "1.1.0", "audience": condition("hostVersion", "semver_range", "^2.0.0")},
        "old": {"version": "1.0.0"},
    }
    entries += [
        {"step": "grayscale", "release": "new", "basisPoints": 9_999, "salt": "b1946ac9"},
        {"step": "full", "release": "old"},
    ]
    target = {"hostApp": "wallet", "environment": "production", "releases": releases, "entries": entries}
    return {"formatVersion": 1, "revision": 1, "targets": [target], **members}


QUERY = (
    "hostApp=wallet&hostVersion=2.1.0&sdkVersion=1.0.0&platform=ios&locale=de-DE&tenantId=acme&capabilities=auth"
)


def ask(documents: dict[str, Any], query: str = QUERY) -> Callable[[], object]:
    """Asks a warm service for the latest manifest; visitors differ where the query has a `%d`."""
    service = DeliveryService(MemorySource(documents), cloud_profile(), max_staleness_s=3600)
    numbers = cycle(range(10_000))

    def call() -> object:
        found = query % next(numbers) if "%d" in query else query
        return service.handle(Request("GET", "/api/manifests/coupons/latest", found, {"x-request-id": "t"}))

    response: Any = call()
    if response.status != 200:
        raise RuntimeError(response.body.decode())
    return call


def four_reads(documents: dict[str, Any]) -> Callable[[], object]:
    """What the reference's function does: policy, catalogue, release and manifest, one after the other."""
    import boto3
    from botocore.awsrequest import AWSResponse

    stored = {f"/bucket/{key}": json.dumps(value).encode() for key, value in documents.items()}

    class Raw(BytesIO):
        def stream(self, **_options: Any) -> list[bytes]:
            return [self.read()]

    def answer(request: Any, **_further: Any) -> AWSResponse:
        path = request.url.partition("amazonaws.com")[2].partition("?")[0]
        body = stored.get(path)
        status = 200 if body is not None else 404
        return AWSResponse(request.url, status, {"content-length": str(len(body or b""))}, Raw(body or b""))

    from botocore.config import Config

    client = boto3.client(
        "s3", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b",
        config=Config(s3={"addressing_style": "path"}),
    )  # fmt: skip
    client.meta.events.register("before-send.s3", answer)

    def get(key: str) -> Any:
        try:
            return json.loads(client.get_object(Bucket="bucket", Key=key)["Body"].read())
        except client.exceptions.NoSuchKey:
            return None
        except client.exceptions.ClientError:
            return None

    def call() -> object:
        get("metadata/access_keys/coupons.json")
        catalog = get("metadata/catalog/coupons.json")
        release = get(catalog["releaseKey"])
        manifest = get(release["artifacts"]["manifestKey"])
        return json.dumps({**manifest, "deliveryMetadata": {"resolvedVersion": catalog["latestVersion"]}})

    call()
    return call


def measure_h2() -> None:
    other = four_reads(objects())
    for name, documents, query in (
        ("catalogue pointer", objects(), QUERY),
        ("8 rollout rules", objects(**{"rollout-rules": rollout_of(8)}), QUERY),
        ("8 release audiences", objects(releases={"policy": policy_of(8)}), QUERY + "&userId=user-%d"),
    ):
        mine, times = compare(ask(documents, query), other, 2_000, 20)
        show(f"H2 decision, {name} / four reads, times faster", times, ">= 40", f"{mine:.1f} us")


def measure_h4() -> None:
    try:
        from yggdrasil_engine.engine import UnleashEngine
    except ImportError:
        print("H4 left out: yggdrasil-engine is not installed")
        return
    engine = UnleashEngine()
    engine.take_state(json.dumps(_toggles(8)))
    context = {"userId": "user-1", "properties": {"hostApp": "wallet", "platform": "ios", "tenantId": "acme",
                                                  "hostVersion": "2.1.0"}}  # fmt: skip
    if not engine.is_enabled("coupons", context).is_enabled:
        raise RuntimeError("the peer does not agree")
    for name, mine in (("8 rollout rules", _rules(8)), ("8 release audiences", _releases(8))):
        took, times = compare(mine, lambda: engine.is_enabled("coupons", context), 5_000, 1_000)
        show(f"H4 {name} / yggdrasil-engine", 1 / times, "<= 0.20", f"{took:.1f} us")


def _toggles(count: int) -> dict[str, Any]:
    """The same rules for the peer: strategies with constraints, of which the last holds."""

    def strategy(constraints: list[dict[str, Any]]) -> dict[str, Any]:
        parameters = {"rollout": "100", "stickiness": "userId", "groupId": "coupons"}
        return {"name": "flexibleRollout", "parameters": parameters, "constraints": constraints}

    def among(name: str, value: str) -> dict[str, Any]:
        return {"contextName": name, "operator": "IN", "values": [value]}

    strategies = [
        strategy([among("hostApp", "wallet"), among("platform", "ios"), among("tenantId", f"tenant-{n}")])
        for n in range(count - 1)
    ]
    version = {"contextName": "hostVersion", "operator": "SEMVER_GT", "value": "2.0.0"}
    strategies.append(strategy([among("hostApp", "wallet"), version]))
    return {"version": 2, "features": [{"name": "coupons", "enabled": True, "strategies": strategies}]}


def _context() -> DeliveryContext:
    found = parse_context(QUERY, repeated="joined")
    if not isinstance(found, DeliveryContext):
        raise TypeError(found.message)
    return found


def _rules(count: int) -> Callable[[], object]:
    rollout = compile_rollout(Document("rollout", json.dumps(rollout_of(count)).encode()))
    context = _context()
    if rollout.first_match(context) != count - 1:
        raise RuntimeError("the last rule should match")
    return lambda: rollout.first_match(context)


def _releases(count: int) -> Callable[[], object]:
    policy = read_policy(policy_of(count))
    target = policy.targets["wallet", "production"]
    attributes = {**_context().attributes, "userId": "user-1", "now": NOW_MS}

    def call() -> object:
        return choose_release(policy, target, EvaluationContext.from_attributes(attributes)).entry

    if call() is not target.entries[count - 1]:
        raise RuntimeError("the percentage should hold")
    return call


def measure_g1() -> None:
    for name, make in (("rollout rules", _rules), ("release audiences", _releases)):
        took, times = compare(make(10), make(1_000), 5_000, 5_000)
        show(f"G1 1,000 {name} / 10, the choice", times, "<= 3", f"{took:.1f} us with 10")
    query = QUERY + "&userId=user-%d"
    few, many = (ask(objects(releases={"policy": policy_of(count)}), query) for count in (10, 1_000))
    took, times = compare(few, many, 2_000, 2_000)
    show("G1 1,000 release audiences / 10, the whole request", times, "<= 3", f"{took:.1f} us with 10")


def measure_g2() -> None:
    source = MemorySource(objects(releases={"policy": policy_of(8)}))
    service = DeliveryService(source, cloud_profile(), max_staleness_s=3600)
    request = Request("GET", "/api/discovery/mini-programs", QUERY + "&userId=u")
    service.handle(request)
    source.requests = 0
    for _ in range(100):
        service.handle(request)
    show("G2 store requests of 100 warm discoveries", source.requests, "0")


def resident_mib() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def measure_g3() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "metadata/segments/coupons/vip/1.ids")
        path.parent.mkdir(parents=True)
        _in_a_process_of_its_own(lambda: write_id_list(str(path), (f"user-{n}" for n in range(IDS))))
        audience = condition("userId", "segment", "vip")
        segments = {"vip": {"version": 1, "kind": "ids", "key": "segments/coupons/vip/1.ids"}}
        policy = policy_of(2, segments=segments, audiences={"vip": audience})
        policy["targets"][0]["entries"].insert(0, {"step": "pin", "release": "new", "audience": "vip"})
        for key, value in objects(releases={"policy": policy}).items():
            target_path = Path(folder, key)
            target_path.parent.mkdir(parents=True, exist_ok=True)
            target_path.write_text(json.dumps(value))
        _measure_list(folder, policy)


def _in_a_process_of_its_own(call: Callable[[], object]) -> None:
    """So that what it used is not ours afterwards."""
    child = os.fork()
    if child == 0:
        call()
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        raise RuntimeError("writing the list failed")


def _measure_list(folder: str, policy: dict[str, Any]) -> None:
    service = DeliveryService(FolderSource(folder), cloud_profile(), max_staleness_s=3600)
    path = "/api/manifests/coupons/latest"
    queries = [f"{QUERY}&userId=user-{n * 7919 % (2 * IDS)}" for n in range(5_000)]
    without = resident_mib()
    if service.handle(Request("GET", path, queries[0])).status != 200:
        raise RuntimeError("the list does not decide")
    show(f"G3 {IDS:,} ids in force: resident MiB", resident_mib() - without, "<= 10")
    other = ask(objects(releases={"policy": policy_of(2)}), QUERY + "&userId=user-%d")
    asked = cycle(queries)
    mine, times = compare(lambda: service.handle(Request("GET", path, next(asked))), other, 3_000, 3_000)
    show("G3 request with the list / without", 1 / times, "-", f"{mine:.1f} us")
    opened = service._lists.open("segments/coupons/vip/1.ids")
    ids = cycle([f"user-{n * 7919 % (2 * IDS)}" for n in range(5_000)])
    took, share = compare(lambda: next(ids) in opened, lambda: blake2b(next(ids).encode()).digest(), 5_000, 5_000)
    show("G3 one look-up, us", took, "<= 10", f"{1 / share:.1f} digests' worth")


def main(measures: Sequence[Callable[[], None]]) -> None:
    for measure in measures:
        measure()


if __name__ == "__main__":
    main([measure_g3, measure_h2, measure_h4, measure_g1, measure_g2])
