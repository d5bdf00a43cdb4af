"""Signed, expiring links to a release, for QR codes. The secret lies outside everything that is delivered."""

from __future__ import annotations

import base64
import secrets
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from miniprogram.clock import to_iso
from miniprogram.delivery.documents.kinds import LINK_KEYS
from miniprogram.delivery.evaluation.context.links import Link, sign_link
from miniprogram.documents.audited import Change
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.json_documents import change_document, read_document
from miniprogram.identity.command_context import CommandContext, require_role
from miniprogram.identity.environment_document import read_environment
from miniprogram.identity.roles import DEVELOPER_OR_OPERATOR
from miniprogram.models import FrozenModel
from miniprogram.refusals import NotFound, Refused, Unacceptable
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.model.release import Release
from miniprogram.releases.model.states import State
from miniprogram.releases.state_machine.abilities import limits_of
from miniprogram.releases.storage.release_documents import releases_of, require_releases
from miniprogram.seams.abilities import SIGNED_LINKS
from miniprogram.targets import ANY_HOST, Kind, Target

SECRET_BYTES = 32
DEFAULT_HOURS = 72.0
MAX_HOURS = 24.0 * 366
DEEP_LINK = "miniprogram://open"
"""What a link starts with where the environment has no address yet; hosts register the scheme."""

_LINKED = frozenset({State.PILOT, State.PREPARED, State.GRAYSCALE, State.FULL})


class IssuedLink(FrozenModel):
    """A link and what it opens. Whoever has it gets the release until `expires_at`."""

    schema_version: int = 1
    command: str = "qr"
    environment_name: str
    mini_program_id: str
    version: str
    kind: Kind
    host_app: str
    environment: str
    release_id: str
    token: str
    url: str
    expires_at: str


def issue_link(
    context: CommandContext,
    program_id: str,
    version: str,
    target: Target,
    *,
    hours: float = DEFAULT_HOURS,
    base_url: str | None = None,
) -> IssuedLink:
    """Sign a link to a live release, and put that on record. `base_url` replaces the environment's own address.

    Raises Refused when the release is not (or no more) to be had by a link, or its target cannot check signatures.
    """
    if not 0 < hours <= MAX_HOURS:
        raise Unacceptable(f"a link is valid for up to {MAX_HOURS:g} hours, not {hours:g}")
    require_role(context, DEVELOPER_OR_OPERATOR, "qr", target=target, program_id=program_id)
    document = require_releases(context.storage, program_id)
    release = _linkable(context.storage, document, version, target)
    key_id, secret = signing_key(context.storage, program_id)
    expires = context.now + timedelta(hours=hours)
    link = Link(program_id, target.host_app, target.environment, release.id, int(expires.timestamp()))
    token = sign_link(link, key_id, secret)
    event = context.event(
        "qr", subject=release.id, target=str(target), version=version, details={"expiresAt": to_iso(expires)}
    )
    releases_of(context.storage, program_id).change(lambda found: Change(found, [event]), now=context.stamp)
    return IssuedLink(
        environment_name=context.storage.environment,
        mini_program_id=program_id,
        version=version,
        kind=release.kind,
        host_app=target.host_app,
        environment=target.environment,
        release_id=release.id,
        token=token,
        url=link_url(base_url or context.storage.api_base_url, program_id, target, token),
        expires_at=to_iso(expires),
    )


def link_url(base_url: str | None, program_id: str, target: Target, token: str) -> str:
    """The address behind the code: the manifest at the delivery service, else a deep link hosts understand."""
    query = {"link": token, "environment": str(target.environment)}
    if target.host_app != ANY_HOST:
        query = {"hostApp": target.host_app, **query}
    if base_url is None:
        return f"{DEEP_LINK}/{program_id}?{urlencode(query)}"
    return f"{base_url.rstrip('/')}/manifests/{program_id}/latest?{urlencode(query)}"


def signing_key(storage: EnvironmentStorage, program_id: str) -> tuple[str, bytes]:
    """Id and secret of the key that signs links of `program_id`; made when there is none that is enabled."""

    def with_key(document: dict[str, Any] | None) -> dict[str, Any]:
        keys = list((document or {}).get("keys", ()))
        if any(each.get("enabled", True) for each in keys):
            return document or {}
        secret = base64.urlsafe_b64encode(secrets.token_bytes(SECRET_BYTES)).rstrip(b"=").decode()
        return {
            **(document or {}),
            "keys": [*keys, {"id": f"k{len(keys) + 1}", "secret": secret, "enabled": True}],
        }

    key = storage.keys.link_keys_key(program_id)
    document = read_document(storage.store, key)
    if document is None or not any(each.get("enabled", True) for each in document.get("keys", ())):
        document = change_document(storage.store, LINK_KEYS, key, with_key)
    newest = [each for each in document["keys"] if each.get("enabled", True)][-1]
    text = newest["secret"]
    return newest["id"], base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _linkable(storage: EnvironmentStorage, document: ReleaseDocument, version: str, target: Target) -> Release:
    release = document.live(version, target)
    if release is None:
        raise NotFound(f"there is no release of {version} on {target}")
    approved = release.kind is not Kind.OFFICIAL and release.state is State.APPROVED
    if not approved and release.state not in _LINKED:
        raise Refused("release_is_linked", f"{release.label} is {release.state}; a link would open nothing")
    limits = limits_of(read_environment(storage).rules_of(target), storage.cannot)
    if SIGNED_LINKS in limits:
        raise Refused("target_capable", f"{target} cannot do {SIGNED_LINKS}: {limits[SIGNED_LINKS]}")
    return release
