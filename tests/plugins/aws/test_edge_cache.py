"""What is withdrawn or protected is dropped from the edges, by whichever door it was changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from miniprogram.delivery.documents import kinds
from miniprogram_aws.deployment.edge_cache import CLOSING, EdgeCache
from miniprogram_aws.provider import open_provider
from miniprogram_aws.sdk.errors import AwsError

PATHS = ["/api/assets/shop/*", "/api/discovery/*", "/api/manifests/shop/*", "/api/screens/shop/*"]


@pytest.fixture
def dropped(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    told: list[str] = []
    monkeypatch.setattr(EdgeCache, "drop", lambda _self, program_id: told.append(program_id))
    return told


def store(account: Any, **settings: Any) -> Any:
    account.make_bucket()
    return open_provider(account.settings(**settings), account.context()).store()


@pytest.mark.parametrize(
    "kind",
    [kind for kind in kinds.KINDS if kind.cloud and kind.scope == "program" and kind.written == "conditionally"],
    ids=lambda kind: kind.name,
)
def test_what_may_close_something_drops_it(account: Any, dropped: list[str], kind: kinds.DocumentKind) -> None:
    ours = store(account, cdn=True)
    fields = ("shop", "w") if "{window}" in kind.cloud else ("shop",)
    key = ours.address.keys.key(kind, *fields)

    ours.put(key, b"{}")
    assert dropped == ["shop"] * (kind.name in CLOSING)
    dropped.clear()
    ours.delete(key)
    assert dropped == ["shop"] * (kind.name in CLOSING or kind is kinds.CATALOG_POINTER)


def test_without_a_cdn_nothing_is_asked(account: Any, dropped: list[str]) -> None:
    ours = store(account)
    ours.put("metadata/access_keys/shop.json", b"{}")

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
    EdgeCache(ours, lambda: None).drop("shop")
    assert asked == []
    EdgeCache(ours, lambda: "E1").drop("shop")
    EdgeCache(ours, lambda: "E1").drop("shop")

    assert sorted(asked[0]["InvalidationBatch"]["Paths"]["Items"]) == PATHS
    assert asked[0]["InvalidationBatch"]["CallerReference"] != asked[1]["InvalidationBatch"]["CallerReference"]


def test_an_edge_that_cannot_be_told_is_said_and_the_change_is_done(
    account: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_self: EdgeCache, program_id: str) -> None:
        raise AwsError(f"access denied for {program_id}")

    monkeypatch.setattr(EdgeCache, "drop", refuse)
    ours = store(account, cdn=True)

    ours.put("metadata/access_keys/shop.json", b"{}")

    assert ours.get("metadata/access_keys/shop.json").body == b"{}"
    assert "access denied for shop" in capsys.readouterr().err


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
