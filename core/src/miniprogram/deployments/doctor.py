"""`cloud doctor`: what an environment's provider finds when it looks at itself."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from miniprogram.environments.session import CloudSession
from miniprogram.seams.checks import Status


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True, from_attributes=True)


class CloudCheck(_Document):
    """A line of the report."""

    label: str
    status: Status
    summary: str
    detail: str | None


class DoctorReport(_Document):
    """The document of `cloud doctor --json`. Checks are in the provider's order."""

    schema_version: int = 1
    command: str = "cloud doctor"
    provider: str
    environment_name: str
    has_errors: bool
    summary: dict[str, int]
    checks: tuple[CloudCheck, ...]


def cloud_doctor(session: CloudSession) -> DoctorReport:
    """Run the provider's checks. They report failures rather than raise them."""
    checks = tuple(CloudCheck.model_validate(check) for check in session.provider.checks())
    found = [check.status for check in checks]
    return DoctorReport(
        provider=session.environment.provider,
        environment_name=session.environment.name,
        has_errors="error" in found,
        summary={status: found.count(status) for status in ("ok", "warning", "error", "skipped")},
        checks=checks,
    )
