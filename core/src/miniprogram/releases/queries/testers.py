"""Who is on the list of a pilot."""

from __future__ import annotations

from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.models import FrozenModel
from miniprogram.releases.queries.listing import find_release
from miniprogram.releases.storage.release_documents import require_releases
from miniprogram.targets import Target


class TesterList(FrozenModel):
    """The testers of a release, sorted."""

    schema_version: int = 1
    command: str = "release testers list"
    environment_name: str
    mini_program_id: str
    revision: int
    version: str
    host_app: str
    environment: str
    count: int
    testers: tuple[str, ...]


def list_testers(storage: EnvironmentStorage, program_id: str, version: str, target: Target) -> TesterList:
    """Of the attempt under way, else of the last that ended. Raises NotFound when there is no such release."""
    document = require_releases(storage, program_id)
    release = find_release(storage, document, version, target)
    return TesterList(
        environment_name=storage.environment,
        mini_program_id=program_id,
        revision=document.revision,
        version=version,
        host_app=target.host_app,
        environment=str(target.environment),
        count=len(release.testers),
        testers=release.testers,
    )
