"""The one place that makes AWS clients: who signs in, where they connect to, how often they try.

What counts, in this order: the environment's settings, the variables of the command's environment, what AWS's
own configuration files say. boto3 is imported when the first client is asked for.
"""

from __future__ import annotations

from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal, overload

from miniprogram_aws.sdk.errors import mapped

if TYPE_CHECKING:
    from collections.abc import Mapping

    import boto3
    from botocore.config import Config
    from botocore.credentials import ReadOnlyCredentials
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sts import STSClient

    from miniprogram.seams.cloud_provider import ProviderContext
    from miniprogram_aws.settings import AwsSettings

MAX_ATTEMPTS = 5
"""Tries of one request, the first included, with growing and random pauses between them."""
CONNECT_TIMEOUT_S = 10
READ_TIMEOUT_S = 60
MAX_CONNECTIONS = 64


class AwsClients:
    """Clients of one environment, made once each. Safe to use from many threads."""

    def __init__(self, settings: AwsSettings, context: ProviderContext) -> None:
        self._settings, self._context = settings, context
        self._made: dict[str, Any] = {}
        self._guard = Lock()

    @property
    def region(self) -> str:
        return self._settings.region

    @cached_property
    def partition(self) -> str:
        """`aws`, `aws-cn`, `aws-us-gov`, …: the second part of every ARN."""
        return self.session.get_partition_for_region(self.region)

    def endpoint_url(self, service: str) -> str | None:
        """Where `service` is, unless at AWS's own address: the setting, else AWS_ENDPOINT_URL(_S3)."""
        environ = self._context.environ
        own = environ.get(f"AWS_ENDPOINT_URL_{service.upper().replace('-', '_')}")
        found = self._settings.endpoint_url or own or environ.get("AWS_ENDPOINT_URL")
        return found.rstrip("/") if found else None

    @overload
    def client(self, service: Literal["s3"]) -> S3Client: ...
    @overload
    def client(self, service: Literal["cloudformation"]) -> CloudFormationClient: ...
    @overload
    def client(self, service: Literal["lambda"]) -> LambdaClient: ...
    @overload
    def client(self, service: Literal["logs"]) -> CloudWatchLogsClient: ...
    @overload
    def client(self, service: Literal["sts"]) -> STSClient: ...
    @overload
    def client(self, service: Literal["iam"]) -> IAMClient: ...
    @overload
    def client(self, service: Literal["dynamodb"]) -> DynamoDBClient: ...
    @overload
    def client(self, service: Literal["service-quotas"]) -> Any: ...

    def client(self, service: Any) -> Any:
        """The client of `service`. What it raises goes through `errors.mapped`."""
        session = self.session  # outside the lock below: it is made under its own name
        with self._guard:
            if service not in self._made:
                with mapped(f"connect to {service}", resource=service, region=self.region):
                    self._made[service] = session.client(
                        service, endpoint_url=self.endpoint_url(service), config=self._config(service)
                    )
            return self._made[service]

    @cached_property
    def session(self) -> boto3.Session:
        """Raises AwsError when the profile does not exist."""
        import boto3
        from botocore.session import Session

        core = Session()
        for name, value in self._files().items():
            core.set_config_variable(name, value)
        with mapped("sign in to AWS", resource="the profile", region=self.region):
            return boto3.Session(botocore_session=core, region_name=self.region, **self._identity())

    def credentials(self) -> ReadOnlyCredentials:
        """The credentials to sign with now; asked for again they may have been refreshed. Raises AwsError."""
        from botocore.exceptions import NoCredentialsError

        with mapped("sign in to AWS", resource="AWS", region=self.region):
            found = self.session.get_credentials()
            if found is None:
                raise NoCredentialsError
            return found.get_frozen_credentials()

    def _identity(self) -> dict[str, str]:
        """An explicit profile goes before keys in the environment, and these before AWS_PROFILE."""
        environ = self._context.environ
        if self._settings.aws_profile:
            return {"profile_name": self._settings.aws_profile}
        if environ.get("AWS_ACCESS_KEY_ID") and environ.get("AWS_SECRET_ACCESS_KEY"):
            return _keys(environ)
        profile = environ.get("AWS_PROFILE")
        return {"profile_name": profile} if profile else {}

    def _files(self) -> dict[str, str]:
        environ, folder = self._context.environ, self._context.home / ".aws"
        return {
            "config_file": environ.get("AWS_CONFIG_FILE") or str(folder / "config"),
            "credentials_file": environ.get("AWS_SHARED_CREDENTIALS_FILE") or str(folder / "credentials"),
        }

    def _config(self, service: str) -> Config:
        from botocore.config import Config

        foreign = self.endpoint_url(service) is not None
        return Config(
            retries={"mode": "standard", "total_max_attempts": MAX_ATTEMPTS},
            connect_timeout=CONNECT_TIMEOUT_S,
            read_timeout=READ_TIMEOUT_S,
            max_pool_connections=MAX_CONNECTIONS,
            user_agent_extra="miniprogram",
            # servers that only speak S3 know neither the newer checksums nor a bucket as part of the host name
            request_checksum_calculation="when_required" if foreign else "when_supported",
            response_checksum_validation="when_required" if foreign else "when_supported",
            s3={"addressing_style": "path" if foreign else "auto"},
        )


def _keys(environ: Mapping[str, str]) -> dict[str, str]:
    keys = {
        "aws_access_key_id": environ["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": environ["AWS_SECRET_ACCESS_KEY"],
    }
    token = environ.get("AWS_SESSION_TOKEN")
    return keys | ({"aws_session_token": token} if token else {})
