"""From an environment to its Hosting site."""

from __future__ import annotations

from miniprogram.errors import PublishError
from miniprogram.seams.publish_target import TargetContext
from miniprogram_firebase.hosting.known_versions import KnownVersions
from miniprogram_firebase.hosting.settings import HostingSettings
from miniprogram_firebase.hosting.site import LIVE
from miniprogram_firebase.hosting.target import HostingTarget
from miniprogram_firebase.provider import FirebaseProvider


def open_target(settings: HostingSettings, context: TargetContext) -> HostingTarget:
    """The target in the environment of `context`. Raises PublishError when that is of another provider."""
    opened = context.open_environment()
    if not isinstance(opened.provider, FirebaseProvider):
        raise PublishError(
            f"the environment {opened.name} is of the provider {opened.provider_name}, not firebase",
            hint="Name one with --env, or make one: `miniprogram env configure NAME --provider firebase`.",
        )
    site = opened.provider.site(settings.site)
    memory = context.home / ".mini_program" / "cache" / "firebase_hosting"
    known = KnownVersions(memory / f"{site.site}.{settings.channel or LIVE}.json")
    if settings.output is None:
        target = HostingTarget(site, settings, known=known)
        target.look_early()
        return target
    from miniprogram_firebase.hosting.folder import SiteAndFolder  # deferred: few have a folder too

    output = context.resolve(settings.output)
    return SiteAndFolder(site, settings, output, program_root=context.program_root, known=known)
