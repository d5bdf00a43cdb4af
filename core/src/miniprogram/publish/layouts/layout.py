"""A release laid out: every file with its key and headers, and how the pointers change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from miniprogram.delivery.documents.content_types import JSON
from miniprogram.delivery.documents.kinds import DocumentKind, Headers
from miniprogram.delivery.documents.layouts.keys import Keys, bundle_kind
from miniprogram.packages.release_record import (
    BUILT_WITH,
    BUNDLE,
    PUBLISHED_BY,
    ReleaseRecord,
    bundle_member,
    claim_document,
)
from miniprogram.packages.rendered_file import RenderedFile
from miniprogram.publish.layouts.packaging import Packaging, is_of_package
from miniprogram.seams.version_signing import VersionSigner
from miniprogram.strict_json import parse_json, require_object


@dataclass(frozen=True, slots=True)
class LayoutFile:
    """An immutable file. `path` is the bundle's; `filled` when its bytes hold an address."""

    key: str
    kind: DocumentKind
    body: bytes = field(repr=False)
    path: str
    sha256: str
    filled: bool = False

    @property
    def headers(self) -> Headers:
        return self.kind.headers(self.path)


@dataclass(frozen=True, slots=True)
class Pointer:
    """A document that changes from release to release."""

    key: str
    kind: DocumentKind
    change: Callable[[bytes | None], bytes | None]
    """Given the stored bytes (None when there are none), the bytes to store; None to leave it as it is."""

    def check(self, body: bytes) -> None:
        """Raises DocumentError unless `body` can be read as what the pointer is."""
        if self.kind.content_type == JSON:
            require_object(parse_json(body, name=self.key), name=self.key)


@dataclass(frozen=True)
class Layout:
    """A release as a target stores it: `files` (the manifest last), then the record, then `pointers`."""

    program_id: str
    version: str
    digest: str
    assets_url: str | None
    keys: Keys = field(repr=False)
    rendered: tuple[RenderedFile, ...] = field(repr=False)
    files: tuple[LayoutFile, ...] = field(repr=False)
    record_members: Mapping[str, Any]
    """What the contract wants in the release record."""
    served: Callable[[bytes], str | None]
    """The version the first pointer names, given its bytes."""
    pointers: tuple[Pointer, ...]
    """The first is the one hosts read. What it names is the latest."""
    encode: Callable[[Any], bytes]
    """How documents are written."""
    packaging: Packaging | None = None
    """How the version is packed for hosts that load packages; None when it is not."""
    published_by: str | None = None
    """Who published it, as far as whoever can read the record may know."""
    built_with: Mapping[str, str] = field(default_factory=dict)
    """Versions of the distributions that built and publish it, by name."""
    signers: tuple[VersionSigner, ...] = field(default=(), repr=False)
    """What vouches for the version before anything points to it."""
    provenance: Callable[[], bytes] | None = field(default=None, repr=False)
    """Makes the signed statement on how the version was built; None where nothing is said."""
    says_for_whom: bool = False
    """Whether somebody said for whom the version is sealed, or that it is for anybody."""
    trusts_records: bool = True
    """Whether a release record means that its files are there. Not in a folder people tidy up by hand."""

    @property
    def record_key(self) -> str:
        return self.keys.release_record_key(self.program_id, self.version)

    @property
    def owned(self) -> tuple[str, ...]:
        """Prefixes below which there is nothing but files of this version."""
        return self.keys.version_folders(self.program_id, self.version)

    @property
    def is_filled(self) -> bool:
        """Whether any file holds an address."""
        return any(file.filled for file in self.files)

    def others(self, found: Iterable[str]) -> set[str]:
        """Those keys that are no document of this release: no file, record, pointer, or part of its package."""
        named = {file.key for file in self.files} | {pointer.key for pointer in self.pointers} | {self.record_key}
        return {key for key in found if key not in named and not self._is_packed(key)}

    def _is_packed(self, key: str) -> bool:
        return self.packaging is not None and key.startswith(self.owned) and is_of_package(self.keys, key)

    def record_body(self, earlier: ReleaseRecord | None = None) -> bytes:
        """The finished release record; with `earlier` the release keeps when, by whom and with what."""
        if earlier is None:
            named = _made_by(self.published_by, self.built_with)
            return self.encode({**self.record_members, **named, BUNDLE: self._bundle()})
        stamp = {"publishedAtUtc": earlier.published_at} if earlier.published_at else {}
        named = _made_by(earlier.published_by, earlier.built_with)
        return self.encode({**self.record_members, **stamp, **named, BUNDLE: self._bundle()})

    def claim_body(self) -> bytes:
        """The record while the files are being written."""
        return self.encode(claim_document(self.program_id, self.version, self._bundle()))

    def _bundle(self) -> dict[str, Any]:
        return bundle_member(self.digest, self.rendered, self.assets_url)


def _made_by(published_by: str | None, built_with: Mapping[str, str]) -> dict[str, Any]:
    named: dict[str, Any] = {PUBLISHED_BY: published_by} if published_by else {}
    return {**named, BUILT_WITH: dict(sorted(built_with.items()))} if built_with else named


def laid_out(keys: Keys, program_id: str, version: str, files: Iterable[RenderedFile]) -> Iterator[LayoutFile]:
    """`files` with their keys."""
    for file in files:
        kind, _ = bundle_kind(file.path)
        key = keys.bundle_file_key(program_id, version, file.path)
        yield LayoutFile(key, kind, file.body, file.path, file.sha256, file.filled)
