"""What this distribution adds: the publish target `github-pages`."""

from __future__ import annotations

from miniprogram.plugins.markers import hookimpl
from miniprogram.plugins.specs import Capability, TargetSpec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from miniprogram.seams.publish_target import PublishTarget, TargetContext
    from miniprogram_github_pages.settings import PagesSettings

MINIPROGRAM_HOOK_API = ">=1.0.0 <2.0.0"


@hookimpl
def miniprogram_publish_targets() -> list[TargetSpec[PagesSettings]]:
    return [TargetSpec("github-pages", "a branch that GitHub Pages serves", _settings, _create)]


@hookimpl
def miniprogram_capabilities() -> list[Capability]:
    return [Capability("publish.github_pages", "githubPagesPublish", "publish --target github-pages")]


def _settings() -> type[PagesSettings]:
    from miniprogram_github_pages.settings import PagesSettings

    return PagesSettings


def _create(settings: PagesSettings, context: TargetContext) -> PublishTarget:
    from miniprogram_github_pages.target import PagesTarget

    return PagesTarget(settings, context)
