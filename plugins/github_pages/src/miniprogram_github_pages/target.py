"""The target: the static layout, committed to the Pages branch and pushed."""

from __future__ import annotations

import shutil
from dataclasses import replace

from miniprogram.errors import PublishError
from miniprogram.publish.layouts.static import MARKER, static_layout
from miniprogram.publish.to_store import Outcome, plan_to_store, publish_to_store
from miniprogram.seams.publish_target import PublishPlan, PublishReceipt, Release, TargetContext
from miniprogram.stores.filesystem import FilesystemObjectStore
from miniprogram.stores.folder_lock import LOCK_FILE
from miniprogram.stores.partial_file import PARTIAL_FOLDER
from miniprogram_github_pages.addresses import pages_base_url
from miniprogram_github_pages.branch import Checkout, checkout, open_repository, remote_address
from miniprogram_github_pages.git import Git, PushRejectedError, without_credentials
from miniprogram_github_pages.privacy import refuse_dirty, refuse_private, refuse_secrets
from miniprogram_github_pages.settings import PagesSettings
from miniprogram_github_pages.verification import urls_to_verify, wait_until_served

ATTEMPTS = 5
"""Pushes tried. Each failure means that somebody else pushed first; their work is kept and ours put on top."""


class PagesTarget:
    """Implements PublishTarget. The clone it works with keeps its files, its index and its branch."""

    def __init__(self, settings: PagesSettings, context: TargetContext) -> None:
        self._settings, self._context = settings, context

    def plan(self, release: Release) -> PublishPlan:
        """What the push would change. Fetches the branch, pushes nothing."""
        repository, address = self._prepare(release)
        with checkout(repository, self._settings.remote, self._settings.branch) as branch:
            placed = self._with_address(release, address, branch)
            outcome = plan_to_store(self._store(branch), static_layout(placed), allow_older=release.allow_older)
            return PublishPlan(self._location(address), *self._files(outcome))

    def publish(self, release: Release) -> PublishReceipt:
        """Commit on top of the fetched branch and push without force, again when somebody was faster."""
        repository, address = self._prepare(release)
        for _ in range(ATTEMPTS):
            try:
                receipt = self._push_once(repository, address, release)
            except PushRejectedError:
                continue
            return self._verified(receipt, release)
        raise PublishError(f"others push to {self._settings.branch} all the time; try again later")

    def _push_once(self, repository: Git, address: str, release: Release) -> PublishReceipt:
        with checkout(repository, self._settings.remote, self._settings.branch) as branch:
            placed = self._with_address(release, address, branch)
            outcome = publish_to_store(self._store(branch), static_layout(placed), allow_older=release.allow_older)
            self._finish_folder(branch)
            refuse_private(self._published(branch), where=f"the branch {self._settings.branch}")
            commit = branch.commit(self._message(release))
            if commit is not None:
                repository.push(self._settings.remote, commit, self._settings.branch)
            written, unchanged, removed = self._files(outcome)
            return PublishReceipt(
                location=self._location(address),
                written=written,
                unchanged=unchanged,
                removed=removed,
                changed=commit is not None,
                delivery_api_base_url=placed.base_url,
                notes=self._notes(placed, address),
            )

    def _prepare(self, release: Release) -> tuple[Git, str]:
        """The clone and the URL of its remote, after everything that can refuse without a network did not."""
        refuse_secrets(release.bundle)
        if not self._settings.allow_dirty:
            refuse_dirty(Git(self._context.program_root, self._context.environ))
        clone = self._settings.repo
        folder = self._context.resolve(clone) if clone else self._context.program_root
        if not folder.is_dir():
            raise PublishError(
                f"{folder} is not a folder", hint="Name a clone of the Pages repository with --repo."
            )
        repository = open_repository(Git(folder, self._context.environ))
        return repository, remote_address(repository, self._settings.remote)

    def _with_address(self, release: Release, address: str, branch: Checkout) -> Release:
        known = release.base_url or pages_base_url(address, branch.folder, self._settings.dir)
        return replace(release, base_url=known)

    def _store(self, branch: Checkout) -> FilesystemObjectStore:
        return FilesystemObjectStore(branch.folder / self._settings.dir)

    def _finish_folder(self, branch: Checkout) -> None:
        """Keep Pages from dropping files, and leave nothing of the store's own in the commit."""
        (branch.folder / MARKER).touch()
        root = branch.folder / self._settings.dir
        shutil.rmtree(root / PARTIAL_FOLDER, ignore_errors=True)
        (root / LOCK_FILE).unlink(missing_ok=True)

    def _published(self, branch: Checkout) -> list[str]:
        """Every file that would be served from our folder, relative to the branch with `/`."""
        root = branch.folder / self._settings.dir
        paths = (path.relative_to(branch.folder) for path in sorted(root.rglob("*")) if path.is_file())
        return [path.as_posix() for path in paths if path.parts[0] != ".git"]

    def _files(self, outcome: Outcome) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        prefix = f"{self._settings.dir}/" if self._settings.dir else ""
        written, unchanged, removed = (
            tuple(prefix + key for key in keys) for keys in (outcome.written, outcome.unchanged, outcome.removed)
        )
        return written, unchanged, removed

    def _location(self, address: str) -> str:
        place = f"{without_credentials(address)} branch {self._settings.branch}"
        return f"{place}, folder {self._settings.dir}" if self._settings.dir else place

    def _message(self, release: Release) -> str:
        return self._settings.message or f"Publish {release.bundle.program_id} {release.bundle.version}"

    def _notes(self, placed: Release, address: str) -> tuple[str, ...]:
        if placed.base_url is None:
            shown = without_credentials(address)
            return (f"{shown} is not on GitHub: give the address hosts load from with --base-url.",)
        return ("Verify:", *(f"  {url}" for url in urls_to_verify(placed.base_url, placed.bundle)))

    def _verified(self, receipt: PublishReceipt, release: Release) -> PublishReceipt:
        if not self._settings.verify:
            return receipt
        if receipt.delivery_api_base_url is None:
            raise PublishError(
                "the branch is pushed, but its address is not known", hint="Give it with --base-url to verify it."
            )
        wait_until_served(receipt.delivery_api_base_url, release.bundle)
        return replace(receipt, notes=(*receipt.notes, "Pages serves it."))
