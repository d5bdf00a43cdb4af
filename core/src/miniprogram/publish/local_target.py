"""`publish --target local`: into the backend workspace on this machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from miniprogram.delivery.documents.layouts.keys import Keys, local_keys
from miniprogram.errors import PublishError
from miniprogram.local_backend import tracking
from miniprogram.number_words import number_of
from miniprogram.project.validation.delivery import validate_delivery
from miniprogram.project.validation.report import ValidationReport
from miniprogram.publish.layouts.layout import Layout
from miniprogram.publish.layouts.local import KEYS, local_layout, local_pointers
from miniprogram.publish.local_settings import LocalSettings
from miniprogram.publish.rollout_note import unserved_note
from miniprogram.publish.to_store import Outcome, plan_to_store, publish_to_store
from miniprogram.publish.versions.going_back import PointedStore
from miniprogram.seams.object_store import ObjectStore
from miniprogram.seams.publish_target import PublishPlan, PublishReceipt, Release, TargetContext
from miniprogram.seams.version_keeping import HeldVersions, RollbackReceipt, StoredVersion
from miniprogram.state.backend_process import backend_process_file
from miniprogram.state.workspace_location import BackendWorkspace, require_workspace
from miniprogram.stores.filesystem import FilesystemObjectStore

DEFAULT_PORT = 8080

CURED_BY_PUBLISHING = {
    "entry_screen_missing",
    "latest_manifest_missing",
    "manifest_versions_missing",
    "mini_program_not_found",
    "published_manifest_id_mismatch",
    "published_manifest_version_mismatch",
    "rollout_default_version_not_published",
    "rollout_rule_version_not_published",
    "rollout_unknown_mini_program",
}
"""Errors that stop no publish before it begins: rules are written first, and publishing mends damage."""


class LocalTarget:
    """The workspace the local backend serves. What is served is valid before and after, or as it was."""

    seals = True

    def __init__(self, workspace: BackendWorkspace, context: TargetContext) -> None:
        self._workspace, self._context = workspace, context
        self._store = FilesystemObjectStore(workspace.api_root, is_private=local_keys().is_private)

    @classmethod
    def open(cls, settings: LocalSettings, context: TargetContext) -> LocalTarget:
        """Raises MiniProgramError when there is no usable workspace."""
        workspace = require_workspace(
            explicit=context.resolve(settings.root) if settings.root else None,
            cwd=context.cwd,
            extra_roots=[context.program_root],
            home=context.home,
            repo_root=context.repo_root,
        )
        return cls(workspace, context)

    def plan(self, release: Release) -> PublishPlan:
        self._require_valid(release, ignored=CURED_BY_PUBLISHING)
        outcome = plan_to_store(self._store, self._layout(release), allow_older=release.allow_older)
        return PublishPlan(
            self._store.location,
            outcome.written,
            outcome.unchanged,
            outcome.removed,
            delivery_api_base_url=self._base_url(release),
            published_at=outcome.published_at,
            package=outcome.package,
        )

    def publish(self, release: Release) -> PublishReceipt:
        self._require_valid(release, ignored=CURED_BY_PUBLISHING)
        layout = self._layout(release)
        leading = self._store.get(layout.pointers[0].key)
        outcome = publish_to_store(self._store, layout, allow_older=release.allow_older)
        try:
            report = self._require_valid(release)
        except PublishError:
            self._take_back(layout, outcome, latest=leading.body if leading is not None else None)
            raise
        self._track(release, outcome)
        self._store.sweep()
        return PublishReceipt(
            location=self._store.location,
            written=outcome.written,
            unchanged=outcome.unchanged,
            removed=outcome.removed,
            changed=outcome.changed,
            delivery_api_base_url=self._base_url(release),
            published_at=outcome.published_at,
            package=outcome.package,
            notes=tuple(self._notes(release, outcome, report)),
        )

    @contextmanager
    def opened_store(self, message: str) -> Iterator[tuple[ObjectStore, Keys]]:
        del message  # a folder keeps none
        yield self._store, KEYS

    def held_versions(self, program_id: str) -> HeldVersions:
        return self._pointed.held(program_id)

    def served_version(self, program_id: str, *, known: Mapping[str, str]) -> StoredVersion | None:
        return self._pointed.served(program_id, known=known)

    def roll_back(self, program_id: str, version: str, *, now: datetime, dry_run: bool = False) -> RollbackReceipt:
        del now  # nothing in a workspace says when a pointer moved
        receipt = self._pointed.roll_back(program_id, version, dry_run=dry_run)
        note = unserved_note(self._workspace.api_root, program_id, version)
        return replace(receipt, notes=(note,)) if note is not None else receipt

    @property
    def _pointed(self) -> PointedStore:
        return PointedStore(self._store, KEYS, lambda manifest, body: local_pointers(manifest.id, body))

    def _layout(self, release: Release) -> Layout:
        return local_layout(release, base_url=self._base_url(release))

    def _base_url(self, release: Release) -> str:
        if release.base_url is not None:
            return release.base_url
        running = backend_process_file(self._workspace.root).read()
        return f"http://127.0.0.1:{running.port if running else DEFAULT_PORT}/api/"

    def _require_valid(self, release: Release, *, ignored: set[str] | None = None) -> ValidationReport:
        """What validation says. Raises PublishError when there is an error that is not among `ignored`."""
        repo, program = self._context.repo_root, self._context.program_root
        managed = repo is not None and program.parent == repo / "mini_programs"
        report = validate_delivery(
            None if managed else program,
            self._workspace.root,
            release.bundle.program_id,
            authored_root=repo if managed else None,
        )
        errors = [
            each for each in report.messages if each.severity == "error" and each.code not in (ignored or ())
        ]
        if errors:
            verdict = "cannot be" if ignored else "would not be valid once"
            name = f"{release.bundle.program_id} {release.bundle.version}"
            raise PublishError(
                f"{name} {verdict} published to {self._workspace.root}: {errors[0]}",
                hint="\n".join(map(str, errors[1:])) or "Nothing that is served was changed.",
            )
        return report

    def _take_back(self, layout: Layout, outcome: Outcome, *, latest: bytes | None) -> None:
        """Serve again what was served before; forget the version, so that it can be published once it is right."""
        pointer, manifest = layout.pointers[0].key, layout.files[-1]
        now = self._store.get(pointer)
        if pointer in outcome.written and now is not None and now.body == manifest.body:
            # else somebody has published another version meanwhile, and that one stays
            if latest is None:
                self._store.delete(pointer, if_match=now.etag)
            else:
                self._store.put(pointer, latest, if_match=now.etag)
        if manifest.key in outcome.written:
            self._store.delete(manifest.key)
            self._store.delete(layout.record_key)
        self._store.sweep()

    def _track(self, release: Release, outcome: Outcome) -> None:
        bundle = release.bundle
        known = tracking.find(self._workspace, bundle.program_id, bundle.version)
        if outcome.changed or known is None or known.digest != bundle.digest:
            tracking.record(
                self._workspace,
                bundle.program_id,
                bundle.version,
                published_at=release.published_at,
                digest=bundle.digest,
                has_assets=bool(bundle.assets),
            )

    def _notes(self, release: Release, outcome: Outcome, report: ValidationReport) -> Iterator[str]:
        bundle = release.bundle
        if report.warning_count:
            yield f"{number_of(report.warning_count, 'warning')}; `miniprogram validate` shows what they are about"
        stays = outcome.stays_latest(bundle)
        if stays is not None:
            yield stays
        note = unserved_note(self._workspace.api_root, bundle.program_id, bundle.version)
        if note is not None:
            yield note
        if backend_process_file(self._workspace.root).read() is None:
            yield "Serve it with: miniprogram backend start"
