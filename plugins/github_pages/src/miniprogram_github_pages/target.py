"""The target: the static layout, committed to the Pages branch and pushed."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from miniprogram.clock import to_iso
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.errors import PublishError
from miniprogram.publish.layouts.static import KEYS, MARKER, static_layout, static_pointers
from miniprogram.publish.to_store import Outcome
from miniprogram.publish.versions.going_back import PointedStore
from miniprogram.seams.object_store import ObjectStore
from miniprogram.seams.publish_target import PackedVersion, PublishPlan, PublishReceipt, Release, TargetContext
from miniprogram.seams.version_keeping import HeldVersions, RollbackReceipt, StoredVersion
from miniprogram_github_pages.addresses import pages_base_url
from miniprogram_github_pages.cleanliness import refuse_dirty
from miniprogram_github_pages.privacy import refuse_secrets
from miniprogram_github_pages.publication import Publication, require_same
from miniprogram_github_pages.repository.clone import remote_address, require_clone
from miniprogram_github_pages.repository.git import Git
from miniprogram_github_pages.repository.objects import GitObjects
from miniprogram_github_pages.repository.remote_branch import BranchMovedError, RemoteBranch
from miniprogram_github_pages.repository.ssh import ssh_host
from miniprogram_github_pages.repository.store import BranchStore
from miniprogram_github_pages.repository.tree import BranchTree
from miniprogram_github_pages.settings import PagesSettings
from miniprogram_github_pages.verification import urls_to_verify, wait_until_served

Receipt = TypeVar("Receipt", PublishReceipt, RollbackReceipt)

ATTEMPTS = 10
"""Pushes tried. Each failure means that somebody else pushed first; their work is kept and ours put on top."""
PAUSE_S = 0.2
"""Longest pause after the first failure; it grows with each further one."""


@dataclass(frozen=True, slots=True)
class _Draft:
    """A release laid out on top of the branch as it was fetched, and what that changes."""

    tip: str | None
    tree: BranchTree
    release: Release
    publication: Publication
    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    package: PackedVersion | None
    outcome: Outcome


class PagesTarget:
    """Implements PublishTarget. The clone it works with keeps its files, its index, its branches and its refs."""

    seals = True

    def __init__(
        self, settings: PagesSettings, context: TargetContext, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._settings, self._context, self._sleep = settings, context, sleep

    def plan(self, release: Release) -> PublishPlan:
        """What the push would change. Fetches the branch, writes and pushes nothing."""
        branch = self._open(release)
        draft = self._draft(branch, GitObjects(branch.clone), release)
        return PublishPlan(
            self._location(branch),
            draft.written,
            draft.unchanged,
            draft.removed,
            delivery_api_base_url=draft.release.base_url,
            published_at=draft.outcome.published_at,
            package=draft.package,
        )

    def publish(self, release: Release) -> PublishReceipt:
        """Commit on top of the fetched branch and push, again when somebody was faster."""
        branch = self._open(release)
        objects = GitObjects(branch.clone)

        def attempt() -> PublishReceipt:
            draft = self._draft(branch, objects, release)
            return self._receipt(branch, draft, changed=self._push(branch, objects, draft))

        return self._verified(self._repeated(branch, attempt), release)

    @contextmanager
    def opened_store(self, message: str) -> Iterator[tuple[ObjectStore, Keys]]:
        """The branch as it was fetched; what was written is committed and pushed at the end."""
        branch = self._branch()
        objects = GitObjects(branch.clone)
        tip = branch.fetch()
        tree = BranchTree.of(objects, tip)
        yield BranchStore(tree, self._settings.dir, location=self._location(branch)), KEYS
        if not tree.is_changed:
            return
        commit = objects.commit(tree.write(), tip, self._settings.message or message)
        require_same(objects, commit, tree)
        try:
            branch.push(commit, onto=tip)
        except BranchMovedError as error:
            raise PublishError(
                f"the branch {branch.name} moved meanwhile: {error}", hint="Nothing was written. Run it again."
            ) from error

    def held_versions(self, program_id: str) -> HeldVersions:
        """What the branch holds now. Fetches it, and writes nothing."""
        return self._fetched()[0].held(program_id)

    def served_version(self, program_id: str, *, known: Mapping[str, str]) -> StoredVersion | None:
        return self._fetched()[0].served(program_id, known=known)

    def roll_back(self, program_id: str, version: str, *, now: datetime, dry_run: bool = False) -> RollbackReceipt:
        """Commit pointers to `version` on top of the fetched branch and push, again when somebody was faster."""
        branch = self._branch()
        objects = GitObjects(branch.clone)
        message = self._settings.message or f"Go back to {program_id} {version}"

        def attempt() -> RollbackReceipt:
            pointed, tree, tip = self._fetched(branch, objects, stamp=to_iso(now))
            receipt = pointed.roll_back(program_id, version, dry_run=dry_run)
            if not dry_run and tree.is_changed:
                commit = objects.commit(tree.write(), tip, message)
                require_same(objects, commit, tree)
                branch.push(commit, onto=tip)
            return receipt

        return self._repeated(branch, attempt)

    def _fetched(
        self, branch: RemoteBranch | None = None, objects: GitObjects | None = None, *, stamp: str = ""
    ) -> tuple[PointedStore, BranchTree, str | None]:
        """The branch as it is now: as a store with its pointers, as a tree, and the commit it is at."""
        branch = branch or self._branch()
        tip = branch.fetch()
        tree = BranchTree.of(objects or GitObjects(branch.clone), tip)
        store = BranchStore(tree, self._settings.dir, location=self._location(branch))
        pointed = PointedStore(store, KEYS, lambda manifest, body: static_pointers(manifest, body, stamp))
        return pointed, tree, tip

    def _repeated(self, branch: RemoteBranch, attempt: Callable[[], Receipt]) -> Receipt:
        """What `attempt` returns, which pushes; made again while others push first."""
        number = 0
        while True:
            number += 1
            try:
                return attempt()
            except BranchMovedError as error:
                if number == ATTEMPTS:
                    raise PublishError(
                        f"the branch {branch.name} moved during each of {ATTEMPTS} pushes, last: {error}",
                        hint="Nothing is published. Run it again when others are done with the branch.",
                    ) from error
                self._sleep(random.uniform(0, PAUSE_S * number))  # noqa: S311 - no secret

    def _open(self, release: Release) -> RemoteBranch:
        """The branch to publish to, after everything that can refuse without a network did not."""
        refuse_secrets(release.bundle)
        if not self._settings.allow_dirty:
            refuse_dirty(Git(self._context.program_root, self._context.environ), release.bundle)
        return self._branch()

    def _branch(self) -> RemoteBranch:
        clone = self._settings.repo
        folder = self._context.resolve(clone) if clone else self._context.program_root
        if not folder.is_dir():
            raise PublishError(
                f"{folder} is not a folder", hint="Name a clone of the Pages repository with --repo."
            )
        git = Git(folder, self._context.environ)
        require_clone(git)
        return RemoteBranch(git, remote_address(git, self._settings.remote), self._settings.branch)

    def _draft(self, branch: RemoteBranch, objects: GitObjects, release: Release) -> _Draft:
        """Lay `release` out on top of what the branch holds now. Nothing is written yet."""
        tip = branch.fetch()
        tree = BranchTree.of(objects, tip)
        placed = self._with_address(release, branch, tree)
        folder = self._settings.dir
        publication = Publication(
            static_layout(placed), folder, location=self._location(branch), allow_older=release.allow_older
        )
        outcome = publication.put_into(tree)
        packed = outcome.package
        written, unchanged, removed, of_package = (
            tuple(f"{folder}/{key}" if folder else key for key in keys)
            for keys in (outcome.written, outcome.unchanged, outcome.removed, packed.written if packed else ())
        )
        if tree.entry(MARKER) is None:  # Pages looks for it at the top only
            tree.put(MARKER, b"")
            written = tuple(sorted((*written, MARKER)))
        package = replace(packed, written=of_package) if packed else None
        return _Draft(tip, tree, placed, publication, written, unchanged, removed, package, outcome)

    def _push(self, branch: RemoteBranch, objects: GitObjects, draft: _Draft) -> bool:
        """Whether there was anything to push. What is or will be served is checked before."""
        if not draft.tree.is_changed and draft.tip is not None:
            draft.publication.require_in(objects, draft.tip, draft.tree)
            return False
        commit = objects.commit(draft.tree.write(), draft.tip, self._message(draft.release))
        draft.publication.require_in(objects, commit, draft.tree)
        branch.push(commit, onto=draft.tip)
        return True

    def _with_address(self, release: Release, branch: RemoteBranch, tree: BranchTree) -> Release:
        if release.base_url is not None:
            return release
        cname = tree.members("").get("CNAME")
        body = tree.body(cname) if cname is not None and cname.is_file else None
        known = pages_base_url(
            branch.address.url, body, self._settings.dir, ssh_host=partial(ssh_host, branch.clone)
        )
        return replace(release, base_url=known)

    def _receipt(self, branch: RemoteBranch, draft: _Draft, *, changed: bool) -> PublishReceipt:
        return PublishReceipt(
            location=self._location(branch),
            written=draft.written,
            unchanged=draft.unchanged,
            removed=draft.removed,
            changed=changed,
            delivery_api_base_url=draft.release.base_url,
            published_at=draft.outcome.published_at,
            package=draft.package,
            notes=self._notes(draft, branch),
        )

    def _location(self, branch: RemoteBranch) -> str:
        location = f"{branch.address} branch {branch.name}"
        return f"{location}, folder {self._settings.dir}" if self._settings.dir else location

    def _message(self, release: Release) -> str:
        return self._settings.message or f"Publish {release.bundle.program_id} {release.bundle.version}"

    def _notes(self, draft: _Draft, branch: RemoteBranch) -> tuple[str, ...]:
        placed = draft.release
        stays = draft.outcome.stays_latest(placed.bundle)
        older = (stays,) if stays is not None else ()
        if placed.base_url is None:
            return (
                *older,
                f"{branch.address} is not on GitHub: give the address hosts load from with --base-url.",
            )
        return (*older, "Verify:", *(f"  {url}" for url in urls_to_verify(placed.base_url, placed.bundle)))

    def _verified(self, receipt: PublishReceipt, release: Release) -> PublishReceipt:
        if not self._settings.verify:
            return receipt
        if receipt.delivery_api_base_url is None:
            raise PublishError(
                "the branch is pushed, but its address is not known", hint="Give it with --base-url to verify it."
            )
        wait_until_served(receipt.delivery_api_base_url, release.bundle)
        return replace(receipt, notes=(*receipt.notes, "Pages serves it."))
