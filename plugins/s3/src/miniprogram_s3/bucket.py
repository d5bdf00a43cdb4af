"""The bucket itself: does it exist, does it keep versions; made private, versioned and encrypted when asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from miniprogram.errors import StoreError
from miniprogram_s3.client import S3Clients
from miniprogram_s3.endpoints import is_aws
from miniprogram_s3.sdk_failures import code_of, read_failure
from miniprogram_s3.settings import S3StoreSettings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

FIRST_REGION = "us-east-1"
"""The one region that must not be named when a bucket is made."""
UPLOADS_KEPT_DAYS, VERSIONS_KEPT_DAYS = 7, 180

_UNKNOWN = frozenset({"NotImplemented", "MethodNotAllowed", "InvalidRequest", "HTTP 405", "HTTP 501"})
_TAKEN_FOR_THE_BUCKET = frozenset({"BucketAlreadyExists", "BucketAlreadyOwnedByYou"})
"""What servers answer that take a request about a part of a bucket for one about the bucket."""


@dataclass(frozen=True)
class Bucket:
    """A bucket by name, in the region of `clients`."""

    name: str
    clients: S3Clients

    @classmethod
    def of(cls, settings: S3StoreSettings, clients: S3Clients) -> Bucket:
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

        What an own one has already, and stricter, is kept: its encryption unless `kms_key_id` says another, its
        policy, its lifecycle. Without `versions` it is left as it is in that respect.

        Raises StoreError when the name belongs to somebody else, or to a bucket in another region.
        """
        made = self._make()
        yield f"{'Made' if made else 'Found'} the bucket {self.name} in {self.clients.region}"
        done = [self._close()]
        if versions:
            done.append(self._keep_versions())
        done.append(self._encrypt(kms_key_id))
        if made:
            done += [self._refuse_plain_http(), self._clean_up(versions=versions)]
        yield f"It {', '.join(said for said in done if said)}."

    def _close(self) -> str:
        closed = dict.fromkeys(
            ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
        )
        configuration: Any = {"Bucket": self.name, "PublicAccessBlockConfiguration": closed}
        with self._mapped(f"close the bucket {self.name} to the public"):
            known = self._known(lambda: self._s3.put_public_access_block(**configuration))
            closed_now = known and (self._is_on_aws or self._is_closed())
        return "is closed to the public" if closed_now else "is as open as its server makes it"

    def _is_closed(self) -> bool:
        """Whether the server shows what it was told: some answer well to requests they do not know."""
        try:
            found = self._s3.get_public_access_block(Bucket=self.name)
        except Exception as error:
            if code_of(error) in {"NoSuchPublicAccessBlockConfiguration", *_UNKNOWN}:
                return False
            raise
        shown = found.get("PublicAccessBlockConfiguration", {})
        return len(shown) == 4 and all(shown.values())

    def _keep_versions(self) -> str:
        if not self.keeps_versions():
            with self._mapped(f"turn on versions in the bucket {self.name}"):
                enabled: Any = {"Status": "Enabled"}
                self._known(
                    lambda: self._s3.put_bucket_versioning(Bucket=self.name, VersioningConfiguration=enabled)
                )
            if not self._is_on_aws and not self.keeps_versions():
                return "keeps no versions, which its server does not know"
        return "keeps versions"

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

    def _encrypt(self, kms_key_id: str | None) -> str:
        """With the key that was named; without one, whatever encrypts it already goes on."""
        if kms_key_id is None and self._is_encrypted():
            return "encrypts what it stores, as it did"
        by_key = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": kms_key_id}
        default = by_key if kms_key_id else {"SSEAlgorithm": "AES256"}
        rules: Any = [{"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": kms_key_id is not None}]
        configuration: Any = {"Bucket": self.name, "ServerSideEncryptionConfiguration": {"Rules": rules}}
        with self._mapped(f"turn on encryption in the bucket {self.name}"):
            known = self._known(lambda: self._s3.put_bucket_encryption(**configuration))
        if known and (self._is_on_aws or self._is_encrypted()):
            return "encrypts what it stores"
        if kms_key_id is not None:
            raise StoreError(
                f"{self.clients.endpoint_url('s3')} has no encryption with KMS keys",
                hint="Leave out --kms-key-id, and encrypt the disks of the server.",
            )
        return "leaves encryption to its server"

    def _is_encrypted(self) -> bool:
        with self._mapped(f"see how the bucket {self.name} is encrypted"):
            try:
                found = self._s3.get_bucket_encryption(Bucket=self.name)
            except Exception as error:
                if code_of(error) in {"ServerSideEncryptionConfigurationNotFoundError", *_UNKNOWN}:
                    return False
                raise
        return bool(found.get("ServerSideEncryptionConfiguration", {}).get("Rules"))

    def _refuse_plain_http(self) -> str:
        """A policy that lets nobody in without TLS. Not where the server itself is asked without."""
        endpoint = self.clients.endpoint_url("s3")
        if endpoint is not None and not endpoint.startswith("https://"):
            return ""
        arn = f"arn:{self.clients.partition}:s3:::{self.name}"
        statement = {
            "Sid": "OnlyWithTls",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [arn, f"{arn}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        with self._mapped(f"close the bucket {self.name} to requests without TLS"):
            known = self._known(lambda: self._s3.put_bucket_policy(Bucket=self.name, Policy=policy))
        return "refuses requests without TLS" if known else ""

    def _clean_up(self, *, versions: bool) -> str:
        """Halves of uploads go after a week, what was overwritten after half a year."""
        rule: dict[str, Any] = {
            "ID": "clean-up",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": UPLOADS_KEPT_DAYS},
        }
        if versions:
            rule["NoncurrentVersionExpiration"] = {"NoncurrentDays": VERSIONS_KEPT_DAYS}
        configuration: Any = {"Bucket": self.name, "LifecycleConfiguration": {"Rules": [rule]}}
        with self._mapped(f"set what is cleaned up in the bucket {self.name}"):
            known = self._known(lambda: self._s3.put_bucket_lifecycle_configuration(**configuration))
        return f"forgets overwritten documents after {VERSIONS_KEPT_DAYS} days" if known and versions else ""

    def _known(self, call: Callable[[], object]) -> bool:
        """Whether the server knows the operation: of those that only speak S3, some do not."""
        try:
            call()
        except Exception as error:
            if self._is_on_aws or code_of(error) not in _UNKNOWN | _TAKEN_FOR_THE_BUCKET:
                raise
            return False
        return True

    @property
    def _is_on_aws(self) -> bool:
        return is_aws(self.clients.endpoint_url("s3"))

    def _taken(self) -> StoreError:
        return StoreError(
            f"the bucket name {self.name} is taken by somebody else, or hidden from you",
            hint="Bucket names are shared by everybody on AWS: choose another one with --bucket.",
        )

    @property
    def _s3(self) -> S3Client:
        return self.clients.s3

    def _mapped(self, doing: str) -> AbstractContextManager[None]:
        return self.clients.errors.mapped(
            doing, resource=f"the bucket {self.name}", region=self.clients.region, failure=StoreError
        )
