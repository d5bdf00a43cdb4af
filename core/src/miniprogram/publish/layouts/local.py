"""The layout of a local backend workspace, below `backend/api/`."""

from __future__ import annotations

from miniprogram.clock import to_iso
from miniprogram.delivery.documents.kinds import LATEST_MANIFEST
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.publish.base_url import assets_url
from miniprogram.publish.layouts.layout import Layout, Pointer, laid_out
from miniprogram.publish.layouts.packaging import packaging_of, stored_files
from miniprogram.publish.layouts.pointers import fixed, member_of
from miniprogram.publish.rendering import render_files
from miniprogram.seams.publish_target import Release
from miniprogram.strict_json import to_pretty_json

KEYS = Keys("local")


def local_layout(release: Release, *, base_url: str | None) -> Layout:
    """`manifests/`, `screens/` and `assets/` as the local server reads them, records in `releases/`."""
    bundle, url = release.bundle, assets_url(base_url, release.bundle.program_id, release.bundle.version)
    rendered = stored_files(release, render_files(bundle, url))
    return Layout(
        program_id=bundle.program_id,
        version=bundle.version,
        digest=bundle.digest,
        assets_url=url,
        keys=KEYS,
        rendered=rendered,
        files=tuple(laid_out(KEYS, bundle.program_id, bundle.version, rendered)),
        record_members={
            "schemaVersion": 1,
            "provider": "local",
            "miniProgramId": bundle.program_id,
            "version": bundle.version,
            "publishedAtUtc": to_iso(release.published_at),
        },
        served=served_version,
        pointers=local_pointers(bundle.program_id, bundle.manifest_file.body),
        encode=to_pretty_json,
        packaging=packaging_of(release, KEYS, rendered),
        published_by=release.published_by or release.account,
        built_with=release.built_with,
        signers=release.signers,
        provenance=release.provenance,
        says_for_whom=release.sealed_for is not None,
        trusts_records=False,
    )


def local_pointers(program_id: str, manifest: bytes) -> tuple[Pointer, ...]:
    """What sends hosts to the version whose manifest this is."""
    return (fixed(KEYS.latest_manifest_key(program_id), LATEST_MANIFEST, manifest),)


def served_version(leading: bytes) -> str | None:
    """The version that the first pointer names, given its bytes."""
    return member_of(leading, "version")
