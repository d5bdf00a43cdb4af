"""The release record: what a target wrote of a version, so that it never changes afterwards.

The contract's document gets one more member, `bundle`: the digest and the sha256 and size of every file, by bundle
path. Two publishes are the same release when their digests are equal, whatever the addresses in their screens.

While a version is being written its record is a claim: `unfinished` is true and `artifacts` is missing, so nothing
takes it for a release.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from miniprogram.delivery.documents.layouts.keys import is_bundle_path
from miniprogram.errors import DocumentError
from miniprogram.packages.rendered_file import RenderedFile
from miniprogram.strict_json import parse_json, require_object

BUNDLE = "bundle"
UNFINISHED = "unfinished"
PUBLISHED_BY = "publishedBy"
BUILT_WITH = "builtWith"


@dataclass(frozen=True, slots=True)
class ReleaseRecord:
    """A record as read. `digest` is None when another tool wrote it; `plain` are files stored as authored."""

    document: Mapping[str, Any] = field(repr=False)
    digest: str | None = None
    assets_url: str | None = None
    finished: bool = True
    plain: Mapping[str, str] = field(default_factory=dict)
    """sha256 by bundle path of the files whose stored bytes are the bundle's."""
    files: Mapping[str, str] = field(default_factory=dict)
    """sha256 in the bundle of every file, by bundle path."""

    @property
    def published_at(self) -> str | None:
        """ISO 8601 in UTC; None of a claim."""
        return _text(self.document.get("publishedAtUtc"))

    @property
    def published_by(self) -> str | None:
        """What whoever published is called; None when nobody said."""
        return _text(self.document.get(PUBLISHED_BY))

    @property
    def built_with(self) -> Mapping[str, str]:
        """Versions of the distributions that built and published it, by name; empty where nobody said."""
        found = self.document.get(BUILT_WITH)
        versions = found.items() if isinstance(found, dict) else ()
        return {name: version for name, version in versions if isinstance(version, str)}

    @property
    def manifest_key(self) -> str | None:
        """Where the manifest lies once the version is published whole; None of a claim."""
        artifacts = self.document.get("artifacts")
        found = _text(artifacts.get("manifestKey")) if isinstance(artifacts, dict) else None
        return found if self.finished and found else None


def read_record(body: bytes) -> ReleaseRecord | None:
    """The record in `body`; None when it is unreadable. Members of the wrong type count as missing."""
    try:
        document = require_object(parse_json(body, name="the release record"), name="the release record")
    except DocumentError:
        return None
    bundle = document.get(BUNDLE)
    members = bundle if isinstance(bundle, dict) else {}
    return ReleaseRecord(
        document=document,
        digest=_text(members.get("digest")),
        assets_url=_text(members.get("assetsUrl")),
        finished=document.get(UNFINISHED) is not True,
        plain=_files(members.get("files"), filled=False),
        files=_files(members.get("files"), filled=True),
    )


def bundle_member(digest: str, files: Iterable[RenderedFile], assets_url: str | None) -> dict[str, Any]:
    """The `bundle` member of a record. `assetsUrl` is there when a screen was filled with it."""
    listed = sorted(files, key=lambda file: file.path)
    member: dict[str, Any] = {"digest": digest}
    if any(file.filled for file in listed):
        member["assetsUrl"] = assets_url
    member["files"] = {file.path: _listing(file) for file in listed}
    return member


def claim_document(program_id: str, version: str, bundle: Mapping[str, Any]) -> dict[str, Any]:
    """The record of a version that is being written."""
    ids = {"schemaVersion": 1, "miniProgramId": program_id, "version": version}
    return {**ids, UNFINISHED: True, BUNDLE: bundle}


def _listing(file: RenderedFile) -> dict[str, Any]:
    listing: dict[str, Any] = {"sha256": file.sha256, "size": file.size}
    return {**listing, "filled": True} if file.filled else listing


def _files(files: Any, *, filled: bool) -> dict[str, str]:
    """sha256 by path of a record's files, those that hold an address only with `filled`.

    What lies nowhere in a bundle is of another tool, or a newer one: nothing is known about it here.
    """
    listed = files.items() if isinstance(files, dict) else ()
    entries = {path: entry for path, entry in listed if isinstance(entry, dict) and is_bundle_path(path)}
    return {
        path: entry["sha256"]
        for path, entry in entries.items()
        if isinstance(entry.get("sha256"), str) and (filled or not entry.get("filled"))
    }


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
