"""What `cloud doctor` looks at in a bucket: it, its region, its versions, and a write as publishing writes."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from miniprogram.delivery.documents import kinds
from miniprogram.provider_kit.checks import looked_at
from miniprogram.seams.checks import Check
from miniprogram_s3.bucket import Bucket
from miniprogram_s3.client import S3Clients
from miniprogram_s3.endpoints import is_aws
from miniprogram_s3.probing import remove
from miniprogram_s3.s3_store import S3ObjectStore
from miniprogram_s3.settings import S3StoreSettings


def store_checks(settings: S3StoreSettings, clients: S3Clients) -> Iterator[Check]:
    """Each on its own, so that one report shows all that is wrong; none raises."""
    bucket = Bucket.of(settings, clients)
    found = looked_at("Bucket", lambda: f"{settings.bucket} in {bucket.require_here()}")
    yield found
    if found.status == "error":
        yield Check("Bucket versions", "skipped", "needs the bucket")
        return
    versions = _versions(settings, bucket)
    yield versions
    if versions.status == "error":
        yield Check("Conditional writes", "skipped", "needs a bucket that keeps versions")
    else:
        yield looked_at("Conditional writes", lambda: _conditions(settings, clients))


def _versions(settings: S3StoreSettings, bucket: Bucket) -> Check:
    label = "Bucket versions"
    if not settings.require_versions:
        return Check(label, "warning", "not asked for: an overwritten document cannot be got back")

    def look() -> str:
        bucket.require_versions()
        return "every overwritten object is kept"

    return looked_at(label, look)


def _conditions(settings: S3StoreSettings, clients: S3Clients) -> Check:
    """Written and removed by the very uploader that publishing takes: certificates and proxies may differ."""
    label = "Conditional writes"
    store = S3ObjectStore.of(settings, clients)
    key = settings.address().keys.key(kinds.WRITE_PROBE, secrets.token_hex(12))
    etag = store.put(key, b"1", if_absent=True)
    store.delete(key, if_match=etag)
    remove(clients.s3, settings.bucket, key)
    where = clients.endpoint_url("s3") or "AWS"
    if settings.single_writer and not is_aws(clients.endpoint_url("s3")):
        return Check(label, "warning", f"single-writer mode: only one person may publish to {where}")
    return Check(label, "ok", f"tried on {where}")
