"""What this distribution adds."""

from __future__ import annotations

from miniprogram.plugins.markers import hookimpl
from miniprogram.plugins.specs import ProviderSpec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from miniprogram.cloud.provider import CloudProvider, ProviderContext
    from miniprogram_aws.settings import AwsSettings

MINIPROGRAM_HOOK_API = ">=1.0.0 <2.0.0"


@hookimpl
def miniprogram_cloud_providers() -> list[ProviderSpec[AwsSettings]]:
    return [ProviderSpec("aws", "Amazon Web Services: S3, Lambda and an HTTP API", _settings, _provider)]


def _settings() -> type[AwsSettings]:
    from miniprogram_aws.settings import AwsSettings

    return AwsSettings


def _provider(settings: AwsSettings, context: ProviderContext) -> CloudProvider:
    from miniprogram_aws.provider import AwsProvider

    return AwsProvider(settings, context)
