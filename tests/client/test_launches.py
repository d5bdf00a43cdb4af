"""Which version a host runs: what delivery says, what the network allows, and what started."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from client.delivered import HOST, Delivered, on, unreachable, with_upgrade
from miniprogram.client import (
    BrokenDelivery,
    Client,
    DeliveryRefused,
    DeliveryUnreachable,
    Endpoint,
    HostUnsuited,
    Launch,
    NothingToLaunch,
)
from miniprogram.errors import UsageError


def started(client: Client) -> Launch:
    launch = client.open("shop")
    launch.started()
    return launch


class TestVerifiedLaunch:
    def test_a_version_that_did_not_start_is_never_tried_twice(self, delivered: Delivered, cache: Path) -> None:
        delivered.publish("1.0.0")
        client = delivered.client(cache)
        started(client)
        delivered.publish("1.1.0")

        with suppress(RuntimeError), client.open("shop") as launch:
            assert launch.version == "1.1.0"
            raise RuntimeError("white screen")

        for _ in range(2):
            launch = started(client)
            assert (launch.version, launch.circumstances.source) == ("1.0.0", "cached")
            assert launch.circumstances.reason == "1.1.0 did not start on this host"

        delivered.publish("1.1.1")
        assert started(client).version == "1.1.1"

    def test_no_word_is_a_failure_too(self, delivered: Delivered, cache: Path) -> None:
        delivered.publish("1.0.0")
        client = delivered.client(cache)
        started(client)
        delivered.publish("1.1.0")

        with client.open("shop"):
            pass

        assert started(client).version == "1.0.0"

    def test_who_runs_it_at_this_moment_is_not_disturbed(self, delivered: Delivered, cache: Path) -> None:
        delivered.publish("1.0.0")
        started(delivered.client(cache))
        delivered.publish("1.1.0")
        first = delivered.client(cache).open("shop")

        second = delivered.client(cache).open("shop")

        assert (first.version, second.version) == ("1.1.0", "1.0.0")
        second.started()
        first.started()
        assert started(delivered.client(cache)).version == "1.1.0"

    def test_without_a_good_version_the_embedded_one_comes_back(
        self, delivered: Delivered, cache: Path, presets: Path
    ) -> None:
        delivered.embed(presets, "0.9.0")
        delivered.publish("1.0.0")
        client = delivered.client(cache, presets=presets)
        client.open("shop").failed()

        launch = started(client)

        assert (launch.version, launch.circumstances.source) == ("0.9.0", "embedded")

    def test_when_nothing_is_left_it_says_so(self, delivered: Delivered, cache: Path) -> None:
        delivered.publish("1.0.0")
        client = delivered.client(cache)
        client.open("shop").failed()

        with pytest.raises(NothingToLaunch, match=r"1\.0\.0 did not start on this host"):
            client.open("shop")

    def test_a_version_that_worked_may_be_given_up_later(self, delivered: Delivered, cache: Path) -> None:
        delivered.publish("1.0.0")
        client = delivered.client(cache)
        started(client).failed()

        with pytest.raises(NothingToLaunch):
            client.open("shop")

    def test_offline_it_is_not_tried_again_either(self, delivered: Delivered, cache: Path) -> None:
        delivered.publish("1.0.0")
        client = delivered.client(cache)
        started(client)
        delivered.publish("1.1.0")
        client.open("shop").failed()
        delivered.wrong = unreachable

        assert started(client).version == "1.0.0"

    def test_a_damaged_state_file_starts_over(self, delivered: Delivered, cache: Path) -> None:
        delivered.publish("1.0.0")
        client = delivered.client(cache)
        started(client)
        (cache / "shop/state.json").write_text("{")

        assert started(client).version == "1.0.0"


class TestOffline:
    def test_what_was_loaded_goes_on(self, delivered: Delivered, cache: Path) -> None:
        delivered.publish("1.0.0")
        client = delivered.client(cache)
        started(client)
        delivered.wrong = unreachable
        delivered.later(minutes=59)

        launch = started(client)

        assert (launch.version, launch.circumstances.source) == ("1.0.0", "cached")

    def test_but_not_longer_than_its_manifest_allows(self, delivered: Delivered, cache: Path) -> None:
        delivered.publish("1.0.0", cachePolicy={"manifest": {"mode": "staleWhileError", "maxStaleSeconds": 60}})
        client = delivered.client(cache)
        started(client)
        delivered.wrong = unreachable
        delivered.later(seconds=61)

        with pytest.raises(DeliveryUnreachable) as caught:
            client.open("shop")
        assert caught.value.code == "backend_unreachable"

    def test_nor_when_its_manifest_forbids_it(self, delivered: Delivered, cache: Path) -> None:
        delivered.publish("1.0.0", cachePolicy={"manifest": {"mode": "noCache"}})
        client = delivered.client(cache)
        started(client)
        delivered.wrong = unreachable

        with pytest.raises(DeliveryUnreachable):
            client.open("shop")

    def test_what_is_embedded_runs_without_a_network(
        self, delivered: Delivered, cache: Path, presets: Path
    ) -> None:
        delivered.embed(presets, "0.9.0")
        delivered.embed(presets, "0.10.0")
        delivered.wrong = unreachable

        launch = started(delivered.client(cache, presets=presets))

        assert (launch.version, launch.circumstances.source) == ("0.10.0", "embedded")

    def test_no_answer_in_time_is_no_network(self, delivered: Delivered, cache: Path) -> None:
        delivered.publish("1.0.0")
        client = delivered.client(cache)
        started(client)

        def slow(request: httpx.Request, _: httpx.Response) -> httpx.Response:
            raise httpx.ReadTimeout("slow", request=request)

        delivered.wrong = slow
        assert started(client).circumstances.source == "cached"

    def test_a_gateway_may_say_that_its_backend_is_away(self, delivered: Delivered, cache: Path) -> None:
        delivered.publish("1.0.0")
        client = delivered.client(cache)
        started(client)
        delivered.wrong = on(
            "latest", lambda _: httpx.Response(503, json={"errorCode": "backend_unreachable", "message": "away"})
        )

        assert started(client).circumstances.source == "cached"


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (412, {"errorCode": "host_not_enabled", "message": "no"}, "host_not_enabled"),
        (403, {"error": {"code": "access_key_invalid", "message": "no"}}, "access_key_invalid"),
        (500, "oops", "http_error"),
        (304, "", "http_error"),
    ],
)
def test_a_refusal_is_no_outage(delivered: Delivered, cache: Path, status: int, body: object, code: str) -> None:
    delivered.publish("1.0.0")
    client = delivered.client(cache)
    started(client)
    content = body if isinstance(body, str) else json.dumps(body)
    delivered.wrong = on("latest", lambda _: httpx.Response(status, content=content))

    with pytest.raises(DeliveryRefused) as caught:
        client.open("shop")
    assert (caught.value.code, caught.value.status) == (code, status)


class TestUpgradePolicy:
    def test_over_wifi_only_waits_for_wifi(self, delivered: Delivered, cache: Path) -> None:
        delivered.publish("1.0.0")
        started(delivered.client(cache))
        delivered.publish("1.1.0")
        delivered.wrong = with_upgrade(mode="prompt_once", network="wifi")
        delivered.asked.clear()

        launch = started(delivered.client(cache, network="cellular"))

        assert launch.version == "1.0.0"
        assert launch.circumstances.reason == "1.1.0 is to be loaded over Wi-Fi only"
        assert launch.circumstances.upgrade.mode == "prompt_once"
        assert delivered.loaded("packages/") == 0
        assert started(delivered.client(cache)).version == "1.1.0"

    def test_a_forced_upgrade_does_not_wait(self, delivered: Delivered, cache: Path) -> None:
        delivered.publish("1.0.0")
        started(delivered.client(cache))
        delivered.publish("1.1.0")
        delivered.wrong = with_upgrade(mode="forced", network="wifi")

        assert started(delivered.client(cache, network="cellular")).version == "1.1.0"

    def test_a_forced_upgrade_that_cannot_be_loaded_is_an_error(self, delivered: Delivered, cache: Path) -> None:
        delivered.publish("1.0.0")
        started(delivered.client(cache))
        delivered.publish("1.1.0")
        forced = with_upgrade(mode="forced", network="any")
        delivered.wrong = lambda request, response: (
            unreachable(request, response) if "packages" in request.url.path else forced(request, response)
        )

        with pytest.raises(DeliveryUnreachable):
            delivered.client(cache).open("shop")

    def test_whoever_has_nothing_loads_over_any_network(self, delivered: Delivered, cache: Path) -> None:
        delivered.publish("1.0.0")
        delivered.wrong = with_upgrade(mode="silent", network="wifi")

        assert started(delivered.client(cache, network="cellular")).version == "1.0.0"


DIRECTIVE = on(
    "latest", lambda _: httpx.Response(412, json={"errorCode": "roll_back_to_embedded", "message": "go back"})
)


class TestRollBackToEmbedded:
    def test_the_embedded_version_is_run(self, delivered: Delivered, cache: Path, presets: Path) -> None:
        delivered.embed(presets, "0.9.0")
        delivered.publish("1.0.0")
        client = delivered.client(cache, presets=presets)
        started(client)
        plain, delivered.wrong = delivered.wrong, DIRECTIVE

        assert (started(client).version, started(client).circumstances.source) == ("0.9.0", "embedded")
        delivered.wrong = unreachable
        assert started(client).version == "0.9.0", "offline as well"
        delivered.wrong = plain
        assert started(client).version == "1.0.0", "until delivery says otherwise"

    def test_whoever_has_none_hears_of_it(self, delivered: Delivered, cache: Path) -> None:
        delivered.publish("1.0.0")
        client = delivered.client(cache)
        started(client)
        delivered.wrong = DIRECTIVE

        with pytest.raises(DeliveryRefused) as caught:
            client.open("shop")
        assert caught.value.code == "roll_back_to_embedded"


@pytest.mark.parametrize(
    ("members", "host", "code"),
    [
        ({"sdkVersionRange": ">=2.0.0"}, HOST, "unsupported_sdk_version"),
        ({"requiredCapabilities": ["secure_api"]}, HOST, "unsupported_capability"),
        ({"featureFlags": ["new"]}, HOST, "feature_disabled"),
        ({"featureFlags": ["new"]}, replace(HOST, feature_flags=("new",)), None),
        ({"requiredCapabilities": ["auth"]}, HOST, None),
    ],
)
def test_a_version_the_host_cannot_run_is_refused(
    tmp_path: Path, cache: Path, members: dict[str, object], host: object, code: str | None
) -> None:
    delivered = Delivered(tmp_path / "static", "static")
    delivered.publish("1.0.0", **members)
    client = delivered.client(cache, host=host)  # type: ignore[arg-type]

    if code is None:
        assert started(client).version == "1.0.0"
        return
    with pytest.raises(HostUnsuited) as caught:
        client.open("shop")
    assert caught.value.code == code
    assert delivered.loaded("packages/") == 0


def test_delivery_is_told_who_asks(delivered: Delivered, cache: Path) -> None:
    delivered.publish("1.0.0")
    host = replace(HOST, platform="linux", locale="de-DE", tenant_id="t1", visitor={"userId": "ann"})
    started(delivered.client(cache, host=host, access_key=" secret "))
    delivered.requests.clear()
    started(delivered.client(cache, host=host, access_key=" secret ", network="cellular"))

    (request,) = delivered.requests
    assert dict(request.url.params) == {
        "hostApp": "wallet",
        "sdkVersion": "1.0.0",
        "hostVersion": "2.0.0",
        "capabilities": "analytics,auth",
        "platform": "linux",
        "locale": "de-DE",
        "tenantId": "t1",
        "userId": "ann",
        "currentVersion": "1.0.0",
        "network": "cellular",
    }
    assert request.headers["x-mini-program-access-key"] == "secret"


def test_the_key_is_shown_nowhere() -> None:
    assert "secret" not in repr(Endpoint("https://a.example/api", "secret", {"authorization": "secret"}))


@pytest.mark.parametrize("url", ["", "programs.example", "ftp://a.example", "https://a.example/?x=1"])
def test_an_endpoint_is_an_address(url: str) -> None:
    with pytest.raises(UsageError, match="address of a delivery"):
        Endpoint(url)


def test_a_blank_key_is_refused() -> None:
    with pytest.raises(UsageError, match="blank"):
        Endpoint("https://a.example/api", " ")


@pytest.mark.parametrize("program_id", ["news", "../x"])
def test_an_unknown_mini_program_is_refused(delivered: Delivered, cache: Path, program_id: str) -> None:
    with pytest.raises(UsageError, match="no endpoint is configured"):
        delivered.client(cache).open(program_id)


def test_the_manifest_of_another_mini_program_is_refused(tmp_path: Path, cache: Path) -> None:
    delivered = Delivered(tmp_path / "static", "static")
    delivered.publish("1.0.0", id="news")
    (delivered.folder / "manifests/news").rename(delivered.folder / "manifests/shop")

    with pytest.raises(BrokenDelivery, match="the manifest of news for shop"):
        delivered.client(cache).open("shop")
