"""What the selected environment answers. Each probe fails on its own; none can make the report fail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from miniprogram.access.listing import AccessKeyList, list_keys
from miniprogram.cloud.apps import AppInfo, app_info
from miniprogram.cloud.session import Providers, open_session
from miniprogram.cloud.status import CloudStatus, cloud_status
from miniprogram.errors import MiniProgramError
from miniprogram.state.env_file import RESERVED_NAMES, ResolvedEnv
from miniprogram.workflow.section import Section

Answer = TypeVar("Answer")


class RemoteSection(Section):
    """`checked` alone without `--remote`. Documents are those of the commands they are named after."""

    checked: bool
    provider: str | None = None
    cloud_status: CloudStatus | None = None
    app: AppInfo | None = None
    access_keys: AccessKeyList | None = None
    errors: tuple[str, ...] = ()

    @property
    def has_trouble(self) -> bool:
        """Whether something that was asked failed, or is not well."""
        return bool(self.errors) or (self.cloud_status is not None and not self.cloud_status.ok)

    def to_document(self) -> dict[str, Any]:
        parts = {"cloudStatus": self.cloud_status, "app": self.app, "accessKeys": self.access_keys}
        if not self.checked:
            return {"checked": False}
        documents = {key: part and part.model_dump(mode="json", by_alias=True) for key, part in parts.items()}
        return {"checked": True, "provider": self.provider, **documents, "errors": list(self.errors)}


def remote_section(
    resolved: ResolvedEnv | None,
    wanted: str | None,
    app_id: str | None,
    *,
    providers: Providers,
    home: Path,
    environ: Mapping[str, str],
) -> RemoteSection:
    """Ask the selected environment for its deployment, and for `app_id` and its keys when there is one."""
    selected = (wanted or resolved.document.active_environment) if resolved else None
    if resolved is None or selected in (None, *RESERVED_NAMES):
        return RemoteSection(checked=True, errors=("No named cloud environment is configured.",))
    environment = resolved.document.find(selected or "")
    provider = environment.provider if environment else None
    errors: list[str] = []

    def attempt(probe: Callable[[], Answer]) -> Answer | None:
        try:
            return probe()
        except MiniProgramError as error:
            errors.append(str(error))
            return None

    session = attempt(lambda: open_session(resolved, selected, providers=providers, home=home, environ=environ))
    if session is None:
        return RemoteSection(checked=True, provider=provider, errors=tuple(errors))
    status = attempt(lambda: cloud_status(session))
    app = attempt(lambda: app_info(session, app_id)) if app_id else None
    keys = attempt(lambda: list_keys(session, app_id)) if app_id else None
    return RemoteSection(
        checked=True, provider=provider, cloud_status=status, app=app, access_keys=keys, errors=tuple(errors)
    )
