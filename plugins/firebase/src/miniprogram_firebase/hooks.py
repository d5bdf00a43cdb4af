"""What this distribution adds: the target `firebase-hosting`, the provider `firebase`, and publisher backends."""

from __future__ import annotations

from miniprogram.plugins.markers import hookimpl
from miniprogram.plugins.specs import BackendTemplateSpec, Capability, CommandSpec, ProviderSpec, TargetSpec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from miniprogram.seams.backend_template import BackendTemplate
    from miniprogram.seams.cloud_provider import CloudProvider, ProviderContext
    from miniprogram.seams.publish_target import PublishTarget, TargetContext
    from miniprogram_firebase.hosting.settings import HostingSettings
    from miniprogram_firebase.settings import FirebaseSettings

MINIPROGRAM_HOOK_API = ">=1.0.0 <2.0.0"


@hookimpl
def miniprogram_cloud_providers() -> list[ProviderSpec[FirebaseSettings]]:
    about = "Firebase: Hosting, Cloud Run, Firestore and storage"
    return [ProviderSpec("firebase", about, _settings, _provider, ("projectId", "functionName", "functionUrl"))]


@hookimpl
def miniprogram_publish_targets() -> list[TargetSpec[HostingSettings]]:
    return [
        TargetSpec(
            "firebase-hosting", "a Firebase Hosting site", _hosting_settings, _target, needs_environment=True
        )
    ]


@hookimpl
def miniprogram_backend_templates() -> list[BackendTemplateSpec]:
    return [
        BackendTemplateSpec(
            "firebase-functions",
            "a function, with or without Firestore",
            ("firestore", "bundled"),
            _template,
        )
    ]


@hookimpl
def miniprogram_commands() -> list[CommandSpec]:
    from miniprogram.backends.cloud.command_rows import command_rows

    return command_rows("firebase", "miniprogram_firebase.backend.commands")


@hookimpl
def miniprogram_capabilities() -> list[Capability]:
    from miniprogram.backends.cloud.command_rows import capability_rows

    return [
        Capability("publish.firebase_hosting", "firebaseHostingPublish", "publish --target firebase-hosting"),
        Capability(
            "publisher_backend.firebase_functions.scaffold",
            "publisherBackendFirebaseFunctionsScaffold",
            "publisher-backend scaffold --template firebase-functions",
        ),
        *capability_rows("firebase", ("firestore", "Firestore")),
    ]


def _template() -> BackendTemplate:
    from miniprogram_firebase.backend.backend_template import FirebaseTemplate

    return FirebaseTemplate()


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
