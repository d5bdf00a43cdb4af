"""What this distribution adds."""

from __future__ import annotations

from miniprogram.plugins.markers import hookimpl
from miniprogram.plugins.specs import BackendTemplateSpec, Capability, CommandSpec, ProviderSpec, SigningKeySpec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from miniprogram.seams.backend_template import BackendTemplate
    from miniprogram.seams.cloud_provider import CloudProvider, ProviderContext
    from miniprogram.seams.signing_key import SigningKey
    from miniprogram.seams.version_signing import SignerContext
    from miniprogram_aws.settings import AwsSettings

MINIPROGRAM_HOOK_API = ">=1.0.0 <2.0.0"


@hookimpl
def miniprogram_cloud_providers() -> list[ProviderSpec[AwsSettings]]:
    about = "Amazon Web Services: S3, Lambda and an HTTP API"
    shown = ("awsProfile", "stackName", "stageName", "samS3Bucket")
    return [ProviderSpec("aws", about, _settings, _provider, shown)]


def _settings() -> type[AwsSettings]:
    from miniprogram_aws.settings import AwsSettings

    return AwsSettings


def _provider(settings: AwsSettings, context: ProviderContext) -> CloudProvider:
    from miniprogram_aws.provider import open_provider

    return open_provider(settings, context)


@hookimpl
def miniprogram_backend_templates() -> list[BackendTemplateSpec]:
    return [
        BackendTemplateSpec(
            "aws-lambda", "a function on AWS, with or without a table", ("bundled", "dynamodb"), _template
        )
    ]


def _template() -> BackendTemplate:
    from miniprogram_aws.backend.backend_template import AwsLambdaTemplate

    return AwsLambdaTemplate()


@hookimpl
def miniprogram_commands() -> list[CommandSpec]:
    from miniprogram.backends.cloud.command_rows import command_rows

    return command_rows("aws", "miniprogram_aws.backend.commands")


@hookimpl
def miniprogram_signing_keys() -> list[SigningKeySpec]:
    return [SigningKeySpec("awskms", "a key of AWS KMS", _signing_key)]


def _signing_key(name: str, context: SignerContext) -> SigningKey:
    from miniprogram_aws.kms_key import AwsKmsSigningKey

    return AwsKmsSigningKey(name, context.environ, context.home)


@hookimpl
def miniprogram_capabilities() -> list[Capability]:
    from miniprogram.backends.cloud.command_rows import capability_rows

    # editors know no names for these on AWS
    return capability_rows("aws", ("dynamodb", "DynamoDb"), leaves_out={"deploy", "host-command", "handoff"})
