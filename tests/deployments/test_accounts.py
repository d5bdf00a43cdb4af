"""Signed in to another account than the one of the deployment: noticed before anything is asked or done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import pytest

from miniprogram.deployments.account import require_same_account
from miniprogram.deployments.deploy import deploy
from miniprogram.deployments.doctor import cloud_doctor
from miniprogram.deployments.outputs import deployment_outputs
from miniprogram.deployments.status import cloud_status
from miniprogram.environments.session import CloudSession
from miniprogram.errors import MiniProgramError
from miniprogram.seams.checks import Check
from miniprogram.state.env_file import require_env
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import NOON
from testbed.environment_session import FakeProvider

OURS, THEIRS = "123456789012", "999999990000"


@dataclass
class InAccount(FakeProvider):
    """A cloud with accounts."""

    account_is, account_now = "account", "you are signed in to"
    signed_in: str = OURS

    def account(self) -> str:
        if not self.signed_in:
            raise MiniProgramError("nobody is signed in here")
        return self.signed_in


@pytest.fixture
def sign_in(make_session: Callable[..., CloudSession]) -> Callable[..., CloudSession]:
    def opened(account: str, *, deployed: dict[str, str] | None) -> CloudSession:
        store = MemoryObjectStore()
        provider = InAccount(store, found=[Check("Bucket", "ok", "there")], signed_in=account)
        return replace(make_session(store, deployed=deployed), provider=provider)

    return opened


def test_a_deploy_remembers_the_account_it_went_to(sign_in: Callable[..., CloudSession], noon: datetime) -> None:
    session = sign_in(OURS, deployed=None)

    deploy(session, progress=lambda _: None, now=noon)

    found = require_env(explicit_root=session.resolved.root, start_directories=[], home=session.home)
    assert found.document.cloud_environments[0].deployed == {
        "account": OURS,
        "stackName": "stack",
        "stageName": "prod",
    }


def deploy_now(session: CloudSession) -> None:
    deploy(session, progress=lambda _: None, now=NOON)


@pytest.mark.parametrize("ask", [require_same_account, cloud_status, deployment_outputs, deploy_now])
def test_another_account_is_refused_with_both_told_apart_and_neither_in_full(
    sign_in: Callable[..., CloudSession], ask: Callable[[CloudSession], object]
) -> None:
    session = sign_in(THEIRS, deployed={"account": OURS})

    with pytest.raises(MiniProgramError, match="dev is deployed in the account …9012") as refusal:
        ask(session)

    assert "signed in to …0000" in str(refusal.value)
    assert OURS not in str(refusal.value)
    assert not session.provider.deployment().status().exists


def test_doctor_has_a_line_about_it(sign_in: Callable[..., CloudSession]) -> None:
    def line(session: CloudSession) -> list[tuple[str, str]]:
        return [
            (each.status, each.summary)
            for each in cloud_doctor(session, now=NOON).checks
            if each.label == "Account"
        ]

    assert line(sign_in(OURS, deployed={"account": OURS})) == [
        ("ok", "you are signed in to …9012, where it is deployed")
    ]
    assert line(sign_in(THEIRS, deployed={"account": OURS}))[0][0] == "error"
    assert line(sign_in("", deployed={"account": OURS})) == [("error", "nobody is signed in here")]
    assert line(sign_in("", deployed=None)) == []


def test_nobody_is_asked_for_an_account_that_nothing_is_deployed_in(sign_in: Callable[..., CloudSession]) -> None:
    require_same_account(sign_in("", deployed=None))
    require_same_account(sign_in("", deployed={"stackName": "stack"}))


def test_who_may_not_ask_deploys_all_the_same_and_is_told(sign_in: Callable[..., CloudSession]) -> None:
    said: list[str] = []

    report = deploy(sign_in("", deployed=None), progress=said.append, now=NOON)

    assert "account" not in report.remembered
    assert said[-1] == "Whose this is cannot be told, and is not checked later: nobody is signed in here"


def test_a_deploy_goes_on_remembering(sign_in: Callable[..., CloudSession]) -> None:
    report = deploy(sign_in(OURS, deployed={"account": OURS}), progress=lambda _: None, now=NOON)

    assert report.remembered["account"] == OURS


def test_a_cloud_without_accounts_is_the_same_everywhere(
    make_session: Callable[..., CloudSession], noon: datetime
) -> None:
    session = make_session(MemoryObjectStore(), deployed={"account": OURS})

    require_same_account(session)
    deploy(session, progress=lambda _: None, now=noon)
