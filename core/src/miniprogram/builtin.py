"""What the core itself adds, through the same hooks as everybody's."""

from __future__ import annotations

from miniprogram.plugins.markers import hookimpl
from miniprogram.plugins.specs import (
    AnyProvider,
    AnyTarget,
    BackendTemplateSpec,
    Capability,
    CommandSpec,
    DoctorCheckSpec,
    ProviderSpec,
    ScreenSourceSpec,
    SigningKeySpec,
    TargetSpec,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from miniprogram.filesystem_provider.settings import FilesystemSettings
    from miniprogram.publish.environment_settings import EnvironmentTargetSettings
    from miniprogram.publish.local_settings import LocalSettings
    from miniprogram.seams.backend_template import BackendTemplate
    from miniprogram.seams.checks import Check, CheckContext
    from miniprogram.seams.cloud_provider import CloudProvider, ProviderContext
    from miniprogram.seams.publish_target import PublishTarget, TargetContext
    from miniprogram.seams.screen_source import ScreenSource, SourceContext
    from miniprogram.seams.signing_key import SigningKey
    from miniprogram.seams.version_signing import SignerContext

MINIPROGRAM_HOOK_API = ">=1.0.0 <2.0.0"


@hookimpl
def miniprogram_commands() -> Sequence[CommandSpec]:
    from miniprogram.cli.command_table import COMMANDS

    return COMMANDS


@hookimpl
def miniprogram_doctor_checks() -> list[DoctorCheckSpec]:
    return [
        DoctorCheckSpec("Python runtime", _check("check_python")),
        DoctorCheckSpec("Screen builder", _check("check_screen_builder")),
        DoctorCheckSpec("Env config", _check("check_env")),
        DoctorCheckSpec("Platform repo", _check("check_repo")),
        DoctorCheckSpec("Backend workspace", _check("check_workspace")),
        DoctorCheckSpec("Backend status", _check("check_backend")),
    ]


@hookimpl
def miniprogram_signing_keys() -> list[SigningKeySpec]:
    return [
        SigningKeySpec("file", "a file in PEM", _file_key),
        SigningKeySpec("cmd", "a program of yours that signs", _command_key),
    ]


def _file_key(path: str, context: SignerContext) -> SigningKey:
    from pathlib import Path

    from miniprogram.provider_kit.file_signing_key import FileSigningKey

    below_home = path.startswith("~/")
    return FileSigningKey(context.home / path[2:] if below_home else context.cwd / Path(path), context.environ)


def _command_key(command: str, context: SignerContext) -> SigningKey:
    from miniprogram.provider_kit.command_signing_key import CommandSigningKey

    return CommandSigningKey(command, cwd=context.cwd, environ=context.environ)


def _check(name: str) -> Callable[[CheckContext], Check]:
    def run(context: CheckContext) -> Check:
        from miniprogram.workflow import builtin_checks

        checked: Check = getattr(builtin_checks, name)(context)
        return checked

    return run


@hookimpl
def miniprogram_capabilities() -> list[Capability]:
    return [
        Capability("partner.package", "partnerPackage", "partner package"),
        Capability("host.endpoint", "hostEndpoint", "host endpoint add"),
        Capability("host.endpoint.import", "hostEndpointImport", "host endpoint import"),
        Capability("host.endpoint.list", "hostEndpointList", "host endpoint list"),
        Capability("host.endpoint.remove", "hostEndpointRemove", "host endpoint remove"),
        Capability("embed.cloud", "embedCloudConfigure", "embed cloud configure"),
        Capability("release", "releases", "release create"),
        Capability("release.why", "releaseWhy", "release why"),
        Capability("release.simulate", "releaseSimulate", "release simulate"),
        Capability("segment", "segments", "segment create"),
        Capability("switch", "switches", "switch set"),
        Capability("audit.verify", "auditVerify", "audit verify"),
        Capability("qr", "qrLinks", "qr"),
    ]


@hookimpl
def miniprogram_backend_templates() -> list[BackendTemplateSpec]:
    return [BackendTemplateSpec("mock", "runs on this machine, for development", ("bundled",), _mock_template)]


def _mock_template() -> BackendTemplate:
    from miniprogram.backends.mock.template import MockTemplate

    return MockTemplate()


@hookimpl
def miniprogram_screen_sources() -> list[ScreenSourceSpec]:
    return [
        ScreenSourceSpec(
            ".py", "Python functions, with the typed constructors of miniprogram.stac", _python_screens
        ),
        ScreenSourceSpec(".json", "Stac JSON documents", _json_screens),
        ScreenSourceSpec(".yaml", "Stac documents as YAML", _yaml_screens),
        ScreenSourceSpec(".yml", "Stac documents as YAML", _yaml_screens),
        ScreenSourceSpec(".dart", "Dart functions, built by the Stac command line", _dart_screens, anywhere=True),
    ]


def _python_screens(context: SourceContext) -> ScreenSource:
    from miniprogram.project.sources.python_screens import PythonScreens

    return PythonScreens(context)


def _json_screens(context: SourceContext) -> ScreenSource:
    from miniprogram.project.sources.json_screens import JsonScreens

    return JsonScreens(context)


def _yaml_screens(context: SourceContext) -> ScreenSource:
    from miniprogram.project.sources.yaml_screens import YamlScreens

    return YamlScreens(context)


def _dart_screens(context: SourceContext) -> ScreenSource:
    from miniprogram.project.sources.dart_screens import DartScreens

    return DartScreens(context)


@hookimpl
def miniprogram_cloud_providers() -> list[AnyProvider]:
    return [
        ProviderSpec(
            "filesystem", "a folder and a server on this machine", _filesystem_settings, _filesystem_provider
        )
    ]


def _filesystem_settings() -> type[FilesystemSettings]:
    from miniprogram.filesystem_provider.settings import FilesystemSettings

    return FilesystemSettings


def _filesystem_provider(settings: FilesystemSettings, context: ProviderContext) -> CloudProvider:
    from miniprogram.filesystem_provider.provider import FilesystemProvider

    return FilesystemProvider(settings, context)


@hookimpl
def miniprogram_publish_targets() -> list[AnyTarget]:
    return [
        TargetSpec("local", "the backend workspace on this machine", _local_settings, _local_target),
        TargetSpec(
            "cloud", "the store of a named environment", _cloud_settings, _cloud_target, needs_environment=True
        ),
    ]


def _local_settings() -> type[LocalSettings]:
    from miniprogram.publish.local_settings import LocalSettings

    return LocalSettings


def _local_target(settings: LocalSettings, context: TargetContext) -> PublishTarget:
    from miniprogram.publish.local_target import LocalTarget

    return LocalTarget.open(settings, context)


def _cloud_settings() -> type[EnvironmentTargetSettings]:
    from miniprogram.publish.environment_settings import EnvironmentTargetSettings

    return EnvironmentTargetSettings


def _cloud_target(settings: EnvironmentTargetSettings, context: TargetContext) -> PublishTarget:
    del settings
    from miniprogram.publish.environment_target import EnvironmentTarget

    return EnvironmentTarget(context.open_environment())
