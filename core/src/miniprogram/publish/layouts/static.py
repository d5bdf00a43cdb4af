"""The layout of a static delivery folder. Its public URL is the API base URL of hosts."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from miniprogram.clock import to_iso
from miniprogram.delivery.documents import kinds
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.packages.manifest import Manifest
from miniprogram.publish.base_url import assets_url
from miniprogram.publish.layouts.discovery import entry_of, with_entry
from miniprogram.publish.layouts.layout import Layout, Pointer, laid_out
from miniprogram.publish.layouts.packaging import packaging_of, stored_files
from miniprogram.publish.layouts.pointers import fixed, member_of
from miniprogram.publish.rendering import render_files
from miniprogram.seams.publish_target import Release
from miniprogram.strict_json import to_pretty_json

if TYPE_CHECKING:
    from jinja2 import Template

KEYS = Keys("static")
INSTRUCTIONS = KEYS.key(kinds.INSTRUCTIONS)
MARKER = KEYS.key(kinds.PAGES_MARKER)
FOLDERS = KEYS.program_top_folders()
"""Folders the contract lets `--clean` remove."""
RECORDS_FOLDER = KEYS.folder(kinds.RELEASE_RECORD)
CATALOGUE_FOLDER = KEYS.folder(kinds.STATIC_CATALOGUE).rstrip("/")


def static_layout(release: Release, *, alone: bool = False) -> Layout:
    """`manifests/`, `screens/`, `assets/`, `metadata/`, the catalogue, instructions for people and `.nojekyll`.

    With `alone` the catalogue lists no other mini-program.
    """
    bundle = release.bundle
    program_id, version = bundle.program_id, bundle.version
    url = assets_url(release.base_url, program_id, version)
    rendered = stored_files(release, render_files(bundle, url))
    stamp = to_iso(release.published_at)
    return Layout(
        program_id=program_id,
        version=version,
        digest=bundle.digest,
        assets_url=url,
        keys=KEYS,
        rendered=rendered,
        files=tuple(laid_out(KEYS, program_id, version, rendered)),
        record_members=_record(program_id, version, stamp, has_assets=bool(bundle.assets)),
        served=served_version,
        pointers=(
            *static_pointers(bundle.manifest, bundle.manifest_file.body, stamp, alone=alone),
            fixed(INSTRUCTIONS, kinds.INSTRUCTIONS, _instructions(program_id, version, release.base_url)),
            fixed(MARKER, kinds.PAGES_MARKER, b""),
        ),
        encode=_document,
        packaging=packaging_of(release, KEYS, rendered),
        published_by=release.published_by,
        built_with=release.built_with,
        signers=release.signers,
        provenance=release.provenance,
        says_for_whom=release.sealed_for is not None,
        trusts_records=False,
    )


def static_pointers(manifest: Manifest, body: bytes, stamp: str, *, alone: bool = False) -> tuple[Pointer, ...]:
    """What sends hosts to the version of `manifest`, whose bytes are `body`. `stamp` is now, ISO 8601 in UTC."""
    return (
        fixed(KEYS.latest_manifest_key(manifest.id), kinds.LATEST_MANIFEST, body),
        _catalog(manifest.id, manifest.version, stamp),
        _discovery(manifest, body, alone=alone),
    )


def served_version(leading: bytes) -> str | None:
    """The version that the first pointer names, given its bytes."""
    return member_of(leading, "version")


def _record(program_id: str, version: str, stamp: str, *, has_assets: bool) -> dict[str, Any]:
    artifacts = {
        "manifestPath": KEYS.manifest_key(program_id, version),
        "latestManifestPath": KEYS.latest_manifest_key(program_id),
        "screensBasePath": KEYS.folder(kinds.SCREEN, program_id, version),
    }
    if has_assets:
        artifacts["assetsBasePath"] = KEYS.folder(kinds.ASSET, program_id, version)
    return {
        "schemaVersion": 1,
        "provider": "static",
        "miniProgramId": program_id,
        "version": version,
        "publishedAtUtc": stamp,
        "artifacts": artifacts,
    }


def _catalog(program_id: str, version: str, stamp: str) -> Pointer:
    def change(current: bytes | None) -> bytes | None:
        if current is not None and member_of(current, "latestVersion") == version:
            return None
        return _document(
            {
                "schemaVersion": 1,
                "provider": "static",
                "miniProgramId": program_id,
                "latestVersion": version,
                "updatedAtUtc": stamp,
                "releasePath": KEYS.release_record_key(program_id, version),
            }
        )

    return Pointer(KEYS.catalog_pointer_key(program_id), kinds.CATALOG_POINTER, change)


def _discovery(manifest: Manifest, authored: bytes, *, alone: bool) -> Pointer:
    def change(current: bytes | None) -> bytes | None:
        body = _document(with_entry(None if alone else current, entry_of(manifest, authored)))
        return None if body == current else body

    return Pointer(KEYS.key(kinds.STATIC_CATALOGUE), kinds.STATIC_CATALOGUE, change)


def _instructions(program_id: str, version: str, base_url: str | None) -> bytes:
    text = _template().render(program_id=program_id, version=version, base_url=base_url)
    return f"{text.rstrip()}\n".encode()


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    source = files(__package__).joinpath("templates", f"{INSTRUCTIONS}.j2").read_text("utf-8")
    environment = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701 - Markdown, not HTML
    return environment.from_string(source)


def _document(value: Any) -> bytes:
    return to_pretty_json(value) + b"\n"
