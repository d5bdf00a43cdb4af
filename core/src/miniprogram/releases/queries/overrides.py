"""Which overrides are in force."""

from __future__ import annotations

from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.models import FrozenModel
from miniprogram.releases.model.document import Override
from miniprogram.releases.storage.release_documents import require_releases


class OverrideList(FrozenModel):
    """The overrides of a mini-program, the oldest first."""

    schema_version: int = 1
    command: str = "release overrides"
    environment_name: str
    mini_program_id: str
    revision: int
    overrides: tuple[Override, ...]


def list_overrides(storage: EnvironmentStorage, program_id: str) -> OverrideList:
    """Every `deny` and `pin` that was not lifted. Raises NotFound when there are no releases."""
    document = require_releases(storage, program_id)
    return OverrideList(
        environment_name=storage.environment,
        mini_program_id=program_id,
        revision=document.revision,
        overrides=document.overrides,
    )
