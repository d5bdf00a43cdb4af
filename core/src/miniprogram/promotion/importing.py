"""`bundle import`: take a version over from another environment, or refuse it, whole or not at all.

Everything is tried on a copy of the store before anything is written. Then the version is stored, which nothing
points to; then one conditional write makes the release, with its approvals and with the note that it came. Only
after that is a mini-program that nobody was served yet opened to its releases. Cut off anywhere, hosts get what
they got before, and the same import completes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from miniprogram.attestations.key_texts import key_id_of, parse_key_text
from miniprogram.delivery.documents.kinds import PROVENANCE
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.documents.conditional_write import conditional_write
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index.indexing import indexed
from miniprogram.errors import DocumentError
from miniprogram.identity.command_context import CommandContext, record_denial, require_role
from miniprogram.identity.environment_document import read_environment
from miniprogram.identity.roles import DEVELOPER_ADMIN
from miniprogram.promotion.arrival import Arrival
from miniprogram.promotion.taking_over import COMMAND, TakingOver, Wishes
from miniprogram.publish.layouts.layout import Layout
from miniprogram.publish.to_store import move_pointer, store_version
from miniprogram.refusals import Denied, Refused
from miniprogram.releases.model.release import Release
from miniprogram.releases.storage.release_documents import releases_of
from miniprogram.releases.storage.withdrawn import refuse_withdrawn
from miniprogram.seams.object_store import ObjectStore
from miniprogram.seams.version_signing import CarriesTrust, VersionSigner
from miniprogram.stores.copy_on_write import CopyOnWriteStore
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.targets import Target


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of it. `written` are keys, without those of signatures; `checked` are sentences."""

    release: Release
    written: tuple[str, ...]
    checked: tuple[str, ...]


def keys_accepted(storage: EnvironmentStorage, target: Target) -> tuple[str, ...]:
    """Whose exports are taken over on `target`, as texts. Raises Refused where nobody's are."""
    rules = read_environment(storage).rules_of(target)
    if rules is None:
        raise Refused("target_exists", f"there is no host app environment {target} here")
    if not rules.promotion_keys:
        raise Refused(
            "promotion_accepted",
            f"{target} takes nothing over from other environments",
            hint="`app environment set APP ENVIRONMENT --accept-promotions KEY` says whose it takes.",
        )
    return rules.promotion_keys


def import_version(
    context: CommandContext,
    arrival: Arrival,
    layout: Layout,
    *,
    wishes: Wishes,
    signers: Sequence[VersionSigner] = (),
    dry_run: bool = False,
) -> Imported:
    """Take the version over: stored, and let through on its target as far as its approvals reach there.

    `layout` is the version as this environment stores it. It is done on a copy of the store first, so that
    whatever stands in the way is known before anything is written. Raises Refused naming the rule, Denied without
    the role, PublishError when the version is here with other content, StoreError.
    """
    statement = arrival.statement
    target, program_id = statement.release.target, statement.mini_program_id
    require_role(context, DEVELOPER_ADMIN, COMMAND, target=target, program_id=program_id)
    _require_accepted(context.storage, arrival)
    checked = _checked_beside(context.storage.keys, arrival, wishes, signers)
    copy = CopyOnWriteStore(context.storage.store)
    try:
        rehearsed = _perform(_over(context, copy), arrival, layout, wishes, vouch=False)
    except Denied as denial:
        record_denial(context, COMMAND, denial, program_id=program_id, target=str(target))
        raise
    if dry_run:
        return Imported(rehearsed, copy.written, checked)
    release = _perform(context, arrival, layout, wishes, vouch=True)
    return Imported(release, copy.written, checked)


def _require_accepted(storage: EnvironmentStorage, arrival: Arrival) -> None:
    """Raises Refused unless a key signed it whose exports the target takes now, whoever opened it with what."""
    target = arrival.statement.release.target
    accepted = {key_id_of(parse_key_text(text)) for text in keys_accepted(storage, target)}
    if not accepted.intersection(arrival.believed.key_ids):
        raise Refused("promotion_accepted", f"it is not signed with a key whose exports {target} takes")


def _over(context: CommandContext, store: ObjectStore) -> CommandContext:
    return replace(context, storage=replace(context.storage, store=store))


def _perform(context: CommandContext, arrival: Arrival, layout: Layout, wishes: Wishes, *, vouch: bool) -> Release:
    storage, statement = context.storage, arrival.statement
    documents = releases_of(storage, statement.mini_program_id)
    job = TakingOver(context, read_environment(storage), arrival, wishes, _is_closed(storage, layout))
    document = documents.read()
    if document is None or not job.is_here(document):
        refuse_withdrawn(storage, statement.mini_program_id, statement.version)
        job.judge(document or documents.blank())
        store_version(storage.store, layout, vouch=vouch)
        _keep_provenance(storage, arrival)
        document = documents.change(job.change, now=context.stamp)
    elif not _is_closed(storage, layout):
        raise Refused("promotion_new", "it was imported before")
    if _is_closed(storage, layout):
        _open_to_releases(storage, layout)
    promotion = document.promotion(statement.trail.origin)
    release = document.by_id(promotion.release) if promotion is not None else None
    if release is None:
        raise Refused("promotion_new", "it was imported before, and its release has ended since")
    return release


def _keep_provenance(storage: EnvironmentStorage, arrival: Arrival) -> None:
    """Have the provenance that came beside the version."""
    body = arrival.provenance
    if body is None:
        return
    key = storage.keys.key(PROVENANCE, arrival.statement.mini_program_id, arrival.statement.version)
    conditional_write(
        storage.store,
        key,
        lambda found: None if found is not None and found.body == body else body,
        check=lambda _: None,
        **PROVENANCE.headers(),
    )


def _is_closed(storage: EnvironmentStorage, layout: Layout) -> bool:
    """Whether hosts get nothing of the mini-program, as nothing was ever published of it here."""
    keys = storage.keys
    pointers = (keys.catalog_pointer_key(layout.program_id), keys.disabled_pointer_key(layout.program_id))
    return all(storage.store.get(key) is None for key in pointers)


def _open_to_releases(storage: EnvironmentStorage, layout: Layout) -> None:
    """Have the mini-program answered for. Whom no release is for gets nothing: the release document says so."""
    with indexed(storage, layout.program_id, make=True):
        move_pointer(storage.store, layout.pointers[0], None)


def _checked_beside(
    keys: Keys, arrival: Arrival, wishes: Wishes, signers: Sequence[VersionSigner]
) -> tuple[str, ...]:
    """What the sources and the trust metadata say; sentences. Raises MiniProgramError when they say otherwise."""
    statement, said = arrival.statement, []
    name = f"{statement.mini_program_id} {statement.version}"
    if wishes.sources is not None:
        built = wishes.sources
        if (built.program_id, built.version) != (statement.mini_program_id, statement.version):
            raise DocumentError(f"the sources are those of {built.program_id} {built.version}, not of {name}")
        if built.digest != statement.digest:
            raise DocumentError(f"the sources give {name} the digest {built.digest}, not {statement.digest}")
        said.append("Sources: they give the same digest")
    else:
        said.append("Sources: not compared; --mini-program-root names them")
    store = MemoryObjectStore()
    for key, body in arrival.trust.items():
        store.put(key, body)
    verdicts = [
        signer.check_carried(store, keys, statement.mini_program_id, statement.version, statement.digest)
        for signer in signers
        if isinstance(signer, CarriesTrust)
    ]
    if any(verdicts):
        said.append("Trust metadata: the pinned root vouches for it")
    elif arrival.trust:
        said.append("Trust metadata: not checked, no root is pinned here")
    else:
        said.append("Trust metadata: none came with it")
    review = statement.release.review
    if review is not None and review.approved:
        people = sorted({each.reviewer for each in review.approvals} or {review.reviewer or ""})
        said.append(f"Approved there by {', '.join(people)}; {review.applicant} applied")
    return tuple(said)
