"""Hosts get published versions of the function, and a deploy that breaks off leaves them with what they had."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from miniprogram.provider_kit.archives import Archive, make_archive, package_sources
from miniprogram.provider_kit.gradual_shift import Shift, ShiftError, Traffic
from miniprogram_aws.deployment import deployment as module
from miniprogram_aws.deployment.delivery_archive import RUNTIME
from miniprogram_aws.deployment.deployment import AwsDeployment
from miniprogram_aws.stacks.stacks import StackError
from miniprogram_aws.traffic.live_alias import ALIAS, LiveAlias
from miniprogram_aws.traffic.version_health import LambdaHealth


def release(name: str, *, handler: bytes | None = None) -> Archive:
    """The delivery function of some release, or one with another handler."""
    sources = {
        **{f"{package}/__init__.py": b"" for package in ("miniprogram", "miniprogram_aws")},
        **package_sources("miniprogram.delivery"),
        **package_sources("miniprogram_aws.function"),
        f"miniprogram_aws/{name}.py": b"",
    }
    if handler is not None:
        sources["miniprogram_aws/function/lambda_handler.py"] = handler
    return make_archive("delivery", sources, RUNTIME)


class Deployed:
    """An environment on an account, deployed from one release after another."""

    def __init__(self, account: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        self.account, self._monkeypatch = account, monkeypatch
        self.clients = account.clients()
        self.lines: list[str] = []

    def deployment(self, **settings: Any) -> AwsDeployment:
        return AwsDeployment(
            self.account.settings(**settings), self.account.context(), self.clients, sleep=lambda _s: None
        )

    def deploy(self, archive: Archive, **settings: Any) -> str:
        """Deploy it; the name of the function."""
        self._monkeypatch.setattr(module, "delivery_archive", lambda: archive)
        return self.deployment(**settings).deploy(self.lines.append).outputs["FunctionName"]

    def live_code(self, function: str) -> str:
        found = self.clients.client("lambda").get_function_configuration(FunctionName=function, Qualifier=ALIAS)
        return str(found["CodeSha256"])


@pytest.fixture
def deployed(account: Any, monkeypatch: pytest.MonkeyPatch) -> Deployed:
    account.make_bucket()
    return Deployed(account, monkeypatch)


def test_every_deploy_publishes_a_version_and_the_last_two_are_kept(deployed: Deployed) -> None:
    for name in ("one", "two", "three"):
        function = deployed.deploy(release(name))
    deployed.deploy(release("three"))
    alias = LiveAlias(deployed.clients, function)

    assert alias.traffic() == Traffic("3")
    assert alias.is_deployed_code_live()
    versions = deployed.clients.client("lambda").list_versions_by_function(FunctionName=function)["Versions"]
    assert [row["Version"] for row in versions] == ["$LATEST", "2", "3"]
    assert [line for line in deployed.lines if line.startswith("Version")] == [
        f"Version {number} answers all requests." for number in (1, 2, 3)
    ]


def test_a_changed_setting_reaches_hosts(deployed: Deployed) -> None:
    function = deployed.deploy(release("one"), function_memory_size=256)
    deployed.deploy(release("one"), function_memory_size=512)

    live = deployed.clients.client("lambda").get_function_configuration(FunctionName=function, Qualifier=ALIAS)
    assert live["MemorySize"] == 512


@pytest.mark.parametrize(
    ("handler", "said"),
    [
        (b"import nothing_of_the_kind", "breaks off"),
        (b"def handler(event, context): raise RuntimeError(event)", "breaks off"),
        (b"def handler(event, context): return {'statusCode': 503}", "it answers 503"),
        (b"def handler(event, context): return 'hello'", "none of a delivery function"),
    ],
    ids=["does not import", "raises", "answers ill", "something else"],
)
def test_a_bad_release_never_reaches_a_host(deployed: Deployed, handler: bytes, said: str) -> None:
    function = deployed.deploy(release("one"))
    good = deployed.live_code(function)

    with pytest.raises(ShiftError, match=said):
        deployed.deploy(release("bad", handler=handler))

    assert deployed.live_code(function) == good
    assert not LiveAlias(deployed.clients, function).is_deployed_code_live()
    deployed.deploy(release("mended"))
    assert deployed.live_code(function) != good


@pytest.mark.parametrize("broken", ["publish", "try_out", "send", "forget_all_but"])
def test_a_deploy_killed_at_any_step_is_finished_by_the_next(
    deployed: Deployed, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    function = deployed.deploy(release("one"))
    before = deployed.live_code(function)

    def kill(*_told: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(LiveAlias, broken, kill)
        with pytest.raises(KeyboardInterrupt):
            deployed.deploy(release("two"))
    assert (deployed.live_code(function) == before) is (broken != "forget_all_but")

    deployed.deploy(release("two"))

    assert LiveAlias(deployed.clients, function).traffic() == Traffic("2")
    assert deployed.live_code(function) != before


def test_a_shift_goes_by_steps_and_a_rollback_at_once(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Traffic] = []
    send = LiveAlias.send

    def noting(alias: LiveAlias, traffic: Traffic) -> None:
        send(alias, traffic)
        seen.append(alias.traffic())

    monkeypatch.setattr(LiveAlias, "send", noting)
    steps = {"shift_step": (10, 50), "shift_minutes": 1}
    function = deployed.deploy(release("one"), **steps)
    first = deployed.live_code(function)
    deployed.deploy(release("two"), **steps)
    assert seen == [Traffic("1"), Traffic("1", "2", 10), Traffic("1", "2", 50), Traffic("2")]

    deployed.deployment(**steps).roll_back(deployed.lines.append)

    assert seen[4:] == [Traffic("3")]
    assert deployed.live_code(function) == first


def test_what_the_old_version_cannot_go_on_with_shifts_at_once(
    deployed: Deployed, monkeypatch: pytest.MonkeyPatch
) -> None:
    stepped: list[object] = []
    monkeypatch.setattr(Shift, "_step", lambda *told: stepped.append(told))
    steps = {"shift_step": (10,), "shift_minutes": 1}
    deployed.deploy(release("one"), **steps)
    deployed.deploy(release("two"), metadata_prefix="elsewhere", **steps)
    assert stepped == []

    deployed.deploy(release("three"), metadata_prefix="elsewhere", **steps)
    assert len(stepped) == 1


def test_an_alarm_that_there_is_not_is_said_before_anything_moves(deployed: Deployed) -> None:
    steps = {"shift_step": (10,), "shift_minutes": 1, "shift_alarm": ("crashes",)}
    function = deployed.deploy(release("one"), **steps)

    with pytest.raises(StackError, match="there is no alarm crashes") as told:
        deployed.deploy(release("two"), **steps)

    assert "--shift-alarm" in str(told.value.hint)
    assert LiveAlias(deployed.clients, function).traffic() == Traffic("1")


def test_failures_are_those_of_the_version_and_of_now(account: Any) -> None:
    logs, now = account.clients().client("logs"), int(time.time() * 1000)
    group = f"/aws/lambda/{account.bucket}"
    logs.create_log_group(logGroupName=group)
    lines = [(-90_000, 500), (0, 200), (1, 503), (2, 404), (3, 500)]
    for stream in ("2026/01/01/shop[7]aa", "2026/01/01/shop[8]bb", "2026/01/01/shop[18]cc"):
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
        events = [{"timestamp": now + late, "message": json.dumps({"statusCode": code})} for late, code in lines]
        events.append({"timestamp": now + 4, "message": "statusCode 500"})
        logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)

    since = datetime.fromtimestamp(now / 1000 - 30, UTC)
    assert LambdaHealth(account.clients(), "shop", group).counted("8", since).failures == 2


def test_alarms_that_are_on_are_told_from_those_that_are_not(account: Any) -> None:
    cloudwatch = account.clients().client("cloudwatch")
    for name in ("loud", "quiet"):
        cloudwatch.put_metric_alarm(
            AlarmName=name, Namespace="Shop", MetricName="Crashes", Statistic="Sum", Period=60,
            EvaluationPeriods=1, Threshold=1, ComparisonOperator="GreaterThanThreshold",
        )  # fmt: skip
    cloudwatch.set_alarm_state(AlarmName="loud", StateValue="ALARM", StateReason="tried")
    health = LambdaHealth(account.clients(), "shop", "/aws/lambda/shop")

    assert health.going_off(["loud", "quiet", "loud"]) == {"loud"}
    assert health.going_off([]) == set()
