"""What this distribution adds."""

from __future__ import annotations

from miniprogram.plugins.markers import hookimpl
from miniprogram.plugins.specs import ProviderSpec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from miniprogram.seams.cloud_provider import CloudProvider, ProviderContext
    from miniprogram_s3.settings import S3Settings

MINIPROGRAM_HOOK_API = ">=1.0.0 <2.0.0"


@hookimpl
def miniprogram_cloud_providers() -> list[ProviderSpec[S3Settings]]:
    return [
        ProviderSpec("s3", "any server that speaks S3, and a delivery server of yours", _settings, _provider),
        ProviderSpec("custom-s3-compatible", "s3, by the name that other tools have for it", _settings, _provider),
    ]


def _settings() -> type[S3Settings]:
    from miniprogram_s3.settings import S3Settings

    return S3Settings


def _provider(settings: S3Settings, context: ProviderContext) -> CloudProvider:
    from miniprogram_s3.provider import S3Provider

    return S3Provider(settings, context)
