"""The one place that makes clients: who signs in, where they connect to, whom they trust, how often they try.

What counts, in this order: the environment's settings, the variables of the command's environment, what AWS's
own configuration files say. boto3 is imported when the first client is asked for.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from miniprogram.errors import UsageError
from miniprogram.provider_kit.sdk_errors import SdkErrors
from miniprogram_s3.errors import errors_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import boto3
    from botocore.config import Config
    from botocore.credentials import ReadOnlyCredentials
    from botocore.session import Session as BotocoreSession
    from mypy_boto3_s3 import S3Client

    from miniprogram.seams.cloud_provider import ProviderContext
    from miniprogram_s3.settings import S3StoreSettings

MAX_ATTEMPTS = 5
"""Tries of one request, the first included, with growing and random pauses between them."""
CONNECT_TIMEOUT_S = 10
READ_TIMEOUT_S = 60
MAX_CONNECTIONS = 64


class S3Clients:
    """Clients of one environment, made once each. Safe to use from many threads."""

    errors: ClassVar[SdkErrors] = errors_of("S3")
    """What their errors become."""

    def __init__(self, settings: S3StoreSettings, context: ProviderContext) -> None:
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

    @property
    def s3(self) -> S3Client:
        """The client of S3. What it raises goes through `errors.mapped`."""
        made: S3Client = self.made("s3")
        return made

    def made(self, service: str) -> Any:
        """The client of any service of the SDK."""
        made_by: Any = self.session.client  # outside the lock below: a session is made under its own name
        with self._guard:
            if service not in self._made:
                with self.errors.mapped(f"connect to {service}", resource=service, region=self.region):
                    self._made[service] = made_by(
                        service,
                        endpoint_url=self.endpoint_url(service),
                        config=self._config(service),
                        verify=self.ca_bundle,
                    )
                    self.equip(service, self._made[service])
            return self._made[service]

    def equip(self, service: str, client: Any) -> None:
        """For whoever inherits: what each client of `service` gets before it is used."""

    @property
    def needs_sdk(self) -> bool:
        """Whether requests have something that only clients made here give them."""
        return self.ca_bundle is not None

    @cached_property
    def ca_bundle(self) -> str | None:
        """The file of certificates that servers are checked with; None for those that come with the SDK.

        The setting, else AWS_CA_BUNDLE, else `ca_bundle` of the profile. Raises UsageError when it is not there.
        """
        said = self._settings.ca_bundle or self._context.environ.get("AWS_CA_BUNDLE")
        found = str(said) if said else self._signed_in_core.get_config_variable("ca_bundle")
        if found and not Path(found).is_file():
            raise UsageError(
                f"the file of certificates {found} is not there",
                hint="Correct --ca-bundle, AWS_CA_BUNDLE or `ca_bundle` of the profile.",
            )
        return found or None

    @cached_property
    def session(self) -> boto3.Session:
        """Raises MiniProgramError when the profile does not exist."""
        import boto3

        core = self._core
        with self.errors.mapped("sign in", resource="the profile", region=self.region):
            return boto3.Session(botocore_session=core, region_name=self.region, **self._identity())

    @cached_property
    def _core(self) -> BotocoreSession:
        from botocore.session import Session

        core = Session()
        for name, value in self._files().items():
            core.set_config_variable(name, value)
        return core

    @property
    def _signed_in_core(self) -> BotocoreSession:
        """The same, once it knows whose profile counts."""
        _ = self.session
        return self._core

    def credentials(self) -> ReadOnlyCredentials:
        """The credentials to sign with now; asked for again they may be fresh ones. Raises MiniProgramError."""
        from botocore.exceptions import NoCredentialsError

        with self.errors.mapped("sign in", resource="the sign-in", region=self.region):
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
            s3={"addressing_style": self.addressing_style if foreign else "auto"},
        )

    @property
    def addressing_style(self) -> Literal["path", "virtual"]:
        """How buckets of servers that are not AWS are named."""
        return "path" if self._settings.path_style else "virtual"


def _keys(environ: Mapping[str, str]) -> dict[str, str]:
    keys = {
        "aws_access_key_id": environ["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": environ["AWS_SECRET_ACCESS_KEY"],
    }
    token = environ.get("AWS_SESSION_TOKEN")
    return keys | ({"aws_session_token": token} if token else {})
