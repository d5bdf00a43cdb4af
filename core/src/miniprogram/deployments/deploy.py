"""`cloud deploy`: put our delivery service up, remember where it is, see whether it answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from miniprogram.clock import to_iso
from miniprogram.deployments.account import ACCOUNT, account_to_remember, require_same_account
from miniprogram.deployments.status import CloudStatus, describe
from miniprogram.environments.session import CloudSession
from miniprogram.errors import MiniProgramError
from miniprogram.seams.cloud_provider import (
    DeliveryDeployment,
    DeploymentStatus,
    PlanningDeployment,
    Progress,
    RollingBackDeployment,
)
from miniprogram.state.env_file import save_deployed


@dataclass(frozen=True, slots=True)
class DeployReport:
    """What was deployed. `remembered` are the values written into the environment, by name."""

    status: CloudStatus
    remembered: dict[str, object]


def deploy(session: CloudSession, *, progress: Progress, now: datetime, rolls_back: bool = False) -> DeployReport:
    """Create or update the deployment of an environment, or put back the code that was deployed before.

    What the provider wants kept, and the API base URL, are stored in the environment even when the deployment
    turns out ill. Raises MiniProgramError with the cause when it cannot be deployed.
    """
    require_same_account(session)
    deployment = session.provider.deployment()
    status = _roll_back(session, deployment, progress) if rolls_back else deployment.deploy(progress)
    if not status.exists:
        raise MiniProgramError(f"{status.name} is still missing after it was deployed")
    remembered = _values_to_keep(session, status)
    account = account_to_remember(session, progress)
    if account is not None:
        remembered[ACCOUNT] = account
    after = save_deployed(session.resolved, session.name, remembered, home=session.home, now=to_iso(now))
    for note in (*after.notes, *_overruled(session, remembered)):
        progress(note)
    return DeployReport(describe(session, status), remembered)


def plan_deploy(session: CloudSession) -> tuple[str, ...]:
    """What deploying would do, one line each. Raises MiniProgramError when that cannot be told, or done."""
    deployment = session.provider.deployment()
    if not isinstance(deployment, PlanningDeployment):
        raise MiniProgramError(
            f"the delivery service of {session.name} cannot tell beforehand what a deploy would do",
            hint="`miniprogram cloud doctor` says whether everything it needs is there.",
        )
    return tuple(deployment.plan_deploy())


def _roll_back(session: CloudSession, deployment: DeliveryDeployment, progress: Progress) -> DeploymentStatus:
    if not isinstance(deployment, RollingBackDeployment):
        raise MiniProgramError(
            f"the delivery service of {session.name} keeps no code that was deployed before",
            hint="Install the version of miniprogram you want, and deploy.",
        )
    return deployment.roll_back(progress)


def forget(session: CloudSession, *, now: datetime) -> tuple[str, ...]:
    """After the deployment was taken away: nobody is given its address any more. Returns notes for people."""
    return save_deployed(session.resolved, session.name, None, home=session.home, now=to_iso(now)).notes


def _overruled(session: CloudSession, remembered: dict[str, object]) -> Iterator[str]:
    """A word when hosts are given another address than the deployment's."""
    configured, deployed = session.environment.values.get("apiBaseUrl"), remembered.get("apiBaseUrl")
    if configured and deployed and str(configured).rstrip("/") != deployed:
        unset = f"miniprogram env configure {session.name} --unset api-base-url"
        yield f"Hosts are given the configured {configured}, not {deployed}; `{unset}` changes that."


def _values_to_keep(session: CloudSession, status: DeploymentStatus) -> dict[str, object]:
    values = dict(session.provider.settings_to_keep(status))
    url = status.outputs.get("BackendApiBaseUrl")
    if url:
        values.setdefault("apiBaseUrl", url.rstrip("/"))
    return values
