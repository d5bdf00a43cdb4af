"""`bundle export`: a version as it was let through on a target, with all that speaks for it, as one file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from miniprogram.attestations.envelope import seal_statement
from miniprogram.attestations.stored_provenance import stored_provenance
from miniprogram.documents.audit_chain import read_events
from miniprogram.documents.audit_event import Event
from miniprogram.documents.audited import Change
from miniprogram.errors import MiniProgramError
from miniprogram.identity.command_context import CommandContext, require_role
from miniprogram.identity.environment_document import read_environment
from miniprogram.identity.roles import DEVELOPER_ADMIN
from miniprogram.packages.archive import write_archive
from miniprogram.packages.bundle import Bundle
from miniprogram.promotion import promotion_file
from miniprogram.promotion.evidence import trail_bytes
from miniprogram.promotion.promotion_file import listing_of, write_promotion_file
from miniprogram.promotion.statement import PAYLOAD_TYPE, Member, Statement, Trail
from miniprogram.promotion.stored_bundle import stored_bundle
from miniprogram.refusals import NotFound, Refused
from miniprogram.releases.model.configuration import segments_in
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.model.release import Release
from miniprogram.releases.model.states import Overlay, State
from miniprogram.releases.storage.release_documents import releases_of, require_releases
from miniprogram.seams.signing_key import SigningKey
from miniprogram.seams.version_signing import CarriesTrust, VersionSigner
from miniprogram.strict_json import to_canonical_json
from miniprogram.targets import Target

COMMAND = "bundle export"
LET_THROUGH = frozenset({State.APPROVED, State.PILOT, State.PREPARED, State.GRAYSCALE, State.FULL})


@dataclass(frozen=True, slots=True)
class Exported:
    """The file, and what is in it."""

    body: bytes = field(repr=False)
    statement: Statement


def export_version(
    context: CommandContext,
    program_id: str,
    version: str,
    target: Target,
    *,
    keys: Sequence[SigningKey],
    signers: Sequence[VersionSigner] = (),
) -> Exported:
    """The version as it was let through on `target`. The trail tells of it, and ends with that in the file.

    Raises Refused for a release that was not let through, is halted, or whose audience asks lists that do not
    travel; NotFound, Denied, and MiniProgramError for a version that cannot be put together or signed.
    """
    require_role(context, DEVELOPER_ADMIN, COMMAND, target=target, program_id=program_id)
    storage = context.storage
    rules = read_environment(storage).rules_of(target)
    if rules is None:
        raise NotFound(f"there is no host app environment {target}")
    _exportable(require_releases(storage, program_id), version, target)
    for key in keys:
        key.public()  # one that cannot be used is no reason for the trail to tell of an export
    bundle = stored_bundle(storage.store, storage.keys, program_id, version)
    members = {promotion_file.VERSION: write_archive(bundle)}
    provenance = stored_provenance(storage.store, storage.keys, program_id, version)
    if provenance is not None:
        members[promotion_file.PROVENANCE] = provenance
    trust = _trust(context, program_id, version, signers)

    def note(found: ReleaseDocument) -> Change[ReleaseDocument]:
        release = _exportable(found, version, target)
        _require_same(release, bundle)
        return Change(found, [_event(context, release, bundle)])

    written = releases_of(storage, program_id).change(note, now=context.stamp)
    events = _events(context, program_id, written)
    members[promotion_file.AUDIT] = trail_bytes(events)
    members |= trust
    release = _exportable(written, version, target)
    statement = Statement(
        mini_program_id=program_id,
        version=version,
        digest=bundle.digest,
        environment=storage.environment,
        exported_at=context.stamp,
        exported_by=context.actor.name,
        rules=rules,
        release=release.model_copy(update={"testers": ()}),
        trail=Trail(origin=events[0].hash, length=len(events), hash=events[-1].hash),
        files=tuple(Member.model_validate(each) for each in listing_of(members)),
    )
    payload = to_canonical_json(statement.model_dump(mode="json", by_alias=True))
    return Exported(write_promotion_file(seal_statement(PAYLOAD_TYPE, payload, keys), members), statement)


def _exportable(document: ReleaseDocument, version: str, target: Target) -> Release:
    program_id = document.mini_program_id
    release = document.live(version, target)
    if release is None:
        raise NotFound(f"{program_id} {version} has no release on {target}")
    if version in document.withdrawn_versions:
        raise Refused("not_withdrawn", f"{program_id} {version} was removed by an inspector")
    if release.state not in LET_THROUGH:
        raise Refused("state", f"{release.label} is {release.state}: only what was let through is exported")
    if release.overlay is Overlay.HALTED:
        raise Refused("state", f"{release.label} is halted")
    segments = sorted(segments_in(release.configuration.audience))
    if segments:
        raise Refused("segments_exist", f"the audience asks {', '.join(segments)}: lists of ids are not exported")
    return release


def _require_same(release: Release, bundle: Bundle) -> None:
    if release.package_digest != bundle.digest:
        raise Refused(
            "package_unchanged", f"the package of {release.version} is not the one the release was created from"
        )


def _event(context: CommandContext, release: Release, bundle: Bundle) -> dict[str, Any]:
    return context.event(
        COMMAND,
        subject=release.id,
        target=str(release.target),
        version=release.version,
        details={"digest": bundle.digest},
    )


def _events(context: CommandContext, program_id: str, document: ReleaseDocument) -> list[Event]:
    """The trail, the oldest first. Raises MiniProgramError for one that is not whole."""
    events = list(read_events(context.storage, program_id, document.trail))[::-1]
    if [each.seq for each in events] != list(range(1, document.trail.length + 1)):
        raise MiniProgramError(
            f"the trail of {program_id} is not whole", hint=f"`miniprogram audit verify {program_id}` says where."
        )
    return events


def _trust(
    context: CommandContext, program_id: str, version: str, signers: Sequence[VersionSigner]
) -> dict[str, bytes]:
    """What vouches for the version, by the name it has in the file."""
    store, keys = context.storage.store, context.storage.keys
    carriers = [signer for signer in signers if isinstance(signer, CarriesTrust)]
    carried = (key for signer in carriers for key in signer.carried(store, keys, program_id, version))
    found = {key: store.get(key) for key in sorted(set(carried))}
    return {f"{promotion_file.TRUST}{key}": each.body for key, each in found.items() if each is not None}
