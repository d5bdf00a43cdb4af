"""What this distribution adds. Imported at every start, so it describes and imports nothing heavy."""

from __future__ import annotations

from miniprogram.plugins.markers import hookimpl
from miniprogram.plugins.specs import ProviderSpec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from miniprogram.seams.cloud_provider import CloudProvider, ProviderContext

    from miniprogram_sqlite.settings import SqliteSettings

MINIPROGRAM_HOOK_API = ">=1.0.0 <2.0.0"


@hookimpl
def miniprogram_cloud_providers() -> list[ProviderSpec[SqliteSettings]]:
    return [ProviderSpec("sqlite", "a file of SQLite, beside the environment", _settings, _open)]


def _settings() -> type[SqliteSettings]:
    from miniprogram_sqlite.settings import SqliteSettings

    return SqliteSettings


def _open(settings: SqliteSettings, context: ProviderContext) -> CloudProvider:
    from miniprogram_sqlite.provider import SqliteProvider

    return SqliteProvider(settings, context)
