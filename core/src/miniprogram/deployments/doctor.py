"""`cloud doctor`: what an environment's provider finds when it looks at itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pydantic import ConfigDict

from miniprogram.deployments.account import account_check
from miniprogram.deployments.store_checks import store_checks
from miniprogram.deployments.token_check import token_checks
from miniprogram.environments.session import CloudSession, storage_of
from miniprogram.errors import MiniProgramError
from miniprogram.models import CamelModel
from miniprogram.seams.checks import Check, Status


class _Document(CamelModel):
    model_config = ConfigDict(from_attributes=True)


class CloudCheck(_Document):
    """A line of the report."""

    label: str
    status: Status
    summary: str
    detail: str | None


class DoctorReport(_Document):
    """The document of `cloud doctor --json`. The provider's checks come first, in its order."""

    schema_version: int = 1
    command: str = "cloud doctor"
    provider: str
    environment_name: str
    has_errors: bool
    summary: dict[str, int]
    checks: tuple[CloudCheck, ...]


def cloud_doctor(session: CloudSession, *, now: datetime) -> DoctorReport:
    """Run the provider's checks, then those of any store. They report failures rather than raise them."""
    account = account_check(session)
    own = (*session.provider.checks(), *([account] if account else []))
    usable = all(check.status != "error" for check in own)
    common = _common_checks(session, now) if usable else ()
    checks = tuple(CloudCheck.model_validate(check) for check in (*own, *common))
    found = [check.status for check in checks]
    return DoctorReport(
        provider=session.environment.provider,
        environment_name=session.environment.name,
        has_errors="error" in found,
        summary={status: found.count(status) for status in ("ok", "warning", "error", "skipped")},
        checks=checks,
    )


def _common_checks(session: CloudSession, now: datetime) -> Iterable[Check]:
    """The checks of any store; an environment may have none, and then says why."""
    try:
        storage = storage_of(session)
    except MiniProgramError as error:
        return (Check("Releases", "skipped", str(error), error.hint),)
    return (*store_checks(storage), *token_checks(storage, now))
