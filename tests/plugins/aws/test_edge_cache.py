"""What is withdrawn or protected is dropped from the edges, by whichever door it was changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from miniprogram.seams.cloud_provider import StoreAddress
from miniprogram_aws.deployment.edge_cache import EdgeCache
from miniprogram_aws.provider import open_provider

ADDRESS = StoreAddress("programs", "eu-west-1")
KEY = "metadata/access_keys/shop.json"
PATHS = [
    "/api/assets/shop/*",
    "/api/discovery/*",
    "/api/manifests/shop/*",
    "/api/packages/shop/*",
    "/api/screens/shop/*",
]


@pytest.fixture
def dropped(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    told: list[str] = []
    monkeypatch.setattr(EdgeCache, "invalidate", lambda _self, keys: told.extend(keys))
    return told


def store(account: Any, **settings: Any) -> Any:
    account.make_bucket()
    return open_provider(account.settings(**settings), account.context()).store()


def test_a_first_key_and_its_end_are_told(account: Any, dropped: list[str]) -> None:
    ours = store(account, cdn=True)

    ours.put(KEY, b"{}")
    ours.delete(KEY)
    ours.put("artifacts/shop/1.0.0/manifest.json", b"{}")

    assert dropped == [KEY, KEY]


def test_without_a_cdn_nothing_is_asked(account: Any, dropped: list[str]) -> None:
    ours = store(account)
    ours.put(KEY, b"{}")

    assert dropped == []


def test_an_edge_is_told_of_every_path_of_the_program(account: Any) -> None:
    asked: list[dict[str, Any]] = []

    class Clients:
        region = "eu-west-1"

        def client(self, _name: str) -> Any:
            return self

        def create_invalidation(self, **told: Any) -> None:
            asked.append(told)

    ours: Any = Clients()
    EdgeCache(ours, ADDRESS, lambda: None).invalidate([KEY])
    assert asked == []
    EdgeCache(ours, ADDRESS, lambda: "E1").invalidate([KEY])
    EdgeCache(ours, ADDRESS, lambda: "E1").invalidate([KEY])

    assert sorted(asked[0]["InvalidationBatch"]["Paths"]["Items"]) == PATHS
    assert asked[0]["InvalidationBatch"]["CallerReference"] != asked[1]["InvalidationBatch"]["CallerReference"]


def test_a_first_access_key_reaches_the_edges(account: Any, command_line: Callable[..., Any]) -> None:
    account.make_bucket()
    call = command_line(account)
    call("env", "init")
    where = ["--provider", "aws", "--bucket", account.bucket, "--region", "eu-west-1", "--cdn"]
    call("env", "configure", "prod", *where)
    outputs = json.loads(call("cloud", "deploy", "--env", "prod", "--json")[1])["outputs"]

    code, _, err = call("access-key", "create", "shop", "--key-id", "one", "--env", "prod")

    assert (code, err) == (0, "")
    cloudfront = account.clients().client("cloudfront")
    listed = cloudfront.list_invalidations(DistributionId=outputs["DistributionId"])["InvalidationList"]["Items"]
    found = [
        cloudfront.get_invalidation(DistributionId=outputs["DistributionId"], Id=row["Id"])["Invalidation"]
        for row in listed
    ]
    assert [sorted(row["InvalidationBatch"]["Paths"]["Items"]) for row in found] == [PATHS]
