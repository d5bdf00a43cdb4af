"""What `publish --json` says of a Hosting site alone, beside what it says of every target."""

from __future__ import annotations

import shlex
from pathlib import Path

from miniprogram.seams.publish_target import Members, Release
from miniprogram_firebase.hosting.cli_config import NAME
from miniprogram_firebase.hosting.settings import HostingSettings
from miniprogram_firebase.hosting.site import HostingSite


def site_members(
    site: HostingSite, settings: HostingSettings, release: Release, *, deployed: bool, expires_at: str | None
) -> Members:
    """`release` has the address that hosts load from, where it is known. Blank members of `--output` are null."""
    url = release.base_url
    handoff = [
        "miniprogram",
        "partner",
        "package",
        release.bundle.program_id,
        "--public",
        "--api-base-url",
        url or "",
    ]
    return {
        "provider": "firebase",
        "projectId": site.project,
        "siteId": site.site,
        "channel": settings.channel,
        "expiresAtUtc": expires_at,
        "deployed": deployed,
        "cleaned": settings.clean,
        "handoffCommandText": shlex.join(handoff) if url else None,
        "outputPath": None,
        "publicDirectoryName": None,
        "hostingRootPath": None,
        "firebaseJsonPath": None,
        "deployCommand": None,
    }


def folder_members(site: HostingSite, output: Path) -> Members:
    """What is otherwise with `--output`: where the folder lies, and what deploys it by the Firebase CLI."""
    return {
        "outputPath": str(output),
        "publicDirectoryName": output.name,
        "hostingRootPath": str(output.parent),
        "firebaseJsonPath": str(output.parent / NAME),
        "deployCommand": deploy_command(site, output),
    }


def deploy_command(site: HostingSite, output: Path) -> tuple[str, ...]:
    config = str(output.parent / NAME)
    return ("firebase", "deploy", "--only", "hosting", "--project", site.project, "--config", config)
