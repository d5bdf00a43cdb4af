"""What this distribution adds: the publish target `firebase-hosting` and the provider `firebase`."""

from __future__ import annotations

from miniprogram.plugins.markers import hookimpl
from miniprogram.plugins.specs import Capability, ProviderSpec, TargetSpec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from miniprogram.seams.cloud_provider import CloudProvider, ProviderContext
    from miniprogram.seams.publish_target import PublishTarget, TargetContext
    from miniprogram_firebase.hosting.settings import HostingSettings
    from miniprogram_firebase.settings import FirebaseSettings

MINIPROGRAM_HOOK_API = ">=1.0.0 <2.0.0"


@hookimpl
def miniprogram_cloud_providers() -> list[ProviderSpec[FirebaseSettings]]:
    return [ProviderSpec("firebase", "Firebase: Hosting and Cloud Storage", _settings, _provider)]


@hookimpl
def miniprogram_publish_targets() -> list[TargetSpec[HostingSettings]]:
    return [
        TargetSpec(
            "firebase-hosting", "a Firebase Hosting site", _hosting_settings, _target, needs_environment=True
        )
    ]


@hookimpl
def miniprogram_capabilities() -> list[Capability]:
    return [Capability("publish.firebase_hosting", "firebaseHostingPublish", "publish --target firebase-hosting")]


def _settings() -> type[FirebaseSettings]:
    from miniprogram_firebase.settings import FirebaseSettings

    return FirebaseSettings


def _provider(settings: FirebaseSettings, context: ProviderContext) -> CloudProvider:
    from miniprogram_firebase.provider import FirebaseProvider

    return FirebaseProvider(settings, context)


def _hosting_settings() -> type[HostingSettings]:
    from miniprogram_firebase.hosting.settings import HostingSettings

    return HostingSettings


def _target(settings: HostingSettings, context: TargetContext) -> PublishTarget:
    from miniprogram_firebase.opening import open_target

    return open_target(settings, context)
