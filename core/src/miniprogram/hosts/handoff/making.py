"""`partner package`: make the file a host team imports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import SecretStr, ValidationError

from miniprogram.errors import MiniProgramError, UsageError
from miniprogram.hosts.environments import Environments, missing_url
from miniprogram.hosts.handoff.partner_package import PartnerPackage, write_package
from miniprogram.hosts.new_endpoint import first_problem
from miniprogram.seams.endpoint_rules import check_app_id, default_title


@dataclass(frozen=True, slots=True)
class Handoff:
    """What a package shall say. No key means public; no title means one made from the id."""

    app_id: str
    api_base_url: str
    title: str | None = None
    backend_base_url: str | None = None
    access_key: SecretStr | None = None
    expires_at: datetime | None = None


def make_package(handoff: Handoff, path: Path, *, now: datetime) -> PartnerPackage:
    """Write the package to `path`. Raises MiniProgramError naming the member that is wrong, never the key."""
    try:
        package = PartnerPackage(
            app_id=handoff.app_id,
            title=handoff.title or default_title(handoff.app_id),
            api_base_url=handoff.api_base_url,
            backend_base_url=handoff.backend_base_url,
            access_mode="protected" if handoff.access_key else "public",
            access_key=handoff.access_key,
            generated_at_utc=now,
            expires_at=handoff.expires_at,
        )
    except ValidationError as error:
        raise MiniProgramError(first_problem(error)) from None
    write_package(path, package)
    return package


def check_handoff_id(app_id: str) -> None:
    """Raises MiniProgramError when `app_id` cannot be one: before any provider is asked about it."""
    try:
        check_app_id(app_id)
    except ValueError as error:
        raise MiniProgramError(f"the mini-program id {error}") from None


def environment_url(environments: Environments, name: str | None) -> str:
    """The delivery URL of the environment `name`, or the active one: the stored one, else the deployment's.

    Raises UsageError when there is no such environment, MiniProgramError when it has no URL.
    """
    resolved = environments.require()
    environment = resolved.select(name, failure=UsageError)
    url = environments.stored_url(resolved, environment) or environments.deployed_url(resolved, environment)
    if url is None:
        raise missing_url(environment)
    return url
