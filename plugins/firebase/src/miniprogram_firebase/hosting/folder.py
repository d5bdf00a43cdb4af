"""`--output`: the site's mini-programs in a folder as well, as the Firebase CLI deploys one."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from miniprogram.publish.folder.target import FolderTarget
from miniprogram.seams.publish_target import Members, PublishPlan, PublishReceipt, Release
from miniprogram.seams.version_keeping import StoredVersion
from miniprogram_firebase.hosting.cli_config import NAME, check_config, write_config
from miniprogram_firebase.hosting.members import deploy_command, folder_members
from miniprogram_firebase.hosting.settings import HostingSettings
from miniprogram_firebase.hosting.site import LIVE, Channel, HostingSite
from miniprogram_firebase.hosting.target import HostingTarget


class SiteAndFolder(HostingTarget):
    """Publishes to the site, then into a folder with a `firebase.json` beside it. A plan writes the folder alone.

    So `--dry-run` prepares what the Firebase CLI is to deploy, and asks nobody.
    """

    def __init__(
        self, site: HostingSite, settings: HostingSettings, output: Path, *, program_root: Path, **options: Any
    ) -> None:
        """Raises PublishError when publishing into `output` would touch the sources in `program_root`."""
        super().__init__(site, settings, **options)
        self._output, self._config = output, output.parent / NAME
        self._site_name = site.site if site.site != site.project else None
        self._folder = FolderTarget(output, clean=settings.clean, program_root=program_root)
        self._served_before: StoredVersion | None = None

    def plan(self, release: Release) -> PublishPlan:
        known = {file.path: file.sha256 for file in release.bundle.files}
        self._served_before = self._folder.served_version(release.bundle.program_id, known=known)
        channel = (
            self._look() if self._settings.channel else Channel(LIVE, self._site.own_address.rstrip("/"), None)
        )
        placed = replace(release, base_url=release.base_url or f"{channel.url}/")
        written = self._write(placed)
        return PublishPlan(
            written.location,
            written.written,
            written.unchanged,
            written.removed,
            delivery_api_base_url=placed.base_url,
            published_at=written.published_at,
            notes=tuple(self._hints()),
            members=self._members(placed, channel, deployed=False),
        )

    def publish(self, release: Release) -> PublishReceipt:
        self._folder.plan(release)  # what is wrong with the folder is told before visitors get anything
        check_config(self._config, self._output.name, self._site_name)
        receipt = super().publish(release)
        self._write(replace(release, base_url=receipt.delivery_api_base_url))
        return replace(receipt, notes=(*receipt.notes, *self._hints()))

    def served_version(self, program_id: str, *, known: Mapping[str, str]) -> StoredVersion | None:
        """What the folder held before the plan."""
        del program_id, known
        return self._served_before

    def _write(self, release: Release) -> PublishReceipt:
        check_config(self._config, self._output.name, self._site_name)
        written = self._folder.publish(release)
        write_config(self._config, self._output.name, self._site_name)
        return written

    def _members(self, release: Release, channel: Channel, *, deployed: bool) -> Members:
        ours = super()._members(release, channel, deployed=deployed)
        return {**ours, **folder_members(self._site, self._output)}

    def _hints(self) -> Iterator[str]:
        command = shlex.join(deploy_command(self._site, self._output))
        yield f"{self._output} holds the same files; the Firebase CLI deploys them with `{command}`"
