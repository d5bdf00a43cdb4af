"""The bucket as the delivery function reads it: the JSON API of Cloud Storage. Etags are generations."""

from __future__ import annotations

from collections.abc import Mapping

from miniprogram.delivery.documents.remote_source import Fetched
from miniprogram.delivery.evaluation.errors import SourceUnavailable, TooLarge
from miniprogram_gcp.function.google_http import AccountToken, Answer, GoogleHttp

SERVICE = "https://storage.googleapis.com"
MAX_OBJECT_BYTES = 30 * 1024 * 1024
"""An answer of Cloud Run has room for 32 MiB."""
MAX_PAGE_BYTES = 16 * 1024 * 1024
PAGE = 1000


class GcsObjects:
    """Implements RemoteObjects over the bucket `bucket`."""

    def __init__(self, http: GoogleHttp, bucket: str) -> None:
        self._http, self._name = http, bucket
        self._is_there = False

    def fetch(self, key: str, *, known: str | None, max_bytes: int) -> Fetched | None:
        condition = {"ifGenerationNotMatch": known} if known and known.isdecimal() else {}
        path = self._path(key, {"alt": "media", **condition})
        found = self._get(path, max_bytes, f"storage.objects.get of {key}", (200, 304, 404))
        if found.status == 404:
            self.require_bucket()
            return None
        if found.status == 304 and known is not None:
            return Fetched(known, None)
        generation = found.headers.get("x-goog-generation", "")
        if generation == known:
            return Fetched(generation, None)
        if found.is_cut:
            raise TooLarge(key, max_bytes)
        return Fetched(generation, found.body)

    def names(self, folder: str) -> list[str]:
        import json

        names: list[str] = []
        token = ""
        while True:
            asked = {"prefix": folder, "delimiter": "/", "maxResults": str(PAGE)}
            asked |= {"fields": "items(name),prefixes,nextPageToken"} | ({"pageToken": token} if token else {})
            found = self._get(self._path("", asked), MAX_PAGE_BYTES, f"storage.objects.list of {folder}", (200,))
            page = json.loads(found.body)
            names += [item["name"] for item in page.get("items", ())]
            names += page.get("prefixes", ())
            token = page.get("nextPageToken", "")
            if not token:
                return names

    def close(self) -> None:
        """Close the connections that nobody uses now."""
        self._http.close()

    def require_bucket(self) -> None:
        """Raises SourceUnavailable unless the bucket is there: what is missing in none has the same status."""
        if not self._is_there:
            path = self._path("", {"maxResults": "1", "fields": "kind"})
            self._get(path, MAX_PAGE_BYTES, "storage.objects.list", (200,))
            self._is_there = True

    def _path(self, key: str, asked: Mapping[str, str]) -> str:
        """The address of an object; of their listing for an empty key."""
        # deferred, as all that takes long: the first answer is to be there soon
        from urllib.parse import quote, urlencode

        below = f"/{quote(key, safe='')}" if key else ""
        return f"/storage/v1/b/{quote(self._name, safe='')}/o{below}?{urlencode(asked)}"

    def _get(self, path: str, max_bytes: int, operation: str, expected: tuple[int, ...]) -> Answer:
        try:
            found = self._http.get(path, max_bytes)
        except OSError as error:
            raise SourceUnavailable(f"{operation}: {error}") from None
        if found.status not in expected:
            raise SourceUnavailable(f"{operation}: HTTP {found.status}")
        return found


def open_storage(environ: Mapping[str, str]) -> GoogleHttp:
    """Cloud Storage as this instance's account; as nobody at the emulator that STORAGE_EMULATOR_HOST names."""
    emulator = environ.get("STORAGE_EMULATOR_HOST", "").strip()
    if not emulator:
        return GoogleHttp(SERVICE, AccountToken(environ))
    return GoogleHttp(emulator if "//" in emulator else f"http://{emulator}", None)
