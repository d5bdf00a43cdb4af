"""A bucket of Cloud Storage as an object store. Etags are generations."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from threading import Lock
from typing import Literal

from miniprogram.errors import PreconditionFailed, StoreError
from miniprogram.object_keys import check_folder, check_key, check_prefix
from miniprogram.provider_kit.rest_calls import related_parts
from miniprogram.seams.object_store import UNCHANGED, ObjectInfo, StoredObject
from miniprogram_gcp.calls import StorageCalls

ABSENT = "0"
"""The generation of what is not there."""
WRITE_ID = "miniprogram-write"
"""Metadata of every object: which write made it, so that a try that went through unheard is known again."""
PAGE = 1000


class GcsObjectStore:
    """Objects of one bucket. Compare-and-swap is the service's own: it holds for everybody who writes."""

    parallel_writes = 32

    def __init__(self, calls: StorageCalls, *, require_versions: bool = True) -> None:
        self._calls, self._require_versions = calls, require_versions
        self._guard = Lock()
        self._is_there = self._is_fit = False

    @property
    def location(self) -> str:
        return f"gs://{self._calls.bucket}"

    def get(self, key: str) -> StoredObject | None:
        found = self._read(key, {})
        return None if isinstance(found, str) else found

    def get_if_changed(self, key: str, etag: str) -> StoredObject | Literal["unchanged"] | None:
        return self._read(key, {"ifGenerationNotMatch": etag})

    def _read(self, key: str, condition: dict[str, str]) -> StoredObject | Literal["unchanged"] | None:
        path = self._calls.object_path(check_key(key))
        with self._calls.mapped(f"read {self.location}/{key}"):
            answer = self._calls.call("GET", path, params={"alt": "media", **condition}, expect=(304, 404))
            if answer.status_code == 304:
                return UNCHANGED
            if answer.status_code == 404:
                self._require_bucket()
                return None
            return StoredObject(key, answer.content, answer.headers["x-goog-generation"])

    def put(
        self,
        key: str,
        body: bytes,
        *,
        content_type: str | None = None,
        cache_control: str | None = None,
        if_match: str | None = None,
        if_absent: bool = False,
    ) -> str:
        check_key(key)
        self.require_conditions()
        condition = ABSENT if if_absent else if_match
        write_id = secrets.token_hex(12)
        about = {
            "name": key,
            "contentType": content_type or "application/octet-stream",
            "metadata": {WRITE_ID: write_id},
        }
        if cache_control is not None:
            about["cacheControl"] = cache_control
        parts = [("application/json", json.dumps(about).encode()), (str(about["contentType"]), body)]
        headers, content = related_parts(parts, f"miniprogram-{write_id}")
        with self._calls.mapped(f"write {self.location}/{key}"):
            answer = self._calls.call(
                "POST",
                f"/upload{self._calls.bucket_path}/o",
                params={"uploadType": "multipart", **_condition(condition)},
                headers=headers,
                content=content,
                expect=(412,),
            )
            if answer.status_code == 412:
                return self._ours_after_all(key, write_id)
            return str(answer.json()["generation"])

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        check_prefix(prefix)
        with self._calls.mapped(f"list {self.location}/{prefix}"):
            fields = "items(name,size),nextPageToken"
            for page in self._calls.objects(prefix=prefix, fields=fields, maxResults=PAGE):
                for found in page.get("items", []):
                    yield ObjectInfo(found["name"], int(found["size"]))

    def list_names(self, folder: str, *, after: str = "") -> Iterator[str]:
        check_folder(folder)
        start = {"startOffset": folder + after} if after else {}
        with self._calls.mapped(f"list {self.location}/{folder}"):
            fields = "items(name),prefixes,nextPageToken"
            for page in self._calls.objects(prefix=folder, delimiter="/", fields=fields, maxResults=PAGE, **start):
                found = [*(item["name"] for item in page.get("items", [])), *page.get("prefixes", [])]
                # the page starts at `after` itself, and what is below a folder stands for it once more
                yield from sorted(name for name in (key.removeprefix(folder) for key in found) if name > after)

    def delete(self, key: str, *, if_match: str | None = None) -> None:
        path = self._calls.object_path(check_key(key))
        self.require_conditions()
        with self._calls.mapped(f"delete {self.location}/{key}"):
            answer = self._calls.call("DELETE", path, params=_condition(if_match), expect=(404, 412))
            if if_match is not None and not answer.is_success:
                raise self._lost(key)

    def require_conditions(self) -> None:
        """Raises StoreError when the bucket is not there, or not as publishing needs it. Asked once."""
        with self._guard:
            if self._is_fit:
                return
            with self._calls.mapped(f"look at {self.location}"):
                if self._require_versions:
                    self._refuse_forgetful(self._calls.call("GET", self._calls.bucket_path).json())
                self._require_bucket()
            self._is_fit = True

    def _require_bucket(self) -> None:
        """A missing object and a missing bucket have the same status. A listing tells them apart."""
        if not self._is_there:
            self._calls.call("GET", f"{self._calls.bucket_path}/o", params={"maxResults": 1, "fields": "kind"})
            self._is_there = True

    def _refuse_forgetful(self, bucket: dict[str, object]) -> None:
        versioning = bucket.get("versioning")
        if not isinstance(versioning, dict) or versioning.get("enabled") is not True:
            command = f"gcloud storage buckets update {self.location} --versioning"
            raise StoreError(
                f"the bucket {self._calls.bucket} keeps no versions: what is deleted by mistake is gone",
                hint=f"Run `{command}`, or say --no-require-versions.",
            )

    def _ours_after_all(self, key: str, write_id: str) -> str:
        """The generation, when the condition failed only because our own first try had gone through unheard."""
        path, fields = self._calls.object_path(key), "generation,metadata"
        answer = self._calls.call("GET", path, params={"fields": fields}, expect=(404,))
        found = answer.json() if answer.is_success else {}
        if (found.get("metadata") or {}).get(WRITE_ID) != write_id:
            raise self._lost(key)
        return str(found["generation"])

    def _lost(self, key: str) -> PreconditionFailed:
        return PreconditionFailed(f"{self.location}/{key} was changed by somebody else meanwhile")


def _condition(generation: str | None) -> dict[str, str]:
    return {} if generation is None else {"ifGenerationMatch": generation}
