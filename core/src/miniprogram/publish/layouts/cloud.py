"""The object layout of an environment's store."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from miniprogram.clock import to_iso
from miniprogram.delivery.documents.kinds import ASSET, CATALOG_POINTER, SCREEN
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.publish.base_url import assets_url
from miniprogram.publish.layouts.layout import Layout, Pointer, laid_out
from miniprogram.publish.layouts.packaging import packaging_of, stored_files
from miniprogram.publish.layouts.pointers import member_of, object_in
from miniprogram.publish.rendering import render_files
from miniprogram.seams.publish_target import Release
from miniprogram.strict_json import to_pretty_json


@dataclass(frozen=True, slots=True)
class CloudLocation:
    """Where an environment keeps releases, and how documents name it. URLs have no slash at their end."""

    provider: str
    environment: str
    bucket: str
    region: str
    keys: Keys = field(default_factory=lambda: Keys("cloud"))
    public_base_url: str | None = None
    """A CDN in front of the store."""
    api_base_url: str | None = None
    """The delivery service."""

    def artifacts_root(self, program_id: str, version: str) -> str:
        """What the keys of a version's files start with, without the slash."""
        (folder,) = self.keys.version_folders(program_id, version)
        return folder.rstrip("/")


def cloud_layout(release: Release, where: CloudLocation) -> Layout:
    """`<artifacts>/<id>/<v>/…`, the release record, and the catalogue pointer."""
    bundle = release.bundle
    program_id, version = bundle.program_id, bundle.version
    url = _assets_url(release, where)
    rendered = stored_files(release, render_files(bundle, url))
    stamp = to_iso(release.published_at)
    return Layout(
        program_id=program_id,
        version=version,
        digest=bundle.digest,
        assets_url=url,
        keys=where.keys,
        rendered=rendered,
        files=tuple(laid_out(where.keys, program_id, version, rendered)),
        record_members=_record(release, where, stamp),
        served=lambda body: member_of(body, "latestVersion"),
        pointers=(_catalog(program_id, version, where, stamp),),
        encode=to_pretty_json,
        packaging=packaging_of(release, where.keys, rendered),
        published_by=release.published_by or release.account,
        built_with=release.built_with,
        signers=release.signers,
        provenance=release.provenance,
        says_for_whom=release.sealed_for is not None,
    )


def _assets_url(release: Release, where: CloudLocation) -> str | None:
    """A base URL somebody gave, else the CDN, which costs no function call, else the delivery service."""
    program_id, version = release.bundle.program_id, release.bundle.version
    if release.base_url is not None:
        return assets_url(release.base_url, program_id, version)
    if where.public_base_url is not None:
        return f"{where.public_base_url}/{where.keys.folder(ASSET, program_id, version)}"
    return assets_url(f"{where.api_base_url}/" if where.api_base_url else None, program_id, version)


def _record(release: Release, where: CloudLocation, stamp: str) -> dict[str, Any]:
    bundle = release.bundle
    keys, which = where.keys, (bundle.program_id, bundle.version)
    manifest, screens, assets = keys.manifest_key(*which), keys.folder(SCREEN, *which), keys.folder(ASSET, *which)
    artifacts: dict[str, Any] = {
        "bucket": where.bucket,
        "region": where.region,
        "artifactRootKey": where.artifacts_root(*which),
        "manifestKey": manifest,
        "screensPrefixKey": screens.rstrip("/"),
    }
    if bundle.assets:
        artifacts["assetsPrefixKey"] = assets.rstrip("/")
    if where.public_base_url is not None:
        public = where.public_base_url
        artifacts |= {"manifestUrl": f"{public}/{manifest}", "screensBaseUrl": f"{public}/{screens}"}
        if bundle.assets:
            artifacts["assetsBaseUrl"] = f"{public}/{assets}"
    record = {
        "schemaVersion": 1,
        "provider": where.provider,
        "environment": where.environment,
        "miniProgramId": bundle.program_id,
        "version": bundle.version,
        "publishedAtUtc": stamp,
        "artifacts": artifacts,
    }
    return {**record, "apiBaseUrl": where.api_base_url} if where.api_base_url else record


def _catalog(program_id: str, version: str, where: CloudLocation, stamp: str) -> Pointer:
    def change(current: bytes | None) -> bytes | None:
        """Members of others stay; a disabled program is served again."""
        before = object_in(current)
        named = {"latestVersion": version, "releaseKey": where.keys.release_record_key(program_id, version)}
        if all(before.get(name) == value for name, value in named.items()):
            return None
        ids = {"schemaVersion": 1, "provider": where.provider, "environment": where.environment}
        return to_pretty_json({**before, **ids, "miniProgramId": program_id, "updatedAtUtc": stamp, **named})

    return Pointer(where.keys.catalog_pointer_key(program_id), CATALOG_POINTER, change)
