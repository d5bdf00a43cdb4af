"""The environment's own document: host apps, members, tokens and subscriptions, with a trail of their changes."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from miniprogram.delivery.documents.kinds import ENVIRONMENT_COPY, ENVIRONMENT_DOCUMENT
from miniprogram.documents.audit_event import Trail
from miniprogram.documents.audited import AuditedDocuments
from miniprogram.documents.environment_storage import ENVIRONMENT_CHAIN, EnvironmentStorage
from miniprogram.documents.last_good import keep_copy
from miniprogram.identity.roles import Grant
from miniprogram.identity.subscription import Subscription
from miniprogram.models import FrozenModel
from miniprogram.names import MemberName
from miniprogram.person_text import PersonText
from miniprogram.targets import AppEnvironment, HostApp, Target


class Account(FrozenModel):
    """An account at a provider that people sign in with. The issuer never gives a subject to somebody else."""

    issuer: str
    subject: str = Field(min_length=1, max_length=255)


class Departure(FrozenModel):
    """Somebody who left: their account does not make them a member again."""

    name: str
    account: Account | None = None
    at: str


class Member(FrozenModel):
    """A person or a program, and what it is trusted with."""

    name: MemberName
    title: PersonText = Field(default="", max_length=200)
    grants: tuple[Grant, ...] = ()
    added_by: str
    added_at: str
    provided: tuple[Grant, ...] = ()
    """What the groups of their account brought when they signed in last, beside what was given here."""
    provided_until: str | None = None
    """Until when that holds unless they sign in again."""

    account: Account | None = None
    """What they sign in with, from the first time on."""
    sessions_ended_at: str | None = None
    """Sessions that began before have ended, on every server."""

    def held(self, now: str) -> tuple[Grant, ...]:
        """What they are trusted with at the time stamp `now`."""
        provided = self.provided if self.provided_until is not None and now < self.provided_until else ()
        return tuple(dict.fromkeys((*self.grants, *provided)))


class Token(FrozenModel):
    """A bearer token as it is stored: never the token itself, only its hash."""

    id: str
    member: str
    sha256: str = Field(repr=False)
    grants: tuple[Grant, ...] = ()
    """Never more than the member has; what the member loses, the token loses."""
    created_by: str
    created_at: str
    expires_at: str
    revoked_at: str | None = None
    description: PersonText = Field(default="", max_length=200)
    made_with: str | None = None
    """Id of the token that its maker showed. Of the same member, it ends with that one."""


class EnvironmentDocument(FrozenModel):
    """`admin/environment.json` below the metadata prefix."""

    schema_version: Literal[1] = 1
    revision: int = 0
    updated_at_utc: str = ""
    apps: tuple[HostApp, ...] = ()
    members: tuple[Member, ...] = ()
    tokens: tuple[Token, ...] = ()
    departed: tuple[Departure, ...] = ()
    """Who left and was not added again, the latest last."""
    subscriptions: tuple[Subscription, ...] = ()
    """Who is told what happens."""
    trail: Trail = Field(default_factory=Trail)

    def app(self, name: str) -> HostApp | None:
        return next((each for each in self.apps if each.name == name), None)

    def rules_of(self, target: Target) -> AppEnvironment | None:
        """How releases go on `target`; None when there is no such app or environment."""
        app = self.app(target.host_app)
        return app.environment(target.environment) if app else None

    def member(self, name: str) -> Member | None:
        return next((each for each in self.members if each.name == name), None)

    def token(self, token_id: str) -> Token | None:
        return next((each for each in self.tokens if each.id == token_id), None)

    def subscription(self, subscription_id: str) -> Subscription | None:
        return next((each for each in self.subscriptions if each.id == subscription_id), None)


def environment_documents(storage: EnvironmentStorage) -> AuditedDocuments[EnvironmentDocument]:
    """How the environment's document is read and changed."""

    def flush_outbox(document: EnvironmentDocument) -> None:
        if document.revision:
            keep_copy(storage, ENVIRONMENT_COPY, storage.keys.environment_copy_key, document)

    return AuditedDocuments(
        storage=storage,
        kind=ENVIRONMENT_DOCUMENT,
        key=storage.keys.environment_document_key,
        chain=ENVIRONMENT_CHAIN,
        model=EnvironmentDocument,
        blank=EnvironmentDocument,
        flush_outbox=flush_outbox,
        repair_hint="`env repair` says what can be restored.",
    )


def read_environment(storage: EnvironmentStorage) -> EnvironmentDocument:
    """The environment's document, blank when nobody has said anything yet."""
    return environment_documents(storage).read() or EnvironmentDocument()
