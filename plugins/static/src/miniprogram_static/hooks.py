"""What this distribution adds."""

from __future__ import annotations

from miniprogram.plugins.markers import hookimpl
from miniprogram.plugins.specs import TargetSpec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from miniprogram.seams.publish_target import PublishTarget, TargetContext
    from miniprogram_static.settings import StaticSettings

MINIPROGRAM_HOOK_API = ">=1.0.0 <2.0.0"


@hookimpl
def miniprogram_publish_targets() -> list[TargetSpec[StaticSettings]]:
    return [TargetSpec("static", "a folder for any web server", _settings, _open)]


def _settings() -> type[StaticSettings]:
    from miniprogram_static.settings import StaticSettings

    return StaticSettings


def _open(settings: StaticSettings, context: TargetContext) -> PublishTarget:
    from miniprogram.publish.folder.target import FolderTarget

    return FolderTarget(context.resolve(settings.output), clean=settings.clean, program_root=_sources(context))


def _sources(context: TargetContext) -> Path | None:
    """The mini-program's folder; None where there is none, which listing versions does not need."""
    return context.program_root if (context.program_root / "manifest.json").is_file() else None
