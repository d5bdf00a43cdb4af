"""The bucket itself: made as publishing needs it, and looked at by `cloud doctor`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from miniprogram.errors import MiniProgramError, UsageError
from miniprogram.provider_kit.checks import looked_at
from miniprogram.seams.checks import Check
from miniprogram.seams.object_store import ObjectStore
from miniprogram_gcp.calls import StorageCalls
from miniprogram_gcp.settings import GcpSettings


def create_bucket(calls: StorageCalls, settings: GcpSettings) -> Iterator[str]:
    """Make the bucket unless it is there; it is left as it is then. Says what was done."""
    if settings.project_id is None:
        raise UsageError("--create-bucket needs --project-id: a bucket belongs to a project")
    wanted = {
        "name": calls.bucket,
        "location": settings.region.upper(),
        "versioning": {"enabled": True},
        "iamConfiguration": {
            "uniformBucketLevelAccess": {"enabled": True},
            "publicAccessPrevention": "enforced",
        },
    }
    with calls.mapped(f"make the bucket {calls.bucket}", failure=MiniProgramError):
        answer = calls.call(
            "POST", "/storage/v1/b", params={"project": settings.project_id}, json=wanted, expect=(409,)
        )
        if answer.status_code != 409:
            yield f"Made the bucket {calls.bucket} in {settings.region}: private, and it keeps versions."
            return
        calls.call("GET", calls.bucket_path)  # 409 also means that it is somebody else's
    yield f"The bucket {calls.bucket} is there already; it was left as it is."


def bucket_owner(calls: StorageCalls) -> str:
    """The number of the project that the bucket belongs to; blank where it belongs to none, as in an emulator."""
    with calls.mapped(f"look at the bucket {calls.bucket}", failure=MiniProgramError):
        found = calls.call("GET", calls.bucket_path, params={"fields": "projectNumber"}).json()
    return str(found.get("projectNumber") or "")


def bucket_checks(calls: StorageCalls, settings: GcpSettings, store: ObjectStore) -> Iterator[Check]:
    """Whether objects can be listed, and whether the bucket is private and keeps versions."""

    def listed() -> str:
        next(iter(store.list_names("")), None)
        return f"gs://{calls.bucket} can be listed"

    reachable = looked_at("Bucket", listed)
    yield reachable
    if reachable.status != "ok":
        return
    yield looked_at("Bucket settings", lambda: _settings_check(calls, settings), otherwise="skipped")


def _settings_check(calls: StorageCalls, settings: GcpSettings) -> Check:
    with calls.mapped(f"look at the bucket {calls.bucket}", failure=MiniProgramError):
        bucket: dict[str, Any] = calls.call("GET", calls.bucket_path).json()
    wrong = []
    if not (bucket.get("versioning") or {}).get("enabled"):
        wrong.append("it keeps no versions")
    access = bucket.get("iamConfiguration") or {}
    if access.get("publicAccessPrevention") != "enforced":
        wrong.append("it could be made public")
    if str(bucket.get("location", "")).lower() not in ("", settings.region):
        wrong.append(f"it is in {str(bucket['location']).lower()}, not in {settings.region}")
    if not wrong:
        return Check("Bucket settings", "ok", "private, and it keeps versions")
    return Check("Bucket settings", "warning", "; ".join(wrong))
