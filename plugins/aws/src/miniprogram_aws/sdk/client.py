"""The clients of AWS's services: signed in and connected as those of S3."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from miniprogram_aws.sdk.errors import AWS_ERRORS, mapped
from miniprogram_s3.client import S3Clients

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sts import STSClient

    from miniprogram.seams.cloud_provider import ProviderContext
    from miniprogram_aws.settings import AwsSettings


OWNER = "ExpectedBucketOwner"


class AwsClients(S3Clients):
    """Clients of one environment, made once each. Safe to use from many threads."""

    errors = AWS_ERRORS

    def __init__(self, settings: AwsSettings, context: ProviderContext) -> None:
        super().__init__(settings, context)
        self._owner = settings.bucket_owner

    def equip(self, service: str, client: Any) -> None:
        """Requests about a bucket name whose it has to be: who takes a name that is free gets nothing of ours."""
        if service == "s3" and self._owner is not None:
            client.meta.events.register("provide-client-params.s3", self._expect_owner)

    @property
    def needs_sdk(self) -> bool:
        return self._owner is not None or super().needs_sdk

    def _expect_owner(self, params: Any, model: Any, **_: Any) -> Any:
        knows_owners = OWNER in model.input_shape.members
        return {**params, OWNER: self._owner} if knows_owners else params

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
    def client(self, service: Literal["cloudfront", "cloudwatch"]) -> Any: ...

    def client(self, service: Any) -> Any:
        """The client of `service`. What it raises goes through `errors.mapped`."""
        return self.made(service)

    def identity(self) -> Any:
        """Who is signed in, as AWS says now. Raises AwsError."""
        with mapped("ask AWS who is signed in", resource="AWS", region=self.region):
            return self.client("sts").get_caller_identity()
