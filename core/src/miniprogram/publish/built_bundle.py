"""From a build to the bundle that is published or packed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.errors import PublishError
from miniprogram.packages.bundle import Bundle
from miniprogram.packages.from_project import make_bundle
from miniprogram.project.build import BuildReport
from miniprogram.project.source_tree import UNREAD

if TYPE_CHECKING:
    from miniprogram.plugins.registry import Registry


def bundle_of(built: BuildReport) -> Bundle:
    """What `built` holds, with manifest and assets. Raises like `make_bundle`."""
    screens = {
        path.removeprefix("screens/").removesuffix(".json"): body
        for path, body in built.files.items()
        if path.startswith("screens/")
    }
    return make_bundle(built.location.root, screens)


def refuse_unread_screens(built: BuildReport, registry: Registry) -> None:
    """A version never changes, so a screen that nothing reads today must not be left out of it."""
    unread = [finding.file for finding in built.findings if finding.code == UNREAD]
    if not unread:
        return
    unusable = [
        f"The plugin {each.entry.name} ({each.entry.distribution}) is {each.status}: {each.reason}."
        for each in registry.plugins
        if each.status != "loaded"
    ]
    raise PublishError(
        f"nothing installed reads {', '.join(unread)}, so the screens in there would be missing from the version",
        hint=" ".join(unusable) or "Install the plugin that reads such files, or put a _ before their names.",
    )
