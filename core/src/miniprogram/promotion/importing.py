"""`bundle import`: take a version over from another environment, or refuse it, whole or not at all.

Everything is tried on a copy of the store before anything is written. Then the version is stored, which nothing
points to; then one conditional write makes the release, with its approvals and with the note that it came. Only
after that is a mini-program that nobody was served yet opened to its releases. Cut off anywhere, hosts get what
they got before, and the same import completes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from miniprogram.attestations.key_texts import key_id_of, parse_key_text
from miniprogram.clock import to_iso
from miniprogram.delivery.documents.kinds import PROVENANCE
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.delivery.evaluation.versions.semver import Version
from miniprogram.documents.audit_event import Event
from miniprogram.documents.audited import Change
from miniprogram.documents.conditional_write import conditional_write
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index.indexing import indexed
from miniprogram.errors import DocumentError
from miniprogram.identity.command_context import CommandContext, record_denial, require_role
from miniprogram.identity.environment_document import EnvironmentDocument, read_environment
from miniprogram.identity.roles import DEVELOPER_ADMIN
from miniprogram.packages.bundle import Bundle
from miniprogram.packages.package_file import open_archive
from miniprogram.promotion import promotion_file
from miniprogram.promotion.evidence import read_trail, why_not_approved, why_not_new, why_weaker
from miniprogram.promotion.promotion_file import read_promotion_file
from miniprogram.promotion.statement import BelievedStatement, Statement, believe, require_listed, unbelieved
from miniprogram.publish.layouts.layout import Layout
from miniprogram.publish.to_store import move_pointer, store_version
from miniprogram.refusals import Denied, Refused
from miniprogram.releases.budget import require_budget
from miniprogram.releases.input_loading import load_inputs
from miniprogram.releases.model.document import Promotion, ReleaseDocument
from miniprogram.releases.model.release import Release
from miniprogram.releases.model.states import State
from miniprogram.releases.state_machine.machine import Step, transition
from miniprogram.releases.state_machine.transition_input import Command, TransitionInput
from miniprogram.releases.storage.release_documents import releases_of
from miniprogram.releases.storage.withdrawn import refuse_withdrawn
from miniprogram.seams.object_store import ObjectStore
from miniprogram.seams.version_signing import CarriesTrust, VersionSigner
from miniprogram.stores.copy_on_write import CopyOnWriteStore
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.targets import AppEnvironment, Target

COMMAND = "bundle import"
CLOCKS_APART = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that was opened: every byte of it is what its statement lists, and its trail is whole."""

    believed: BelievedStatement
    bundle: Bundle = field(repr=False)
    events: tuple[Event, ...] = field(repr=False)
    provenance: bytes | None = field(default=None, repr=False)
    trust: dict[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def statement(self) -> Statement:
        return self.believed.statement


@dataclass(frozen=True, slots=True)
class Wishes:
    """What whoever imports asks for."""

    allow_older: bool = False
    new_origin: bool = False
    sources: Bundle | None = None
    """The version built here from its sources, to be compared; None where there are none."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of it. `written` are keys, without those of signatures; `checked` are sentences."""

    release: Release
    written: tuple[str, ...]
    checked: tuple[str, ...]


def open_arrival(body: bytes, trusted: Sequence[str] | None, *, name: str) -> Arrival:
    """What is in an exported file, when a key of `trusted`, as texts, signed it; None: whoever signed it.

    Raises NotBelieved, and DocumentError for anything that was changed, cut off, left out or moved.
    """
    envelope, members = read_promotion_file(body, name=name)
    if trusted is None:
        believed = BelievedStatement(unbelieved(envelope, name=name), (), "")
    else:
        believed = believe(envelope, trusted, name=name)
    statement = believed.statement
    require_listed(statement, members, name=name)
    for wanted in (promotion_file.VERSION, promotion_file.AUDIT):
        if wanted not in members:
            raise DocumentError(f"{name} holds no {wanted}")
    bundle = open_archive(members.pop(promotion_file.VERSION), name=f"{name}: {promotion_file.VERSION}").bundle
    events = read_trail(members.pop(promotion_file.AUDIT), statement.trail, name=f"{name}: {promotion_file.AUDIT}")
    provenance = members.pop(promotion_file.PROVENANCE, None)
    start = promotion_file.TRUST
    strange = [each for each in members if not each.startswith(start)]
    if strange:
        raise DocumentError(f"{name} holds {strange[0]}, which has no business there")
    _require_one_version(statement, bundle, name)
    trust = {key.removeprefix(start): found for key, found in members.items()}
    return Arrival(believed, bundle, events, provenance, trust)


def target_of(body: bytes, *, name: str) -> tuple[str, Target]:
    """Mini-program and target of a file, as it says itself: to find out whose word counts there."""
    envelope, _ = read_promotion_file(body, name=name)
    statement = unbelieved(envelope, name=name)
    return statement.mini_program_id, statement.release.target


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
    job = _Import(context, read_environment(storage), arrival, wishes, _is_closed(storage, layout))
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


@dataclass(frozen=True, slots=True)
class _Import:
    """The judgement about one arrival, and the change that takes it over."""

    context: CommandContext
    environment: EnvironmentDocument
    arrival: Arrival
    wishes: Wishes
    closed: bool
    """Whether hosts got nothing of the mini-program so far: then only whom a release is for gets anything."""

    @property
    def statement(self) -> Statement:
        return self.arrival.statement

    @property
    def rules(self) -> AppEnvironment:
        rules = self.environment.rules_of(self.statement.release.target)
        assert rules is not None  # noqa: S101 - asked for keys before
        return rules

    def is_here(self, document: ReleaseDocument) -> bool:
        """Whether this very file was taken over, as far as the release document knows."""
        last = document.promotion(self.statement.trail.origin)
        return last is not None and last.statement == self.arrival.believed.sha256

    def judge(self, document: ReleaseDocument) -> None:
        """Raises Refused naming the rule that stands in the way, as far as that is known before it is stored."""
        statement = self.statement
        if statement.exported_at > to_iso(self.context.now + CLOCKS_APART):
            raise Refused("promotion_new", f"it was exported at {statement.exported_at}, which is still to come")
        known = document.model_copy(update={"promotions": ()}) if self._is_new_origin(document) else document
        reason = why_not_new(known, statement.trail, self.arrival.events)
        if reason is not None:
            raise Refused("promotion_new", reason)
        full = document.full(statement.release.target)
        if full is not None and not self.wishes.allow_older and _is_below(statement.version, full.version):
            raise Refused(
                "promotion_newer",
                f"{statement.version} is below {full.version}, which is full on {full.target}",
                hint="Say --allow-older if it is meant.",
            )
        weaker = why_weaker(statement.rules, self.rules)
        if weaker is not None:
            raise Refused("promotion_approved", f"{statement.release.label} cannot be taken over: {weaker}")
        if self.rules.requires_review:
            self._require_approved(1)

    def change(self, document: ReleaseDocument) -> Change[ReleaseDocument]:
        """The document with the release, its approvals, and the note that it came."""
        self.judge(document)
        wanted = self.statement.release
        step = self._transition(document, Command("create", wanted.version, wanted.target, wanted.kind))
        configure = Command("configure", wanted.version, wanted.target, configuration=wanted.configuration)
        step = self._transition(step.document, configure)
        step = self._transition(step.document, Command("apply", wanted.version, wanted.target))
        release = step.release
        if release.state is State.IN_REVIEW:
            self._require_approved(release.review.wanted if release.review is not None else 1)
            release = release.model_copy(update={"state": State.APPROVED, "review": wanted.review})
        changed = step.document.with_release(release).with_promotion(self._promotion(release))
        if self.closed:
            changed = changed.model_copy(update={"otherwise": "refuse"})
        require_budget(document, changed)
        return Change(changed, [self._event(release)])

    def _transition(self, document: ReleaseDocument, command: Command) -> Step:
        """A step by the same rules as everybody's."""
        context = self.context
        loaded = load_inputs(context.storage, self.environment, document, command)
        release = document.live(command.version, command.target)
        return transition(TransitionInput(document, release, command, context.actor, loaded, context.stamp))

    def _is_new_origin(self, document: ReleaseDocument) -> bool:
        return self.wishes.new_origin and document.promotion(self.statement.trail.origin) is None

    def _require_approved(self, wanted: int) -> None:
        reason = why_not_approved(self.statement, self.arrival.events, wanted)
        if reason is not None:
            raise Refused("promotion_approved", f"{self.statement.release.label} cannot be taken over: {reason}")

    def _promotion(self, release: Release) -> Promotion:
        trail = self.statement.trail
        return Promotion(
            origin=trail.origin,
            environment=self.statement.environment,
            length=trail.length,
            hash=trail.hash,
            statement=self.arrival.believed.sha256,
            release=release.id,
        )

    def _event(self, release: Release) -> dict[str, Any]:
        review = self.statement.release.review
        given = review.approvals if review is not None else ()
        details = {
            "releaseId": release.id,
            "digest": self.statement.digest,
            "environment": self.statement.environment,
            "exportedBy": self.statement.exported_by,
            "exportedAt": self.statement.exported_at,
            "statement": self.arrival.believed.sha256,
            "trail": self.statement.trail.model_dump(mode="json", by_alias=True),
            "keyIds": list(self.arrival.believed.key_ids),
            "applicant": review.applicant if review is not None else None,
            "approvals": [each.model_dump(mode="json", by_alias=True) for each in given],
        }
        return self.context.event(
            COMMAND,
            subject=release.id,
            target=str(release.target),
            version=release.version,
            to_state=release.state,
            details=details,
        )


def _require_one_version(statement: Statement, bundle: Bundle, name: str) -> None:
    """Raises DocumentError unless statement, release and version are about one and the same."""
    release = statement.release
    said = (statement.mini_program_id, statement.version, statement.digest)
    if (bundle.program_id, bundle.version, bundle.digest) != said:
        raise DocumentError(f"{name} holds {bundle.program_id} {bundle.version}, which is not what it says it is")
    if (release.version, release.package_digest) != (statement.version, statement.digest):
        raise DocumentError(f"{name} holds a release of something else than {bundle.program_id} {bundle.version}")
    if release.target.environment is not statement.rules.name:
        raise DocumentError(f"{name} holds the rules of another environment than {release.target}")


def _is_below(version: str, other: str) -> bool:
    return Version.parse(version) < Version.parse(other)
