"""The use case: bring a release to a target, or say what that would do."""

from __future__ import annotations

from typing import TypeVar

from miniprogram.clock import to_iso
from miniprogram.errors import PluginError, PublishError
from miniprogram.logs import get_log
from miniprogram.packages.bundle import Bundle
from miniprogram.publish.report import PackageDelta, PublishedPackage, PublishPlanReport, PublishReport
from miniprogram.publish.versions.changes import VersionChanges, compare_versions
from miniprogram.seams.publish_target import (
    Members,
    PackedVersion,
    PublishPlan,
    PublishReceipt,
    PublishTarget,
    Release,
)
from miniprogram.seams.version_keeping import KeepsVersions

log = get_log(__name__)

Answer = TypeVar("Answer", PublishPlan, PublishReceipt)


def publish_release(
    release: Release, target: PublishTarget, *, target_name: str, environment: str | None = None
) -> PublishReport:
    """Publish `release` and report it. Raises what the target raises; nothing that is served changed then."""
    receipt = _returned(target.publish(release), PublishReceipt, target_name)
    bundle = release.bundle
    log.info(
        "release_published",
        target=target_name,
        program_id=bundle.program_id,
        version=bundle.version,
        digest=bundle.digest,
        written=len(receipt.written),
    )
    return PublishReport(
        command=f"publish {target_name}",
        target=target_name,
        environment_name=environment,
        mini_program_id=bundle.program_id,
        version=bundle.version,
        digest=bundle.digest,
        location=receipt.location,
        delivery_api_base_url=receipt.delivery_api_base_url,
        dry_run=False,
        changed=receipt.changed,
        written_file_count=len(receipt.written),
        unchanged_file_count=len(receipt.unchanged),
        removed_file_count=len(receipt.removed),
        published_at_utc=receipt.published_at or to_iso(release.published_at),
        notes=(*bundle.notes, *receipt.notes, *_unpacked(release, receipt.package, target_name)),
        package=_package(receipt.package),
        **_own_members(receipt, PublishReport, target_name),
    )


def plan_release(
    release: Release, target: PublishTarget, *, target_name: str, environment: str | None = None
) -> PublishPlanReport:
    """What `publish_release` would do. Nothing is written at the target."""
    plan = _returned(target.plan(release), PublishPlan, target_name)
    bundle = release.bundle
    return PublishPlanReport(
        command=f"publish {target_name}",
        target=target_name,
        environment_name=environment,
        mini_program_id=bundle.program_id,
        version=bundle.version,
        digest=bundle.digest,
        location=plan.location,
        delivery_api_base_url=plan.delivery_api_base_url or release.base_url,
        dry_run=True,
        changed=bool(plan.written or plan.removed),
        written_file_count=len(plan.written),
        unchanged_file_count=len(plan.unchanged),
        removed_file_count=len(plan.removed),
        published_at_utc=plan.published_at,
        notes=(*bundle.notes, *_unpacked(release, plan.package, target_name), *plan.notes),
        package=_package(plan.package),
        written_files=plan.written,
        removed_files=plan.removed,
        changes=_changes(bundle, target),
        **_own_members(plan, PublishPlanReport, target_name),
    )


def _own_members(answer: PublishPlan | PublishReceipt, report: type[PublishReport], target_name: str) -> Members:
    """Raises PluginError for a name that means the same for every target."""
    taken = answer.members.keys() & {field.alias for field in report.model_fields.values()}
    if taken:
        raise PluginError(
            f"the publish target {target_name!r} gave {', '.join(sorted(taken))} a meaning of its own: "
            "that is said of every publish"
        )
    return answer.members


def _unpacked(release: Release, packed: PackedVersion | None, target_name: str) -> tuple[str, ...]:
    """What to say when a package was wanted of a target that stores none."""
    if release.packages is None or packed is not None:
        return ()
    return (f"The target {target_name!r} stores no package beside a version: hosts load its files one by one.",)


def _package(packed: PackedVersion | None) -> PublishedPackage | None:
    if packed is None:
        return None
    deltas = tuple(PackageDelta(from_version=each.from_version, size=each.size) for each in packed.deltas)
    return PublishedPackage(
        archive_size=packed.archive_size,
        package_size=packed.package_size,
        deltas=deltas,
        written_files=packed.written,
    )


def _changes(bundle: Bundle, target: PublishTarget) -> VersionChanges | None:
    """What differs from what is served; None when the target cannot say, or what is served is not whole."""
    if not isinstance(target, KeepsVersions):
        return None
    try:
        served = target.served_version(bundle.program_id, known={file.path: file.sha256 for file in bundle.files})
    except PublishError as error:
        log.info("served_version_unreadable", program_id=bundle.program_id, reason=str(error))
        return None
    return compare_versions(bundle, served)


def _returned(answer: Answer, wanted: type[Answer], target_name: str) -> Answer:
    """What a target answered. Raises PluginError when it is something else: targets are made by many people."""
    if not isinstance(answer, wanted):
        raise PluginError(
            f"the publish target {target_name!r} returned {type(answer).__name__}, not a {wanted.__name__}"
        )
    return answer
