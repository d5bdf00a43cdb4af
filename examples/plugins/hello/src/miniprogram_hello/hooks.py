"""What this distribution adds. Imported at every start, so it describes and imports nothing heavy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.plugins.markers import hookimpl
from miniprogram.plugins.specs import Capability, CommandSpec, TargetSpec

if TYPE_CHECKING:
    from miniprogram.seams.publish_target import PublishTarget, TargetContext
    from miniprogram_hello.settings import ShelfSettings

MINIPROGRAM_HOOK_API = ">=1.0.0 <2.0.0"


@hookimpl
def miniprogram_publish_targets() -> list[TargetSpec[ShelfSettings]]:
    return [TargetSpec("shelf", "a folder with a label on it", _settings, _open)]


@hookimpl
def miniprogram_commands() -> list[CommandSpec]:
    load = "miniprogram_hello.greet:greet"
    group = "Greetings, as an example."
    return [CommandSpec(("hello", "greet"), "greet somebody", load, group=group, example="Ana")]


@hookimpl
def miniprogram_capabilities() -> list[Capability]:
    return [Capability("publish.shelf", "shelfPublish", "publish --target shelf")]


def _settings() -> type[ShelfSettings]:
    from miniprogram_hello.settings import ShelfSettings

    return ShelfSettings


def _open(settings: ShelfSettings, context: TargetContext) -> PublishTarget:
    from miniprogram_hello.target import ShelfTarget

    return ShelfTarget(context.resolve(settings.shelf), label=settings.label)
