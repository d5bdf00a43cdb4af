"""Ask the selected environment. Each probe fails on its own; none can make the report fail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from miniprogram.catalogue.apps import AppInfo, app_info
from miniprogram.deployments.status import CloudStatus, cloud_status
from miniprogram.environments.session import CloudSession, ProviderFinder, open_session
from miniprogram.errors import MiniProgramError
from miniprogram.keys.listing import AccessKeyList, list_keys
from miniprogram.seams.version_signing import Deadline, TellsDeadlines, VersionSigner
from miniprogram.state.env_file import RESERVED_NAMES, ResolvedEnv
from miniprogram.workflow.remote_section import RemoteSection

Answer = TypeVar("Answer")


def ask_remote(
    resolved: ResolvedEnv | None,
    wanted: str | None,
    app_id: str | None,
    *,
    find_provider: ProviderFinder,
    home: Path,
    environ: Mapping[str, str],
    signers: Callable[[], tuple[VersionSigner, ...]] = tuple,
) -> RemoteSection:
    """Ask the selected environment for its deployment, and for `app_id` and its keys when there is one."""
    selected = (wanted or resolved.document.active_environment) if resolved else None
    if resolved is None or selected in (None, *RESERVED_NAMES):
        return _told(None, ["No named cloud environment is configured."])
    environment = resolved.document.find(selected or "")
    provider = environment.provider if environment else None
    errors: list[str] = []

    def attempt(probe: Callable[[], Answer]) -> Answer | None:
        try:
            return probe()
        except MiniProgramError as error:
            errors.append(str(error))
            return None

    session = attempt(
        lambda: open_session(resolved, selected, find_provider=find_provider, home=home, environ=environ)
    )
    if session is None:
        return _told(provider, errors)
    status = attempt(lambda: cloud_status(session))
    app = attempt(lambda: app_info(session, app_id)) if app_id else None
    keys = attempt(lambda: list_keys(session, app_id)) if app_id else None
    signed = attempt(lambda: _signed_until(session, signers())) or ()
    return _told(provider, errors, status, app, keys, signed=signed)


def _signed_until(session: CloudSession, signers: tuple[VersionSigner, ...]) -> tuple[Deadline, ...]:
    telling = [signer for signer in signers if isinstance(signer, TellsDeadlines)]
    return tuple(each for signer in telling for each in signer.deadlines(session.store, session.keys))


def _told(
    provider: str | None,
    errors: list[str],
    status: CloudStatus | None = None,
    app: AppInfo | None = None,
    keys: AccessKeyList | None = None,
    *,
    signed: tuple[Deadline, ...] = (),
) -> RemoteSection:
    return RemoteSection(
        checked=True,
        provider=provider,
        cloud_status=status,
        app=app,
        access_keys=keys,
        signed_until=signed,
        errors=tuple(errors),
        is_well=not errors
        and status is not None
        and status.ok
        and all(each.state != "expired" for each in signed),
    )
