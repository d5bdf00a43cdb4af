"""The bucket itself: does it exist, does it keep versions; made private, versioned and encrypted when asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from miniprogram.errors import StoreError
from miniprogram_aws.sdk.client import AwsClients
from miniprogram_aws.sdk.emulator import is_aws
from miniprogram_aws.sdk.errors import mapped
from miniprogram_aws.sdk.sdk_errors import code_of, read_failure
from miniprogram_aws.settings import AwsSettings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

FIRST_REGION = "us-east-1"
"""The one region that must not be named when a bucket is made."""


@dataclass(frozen=True)
class Bucket:
    """A bucket by name, in the region of `clients`."""

    name: str
    clients: AwsClients

    @classmethod
    def of(cls, settings: AwsSettings, clients: AwsClients) -> Bucket:
        return cls(settings.bucket, clients)

    def require_here(self) -> str:
        """Its region. Raises StoreError when it does not exist, may not be seen or is in another region."""
        with self._mapped(f"find the bucket {self.name}"):
            head = self._s3.head_bucket(Bucket=self.name)
        where = head.get("BucketRegion") or self.clients.region
        if where != self.clients.region:
            raise StoreError(
                f"the bucket {self.name} is in {where}, not in {self.clients.region}",
                hint=f"Change the environment with --region {where}.",
            )
        return where

    def require_versions(self) -> None:
        """Raises StoreError unless every overwritten object can be got back."""
        if not self.keeps_versions():
            raise StoreError(
                f"the bucket {self.name} does not keep versions, so an overwritten document could not be got back",
                hint="Turn versions on: `miniprogram env configure NAME --create-bucket` does it, also for "
                "a bucket that is there. A server that has none can be used with --no-require-versions.",
            )

    def keeps_versions(self) -> bool:
        with self._mapped(f"see whether the bucket {self.name} keeps versions"):
            return self._s3.get_bucket_versioning(Bucket=self.name).get("Status") == "Enabled"

    def create(self, *, kms_key_id: str | None, versions: bool = True) -> Iterator[str]:
        """Make it, or make an own one right: closed to the public, versioned, encrypted. Says what was done.

        Without `versions` it is left as it is in that respect.

        Raises StoreError when the name belongs to somebody else, or to a bucket in another region.
        """
        made = self._make()
        yield f"{'Made' if made else 'Found'} the bucket {self.name} in {self.clients.region}"
        with self._mapped(f"close the bucket {self.name} to the public"):
            self._s3.put_public_access_block(
                Bucket=self.name,
                PublicAccessBlockConfiguration={
                    "BlockPublicAcls": True,
                    "IgnorePublicAcls": True,
                    "BlockPublicPolicy": True,
                    "RestrictPublicBuckets": True,
                },
            )
        if versions:
            with self._mapped(f"turn on versions in the bucket {self.name}"):
                self._s3.put_bucket_versioning(Bucket=self.name, VersioningConfiguration={"Status": "Enabled"})
        self._encrypt(kms_key_id)
        versioned = "keeps versions and " if versions else ""
        yield f"It is closed to the public, {versioned}encrypts what it stores."

    def _make(self) -> bool:
        """False when it was there and is ours."""
        if self._is_ours():
            return False
        with self._mapped(f"make the bucket {self.name}"):
            try:
                self._create_in_region()
            except Exception as error:
                if code_of(error) == "BucketAlreadyOwnedByYou":
                    return False
                if code_of(error) in {"BucketAlreadyExists", "OperationAborted"}:
                    raise self._taken() from None
                raise
            self._s3.get_waiter("bucket_exists").wait(Bucket=self.name)
        return True

    def _create_in_region(self) -> None:
        if self.clients.region == FIRST_REGION:
            self._s3.create_bucket(Bucket=self.name)
            return
        region: Any = {"LocationConstraint": self.clients.region}
        try:
            self._s3.create_bucket(Bucket=self.name, CreateBucketConfiguration=region)
        except Exception as error:
            if is_aws(self.clients.endpoint_url("s3")) or code_of(error) != "InvalidLocationConstraint":
                raise
            self._s3.create_bucket(Bucket=self.name)  # other servers know no regions of AWS

    def _is_ours(self) -> bool:
        with self._mapped(f"look for the bucket {self.name}"):
            try:
                self._s3.head_bucket(Bucket=self.name)
            except Exception as error:
                found = read_failure(error)
                if found is not None and found.status == 403:
                    raise self._taken() from None
                if found is not None and found.status == 404:
                    return False
                raise
        return True

    def _encrypt(self, kms_key_id: str | None) -> None:
        by_key = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": kms_key_id}
        default = by_key if kms_key_id else {"SSEAlgorithm": "AES256"}
        rules: Any = [{"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": kms_key_id is not None}]
        with self._mapped(f"turn on encryption in the bucket {self.name}"):
            self._s3.put_bucket_encryption(Bucket=self.name, ServerSideEncryptionConfiguration={"Rules": rules})

    def _taken(self) -> StoreError:
        return StoreError(
            f"the bucket name {self.name} is taken by somebody else, or hidden from you",
            hint="Bucket names are shared by everybody on AWS: choose another one with --bucket.",
        )

    @property
    def _s3(self) -> S3Client:
        return self.clients.client("s3")

    def _mapped(self, doing: str) -> AbstractContextManager[None]:
        return mapped(doing, resource=f"the bucket {self.name}", region=self.clients.region, failure=StoreError)
