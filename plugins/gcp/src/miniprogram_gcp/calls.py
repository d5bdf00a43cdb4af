"""Calls of the JSON API of Cloud Storage, and what its refusals mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import quote

import httpx

from miniprogram.errors import MiniProgramError, StoreError
from miniprogram.provider_kit.redaction import Redaction
from miniprogram.provider_kit.sdk_errors import SdkErrors, after_tries, when
from miniprogram_gcp.credentials import SIGN_IN
from miniprogram_gcp.google_calls import GoogleCalls, read_failure
from miniprogram_gcp.settings import GcpSettings

SERVICE = "https://storage.googleapis.com"
SCOPE = "https://www.googleapis.com/auth/devstorage.full_control"

ERRORS = SdkErrors(
    read=read_failure,
    rules=(
        when((), "the sign-in to Google is not accepted", SIGN_IN, statuses=(401,)),
        when(
            {"userProjectMissing", "UserProjectMissing"},
            "{resource} lets whoever asks pay",
            "Say --project-id with `env configure`.",
        ),
        when(
            (),
            "this account has no access to {resource}",
            "It needs the role roles/storage.objectUser there, and roles/storage.bucketViewer for `cloud doctor`.",
            statuses=(403,),
        ),
        when(
            (),
            "{resource} does not exist",
            "Correct --bucket, or make it with `env configure … --create-bucket`.",
            statuses=(404,),
        ),
        *after_tries("Cloud Storage", unreachable={"Unreachable"}),
    ),
    redact=Redaction(("<account>", r"\S+@\S+"), ("<id>", r"\b\d{10,}\b")),
    default=StoreError,
)


class StorageCalls(GoogleCalls):
    """Requests about one bucket."""

    def __init__(self, settings: GcpSettings, environ: Mapping[str, str], **options: Any) -> None:
        """`options` are those of GoogleCalls."""
        emulator = environ.get("STORAGE_EMULATOR_HOST", "").strip()
        if emulator and "//" not in emulator:
            emulator = f"http://{emulator}"
        own = settings.endpoint_url or emulator or None
        self.base_url = own or SERVICE
        super().__init__(self.base_url, environ, signed=own is None, scopes=(SCOPE,), **options)
        self._paying = {"userProject": settings.project_id} if settings.project_id and not own else {}
        self.bucket, self.project_id = settings.bucket, settings.project_id

    @property
    def bucket_path(self) -> str:
        return f"/storage/v1/b/{quote(self.bucket, safe='')}"

    def object_path(self, key: str) -> str:
        return f"{self.bucket_path}/o/{quote(key, safe='')}"

    def call(
        self, method: str, path: str, *, params: Mapping[str, Any] | None = None, **options: Any
    ) -> httpx.Response:
        """As GoogleCalls does it, at the expense of the project."""
        return super().call(method, path, params={**self._paying, **(params or {})}, **options)

    def objects(self, **params: Any) -> Iterator[dict[str, Any]]:
        """The pages of a listing of objects."""
        return self.pages(f"{self.bucket_path}/o", **params)

    def mapped(self, doing: str, *, failure: type[MiniProgramError] = StoreError) -> AbstractContextManager[None]:
        """Turns what calls raise inside into our errors. `doing` completes "cannot …"."""
        return ERRORS.mapped(doing, resource=f"the bucket {self.bucket}", failure=failure)
