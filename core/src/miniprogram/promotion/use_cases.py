"""The use cases behind `bundle`: from files and options to what is exported, shown and imported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from miniprogram.files import write_atomic
from miniprogram.identity.command_context import CommandContext
from miniprogram.packages.bundle import Bundle
from miniprogram.packages.package_options import PackageOptions
from miniprogram.plugins.run_context import RunContext
from miniprogram.promotion.arrival import open_arrival, target_of
from miniprogram.promotion.exporting import export_version
from miniprogram.promotion.importing import import_version, keys_accepted
from miniprogram.promotion.promotion_file import MAX_FILE_BYTES
from miniprogram.promotion.reports import Approver, ExportReport, ImportReport, InspectReport, PromotedVersion
from miniprogram.promotion.statement import Statement
from miniprogram.promotion.taking_over import Wishes
from miniprogram.publish.environment_target import cloud_location
from miniprogram.publish.layouts.cloud import cloud_layout
from miniprogram.publish.signing import open_signers, statement_keys
from miniprogram.refusals import Unacceptable
from miniprogram.seams.cloud_provider import OpenedEnvironment
from miniprogram.seams.publish_target import Release
from miniprogram.strict_json import read_bounded
from miniprogram.targets import Target


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """A file to be taken over. `program_id` is the one it must be of; None for any."""

    path: Path
    program_id: str | None = None
    sources: Bundle | None = None
    allow_older: bool = False
    new_origin: bool = False
    dry_run: bool = False


def export_to_file(
    run_context: RunContext,
    context: CommandContext,
    program_id: str,
    version: str,
    target: Target,
    *,
    path: Path,
    signer_uris: Sequence[str] = (),
) -> ExportReport:
    """Write the version as it was let through on `target`. Raises as `export_version`; then no file is written."""
    signers = open_signers(run_context)
    keys = statement_keys(signers, "what is exported", signer_uris)
    exported = export_version(context, program_id, version, target, keys=keys, signers=signers)
    write_atomic(path, exported.body)
    return ExportReport(file=str(path), file_size=len(exported.body), exported=_described(exported.statement, ()))


def inspect_file(path: Path, trusted: Sequence[str]) -> InspectReport:
    """What is in a file: every byte checked, and with `trusted` keys, as texts, who signed it.

    Raises NotBelieved when none of them did, DocumentError for a file that was changed.
    """
    body = read_bounded(path, max_bytes=MAX_FILE_BYTES)
    arrival = open_arrival(body, trusted or None, name=str(path))
    described = _described(arrival.statement, arrival.believed.key_ids)
    return InspectReport(file=str(path), file_size=len(body), exported=described)


def import_from_file(
    run_context: RunContext, context: CommandContext, environment: OpenedEnvironment, request: ImportRequest
) -> ImportReport:
    """Take a version over into `environment`. Raises as `import_version`, and as `inspect_file`."""
    name = str(request.path)
    body = read_bounded(request.path, max_bytes=MAX_FILE_BYTES)
    program_id, target = target_of(body, name=name)
    if request.program_id not in (None, program_id):
        raise Unacceptable(f"{name} holds {program_id}, not {request.program_id}")
    arrival = open_arrival(body, keys_accepted(context.storage, target), name=name)
    signers = open_signers(run_context)
    release = Release(
        arrival.bundle,
        context.now,
        allow_older=True,
        account=context.actor.name,
        packages=PackageOptions(),
        signers=signers,
    )
    wishes = Wishes(request.allow_older, request.new_origin, request.sources)
    layout = cloud_layout(release, cloud_location(environment))
    imported = import_version(context, arrival, layout, wishes=wishes, signers=signers, dry_run=request.dry_run)
    return ImportReport(
        file=name,
        environment_name=context.storage.environment,
        dry_run=request.dry_run,
        imported=_described(arrival.statement, arrival.believed.key_ids),
        release_id=imported.release.id,
        state=imported.release.state,
        written_file_count=len(imported.written),
        written_files=tuple(sorted(imported.written)),
        checked=imported.checked,
    )


def _described(statement: Statement, key_ids: tuple[str, ...]) -> PromotedVersion:
    review = statement.release.review
    names = [each.name for each in statement.files]
    given = review.approvals if review is not None else ()
    return PromotedVersion(
        mini_program_id=statement.mini_program_id,
        version=statement.version,
        digest=statement.digest,
        target=str(statement.release.target),
        environment=statement.environment,
        exported_at=statement.exported_at,
        exported_by=statement.exported_by,
        state=statement.release.state,
        applicant=review.applicant if review is not None else None,
        approvals=tuple(Approver(reviewer=each.reviewer, at=each.at) for each in given),
        events=statement.trail.length,
        trail_hash=statement.trail.hash,
        has_provenance="provenance.json" in names,
        trust_file_count=sum(name.startswith("trust/") for name in names),
        key_ids=key_ids,
    )
