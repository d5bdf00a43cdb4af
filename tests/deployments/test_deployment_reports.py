from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from miniprogram.deployments.deploy import deploy, forget, plan_deploy
from miniprogram.deployments.doctor import cloud_doctor
from miniprogram.deployments.log_window import window_seconds
from miniprogram.deployments.outputs import as_dart_define, as_text, deployment_outputs
from miniprogram.deployments.status import cloud_status
from miniprogram.environments.session import CloudSession
from miniprogram.errors import MiniProgramError, UsageError
from miniprogram.seams.checks import Check
from miniprogram.state.env_file import change_env, require_env
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import NOON

MakeSession = Callable[..., CloudSession]


@pytest.fixture
def session(make_session: MakeSession) -> CloudSession:
    return make_session(MemoryObjectStore(), bucket="b")


def fake(session: CloudSession) -> object:
    return session.provider.deployment()


def test_status_without_a_deployment_has_every_key(session: CloudSession) -> None:
    report = cloud_status(session)

    assert not report.ok
    assert report.model_dump(mode="json", by_alias=True) == {
        "schemaVersion": 1,
        "command": "cloud status",
        "provider": "fake",
        "environmentName": "dev",
        "stackName": "stack",
        "stageName": "prod",
        "region": "eu-west-1",
        "stackExists": False,
        "stackStatus": None,
        "stackStatusReason": None,
        "apiBaseUrl": None,
        "healthUrl": None,
        "healthy": None,
        "healthStatusCode": None,
        "healthError": None,
        "outputs": {},
    }


def test_status_of_a_deployment_that_does_not_answer(session: CloudSession) -> None:
    session.provider.deployment().outputs = {"HealthUrl": "http://127.0.0.1:9/health"}  # type: ignore[attr-defined]
    session.provider.deployment().deploy(lambda _: None)

    report = cloud_status(session)

    assert (report.ok, report.stack_exists, report.healthy, report.health_status_code) == (
        False,
        True,
        False,
        None,
    )
    assert "http://127.0.0.1:9/health" in (report.health_error or "")


def test_a_deployment_without_a_health_url_is_not_called_ill(session: CloudSession) -> None:
    session.provider.deployment().deploy(lambda _: None)

    assert cloud_status(session).ok
    assert cloud_status(session).healthy is None


def test_deploying_remembers_what_to_keep_and_keeps_the_rest(session: CloudSession, noon: datetime) -> None:
    outputs = {"BackendApiBaseUrl": "https://x.example/prod/api/"}
    session.provider.deployment().outputs = outputs  # type: ignore[attr-defined]
    said: list[str] = []

    report = deploy(session, progress=said.append, now=noon)

    assert said == ["deploying"]
    assert report.status.ok
    stored = json.loads(session.resolved.path.read_bytes())["cloudEnvironments"][0]
    assert stored["values"] == {"bucket": "b"}
    assert stored["deployed"] == {
        "stackName": "stack",
        "stageName": "prod",
        "apiBaseUrl": "https://x.example/prod/api",
    }


def reopened(session: CloudSession) -> CloudSession:
    resolved = require_env(explicit_root=session.resolved.root, start_directories=[], home=session.home)
    return replace(session, resolved=resolved, environment=resolved.select(session.name))


def test_a_destroyed_deployment_is_given_to_nobody(session: CloudSession, noon: datetime) -> None:
    session.provider.deployment().outputs = {"BackendApiBaseUrl": "https://x.example/api"}  # type: ignore[attr-defined]
    deploy(session, progress=lambda _: None, now=noon)
    assert reopened(session).api_base_url == "https://x.example/api"

    forget(reopened(session), now=noon)

    assert reopened(session).api_base_url is None
    assert reopened(session).environment.values == {"bucket": "b"}


def test_what_a_person_configured_wins_over_the_deployment_and_is_said(
    session: CloudSession, noon: datetime
) -> None:
    change = {"values": {"bucket": "b", "apiBaseUrl": "https://own.example"}}
    mine = replace(session, environment=session.environment.model_copy(update=change))
    change_env(
        session.resolved, lambda found: found.with_environment(mine.environment, now="x"), home=session.home
    )
    session.provider.deployment().outputs = {"BackendApiBaseUrl": "https://x.example/api"}  # type: ignore[attr-defined]
    said: list[str] = []

    deploy(mine, progress=said.append, now=noon)

    assert reopened(session).api_base_url == "https://own.example"
    assert said[-1].startswith("Hosts are given the configured https://own.example, not https://x.example/api;")


def test_outputs_are_sorted_and_the_define_has_no_slash_at_its_end(session: CloudSession) -> None:
    outputs = {"HealthUrl": "https://x/health", "BackendApiBaseUrl": "https://x.example/prod/api/"}
    session.provider.deployment().outputs = outputs  # type: ignore[attr-defined]
    session.provider.deployment().deploy(lambda _: None)

    found = deployment_outputs(session)

    assert list(as_text(found)) == [
        "BackendApiBaseUrl: https://x.example/prod/api/",
        "HealthUrl: https://x/health",
    ]
    assert as_dart_define(found) == "--dart-define=MINI_PROGRAM_BACKEND_BASE_URL=https://x.example/prod/api"


def test_outputs_need_a_deployment(session: CloudSession) -> None:
    with pytest.raises(MiniProgramError, match="not deployed"):
        deployment_outputs(session)


def test_doctor_counts_and_fails_on_an_error_only(session: CloudSession) -> None:
    checks = [Check("a", "ok", "fine"), Check("b", "warning", "hm")]
    session.provider.found = checks  # type: ignore[attr-defined]
    assert not cloud_doctor(session, now=NOON).has_errors

    checks.append(Check("c", "error", "broken"))
    report = cloud_doctor(session, now=NOON)
    assert report.has_errors
    assert report.summary == {"ok": 1, "warning": 1, "error": 1, "skipped": 0}


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("10m", 600), ("1h", 3600), (" 1D ", 86400), ("2w", 1209600)],
    ids=lambda value: str(value).strip(),
)
def test_log_windows(text: str, seconds: int) -> None:
    assert window_seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "h", "10", "0m", "-1h", "1.5h", "1y", "١h", "9999999h"])
def test_other_log_windows_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--since"):
        window_seconds(text)


def test_who_cannot_tell_beforehand_says_so(session: CloudSession) -> None:
    with pytest.raises(MiniProgramError, match="cannot tell beforehand what a deploy would do"):
        plan_deploy(session)


def test_a_plan_is_what_the_deployment_says(session: CloudSession) -> None:
    deployment = session.provider.deployment()
    deployment.plan_deploy = lambda: iter(["make it", "start it"])  # type: ignore[attr-defined]

    assert plan_deploy(session) == ("make it", "start it")
    assert not deployment.status().exists
