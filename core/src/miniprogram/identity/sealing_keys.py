"""The keys that versions are sealed for: of a host app, added, listed and revoked, each change on record."""

from __future__ import annotations

from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.change_report import ChangeReport
from miniprogram.identity.changes import change_environment
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.environment_document import EnvironmentDocument, read_environment
from miniprogram.identity.host_apps import existing_app
from miniprogram.models import FrozenModel
from miniprogram.number_words import number_of
from miniprogram.refusals import Refused
from miniprogram.sealing.keys import parse_recipient
from miniprogram.targets import HostApp, SealingKey

LEAST_OF_AN_ID = 8


class ListedSealingKey(FrozenModel):
    """A key with its id, the SHA-256 of the public key in hex."""

    app: str
    key_id: str
    key: str
    added_at: str
    revoked_at: str | None


class SealingKeyList(FrozenModel):
    """The keys of the host apps of an environment, by app, in the order they were added."""

    schema_version: int = 1
    command: str = "sealing keys list"
    environment_name: str
    keys: tuple[ListedSealingKey, ...]


def add_sealing_key(context: CommandContext, name: str, text: str) -> ChangeReport:
    """Have versions sealed for a key of the host app `name` from now on.

    Raises Refused when the app has it, revoked or not: a key that was revoked does not come back.
    """
    key = parse_recipient(text)

    def add(document: EnvironmentDocument) -> tuple[EnvironmentDocument, HostApp]:
        app = existing_app(document, name)
        if any(each.key == key.text for each in app.sealing_keys):
            raise Refused("sealing_key_is_new", f"{name} has the key {key.key_id[:12]} already, or had it")
        added = SealingKey(key=key.text, added_at=context.stamp)
        return _with(document, app.model_copy(update={"sealing_keys": (*app.sealing_keys, added)}))

    details = {"keyId": key.key_id, "key": key.text}
    return change_environment(context, "sealing keys add", add, subject=name, details=details)


def revoke_sealing_key(
    context: CommandContext, name: str, key_id: str, *, reason: str | None = None
) -> ChangeReport:
    """Seal nothing for a key any more, the next version on. `key_id` may be the beginning of its id.

    Raises Refused when the app has no such key that is not revoked, or several that begin so.
    """

    def revoke(document: EnvironmentDocument) -> tuple[EnvironmentDocument, HostApp]:
        app = existing_app(document, name)
        found = [each for each in app.sealing_keys if each.revoked_at is None and _is(each, key_id)]
        if len(found) != 1 or len(key_id) < LEAST_OF_AN_ID:
            raise Refused(
                "sealing_key_known",
                f"{name} has {number_of(len(found), 'key')} in use whose id begins with {key_id!r}",
                hint=f"Give {LEAST_OF_AN_ID} letters of an id or more: `sealing keys list` shows them.",
            )
        changed = tuple(
            each.model_copy(update={"revoked_at": context.stamp}) if each == found[0] else each
            for each in app.sealing_keys
        )
        return _with(document, app.model_copy(update={"sealing_keys": changed}))

    return change_environment(
        context, "sealing keys revoke", revoke, subject=name, details={"keyId": key_id}, reason=reason
    )


def list_sealing_keys(storage: EnvironmentStorage) -> SealingKeyList:
    """All keys, those that were revoked too."""
    apps = read_environment(storage).apps
    return SealingKeyList(
        environment_name=storage.environment,
        keys=tuple(
            ListedSealingKey(
                app=app.name,
                key_id=parse_recipient(each.key).key_id,
                key=each.key,
                added_at=each.added_at,
                revoked_at=each.revoked_at,
            )
            for app in apps
            for each in app.sealing_keys
        ),
    )


def _is(key: SealingKey, beginning: str) -> bool:
    return parse_recipient(key.key).key_id.startswith(beginning.lower())


def _with(document: EnvironmentDocument, app: HostApp) -> tuple[EnvironmentDocument, HostApp]:
    apps = tuple(app if each.name == app.name else each for each in document.apps)
    return document.model_copy(update={"apps": apps}), app
