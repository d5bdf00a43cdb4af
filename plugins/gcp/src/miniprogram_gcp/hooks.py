"""What this distribution adds."""

from __future__ import annotations

from miniprogram.plugins.markers import hookimpl
from miniprogram.plugins.specs import Capability, ProviderSpec, SigningKeySpec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from miniprogram.seams.cloud_provider import CloudProvider, ProviderContext
    from miniprogram.seams.signing_key import SigningKey
    from miniprogram.seams.version_signing import SignerContext
    from miniprogram_gcp.settings import GcpSettings

MINIPROGRAM_HOOK_API = ">=1.0.0 <2.0.0"


@hookimpl
def miniprogram_cloud_providers() -> list[ProviderSpec[GcpSettings]]:
    about = "Google Cloud: Cloud Storage and Cloud Run"
    return [ProviderSpec("gcp", about, _settings, _provider, ("projectId", "serviceName"))]


@hookimpl
def miniprogram_signing_keys() -> list[SigningKeySpec]:
    return [SigningKeySpec("gcpkms", "a key of Cloud KMS", _signing_key)]


def _signing_key(name: str, context: SignerContext) -> SigningKey:
    from miniprogram_gcp.kms_key import KmsSigningKey

    return KmsSigningKey(name, context.environ, "signing")


@hookimpl
def miniprogram_capabilities() -> list[Capability]:
    return [Capability("env.gcp", "gcpEnvironment", "env configure <env-name> --provider gcp")]


def _settings() -> type[GcpSettings]:
    from miniprogram_gcp.settings import GcpSettings

    return GcpSettings


def _provider(settings: GcpSettings, context: ProviderContext) -> CloudProvider:
    if settings.delivery == "self":
        from miniprogram_gcp.provider import GcpProvider

        return GcpProvider(settings, context)
    from miniprogram_gcp.run.provider import CloudRunProvider

    return CloudRunProvider(settings, context)
