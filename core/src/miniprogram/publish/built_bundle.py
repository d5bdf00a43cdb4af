"""From a build to the bundle that is published or packed."""

from __future__ import annotations

from collections.abc import Iterator

from miniprogram.errors import PublishError
from miniprogram.packages.bundle import Bundle
from miniprogram.packages.from_project import make_bundle
from miniprogram.project.build import BuildReport
from miniprogram.project.source_tree import UNREAD


def bundle_of(built: BuildReport) -> Bundle:
    """What `built` holds, with manifest and assets. Raises like `make_bundle`."""
    screens = {
        path.removeprefix("screens/").removesuffix(".json"): body
        for path, body in built.files.items()
        if path.startswith("screens/")
    }
    return make_bundle(built.location.root, screens)


def notes_on(built: BuildReport) -> Iterator[str]:
    """What the author should know about the build: its warnings, and what no target takes."""
    yield from (finding.text(built.location.shown_folder) for finding in built.findings)
    if built.unpublished_note:
        yield built.unpublished_note


def refuse_unread_screens(built: BuildReport) -> None:
    """A version never changes, so a screen that nothing reads today must not be left out of it."""
    unread = [finding for finding in built.findings if finding.code == UNREAD]
    if unread:
        shown = [f"{built.location.shown_folder}{finding.file}: {finding.sentence}" for finding in unread]
        raise PublishError("\n".join(shown))
