"""The object layout of an environment's store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from miniprogram.clock import to_iso
from miniprogram.publish.base_url import assets_url
from miniprogram.publish.layouts.folder_keys import place
from miniprogram.publish.layouts.layout import Layout, Pointer
from miniprogram.publish.layouts.pointers import member_of, object_in
from miniprogram.publish.rendering import render_files
from miniprogram.seams.publish_target import Release
from miniprogram.strict_json import to_pretty_json


@dataclass(frozen=True, slots=True)
class CloudPlace:
    """Where an environment keeps releases. Prefixes have no slash at either end, URLs none at their end."""

    provider: str
    environment: str
    bucket: str
    region: str
    artifacts_prefix: str = "artifacts"
    metadata_prefix: str = "metadata"
    public_base_url: str | None = None
    """A CDN in front of the store."""
    api_base_url: str | None = None
    """The delivery service."""

    def file(self, program_id: str, version: str, path: str) -> str:
        return f"{self.artifacts(program_id, version)}/{path}"

    def record(self, program_id: str, version: str) -> str:
        return f"{self.metadata_prefix}/releases/{program_id}/{version}.json"

    def owned(self, program_id: str, version: str) -> tuple[str, ...]:
        return (f"{self.artifacts(program_id, version)}/",)

    def artifacts(self, program_id: str, version: str) -> str:
        return f"{self.artifacts_prefix}/{program_id}/{version}"

    def catalog(self, program_id: str) -> str:
        return f"{self.metadata_prefix}/catalog/{program_id}.json"


def cloud_layout(release: Release, where: CloudPlace) -> Layout:
    """`<artifacts>/<id>/<v>/…`, the release record, and the catalogue pointer."""
    bundle = release.bundle
    program_id, version = bundle.program_id, bundle.version
    url = _assets_url(release, where)
    rendered = tuple(render_files(bundle, url))
    moment = to_iso(release.published_at)
    return Layout(
        program_id=program_id,
        version=version,
        digest=bundle.digest,
        assets_url=url,
        keys=where,
        rendered=rendered,
        files=tuple(place(where, program_id, version, rendered)),
        record_members=_record(release, where, moment),
        served=lambda body: member_of(body, "latestVersion"),
        pointers=(_catalog(program_id, version, where, moment),),
        encode=to_pretty_json,
    )


def _assets_url(release: Release, where: CloudPlace) -> str | None:
    """A base URL somebody gave, else the CDN, which costs no function call, else the delivery service."""
    program_id, version = release.bundle.program_id, release.bundle.version
    if release.base_url is not None:
        return assets_url(release.base_url, program_id, version)
    if where.public_base_url is not None:
        return f"{where.public_base_url}/{where.artifacts(program_id, version)}/assets/"
    return assets_url(f"{where.api_base_url}/" if where.api_base_url else None, program_id, version)


def _record(release: Release, where: CloudPlace, moment: str) -> dict[str, Any]:
    bundle = release.bundle
    root = where.artifacts(bundle.program_id, bundle.version)
    artifacts: dict[str, Any] = {
        "bucket": where.bucket,
        "region": where.region,
        "artifactRootKey": root,
        "manifestKey": f"{root}/manifest.json",
        "screensPrefixKey": f"{root}/screens",
    }
    if bundle.assets:
        artifacts["assetsPrefixKey"] = f"{root}/assets"
    if where.public_base_url is not None:
        public = f"{where.public_base_url}/{root}"
        artifacts |= {"manifestUrl": f"{public}/manifest.json", "screensBaseUrl": f"{public}/screens/"}
        if bundle.assets:
            artifacts["assetsBaseUrl"] = f"{public}/assets/"
    record = {
        "schemaVersion": 1,
        "provider": where.provider,
        "environment": where.environment,
        "miniProgramId": bundle.program_id,
        "version": bundle.version,
        "publishedAtUtc": moment,
        "artifacts": artifacts,
    }
    return {**record, "apiBaseUrl": where.api_base_url} if where.api_base_url else record


def _catalog(program_id: str, version: str, where: CloudPlace, moment: str) -> Pointer:
    def change(current: bytes | None) -> bytes | None:
        """Members of others stay; a disabled program is served again."""
        before = object_in(current)
        named = {"latestVersion": version, "releaseKey": where.record(program_id, version)}
        if all(before.get(name) == value for name, value in named.items()):
            return None
        ids = {"schemaVersion": 1, "provider": where.provider, "environment": where.environment}
        return to_pretty_json({**before, **ids, "miniProgramId": program_id, "updatedAtUtc": moment, **named})

    return Pointer(where.catalog(program_id), change)
