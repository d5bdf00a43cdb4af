"""Signed, expiring links to a release, for QR codes: made, listed, shown again, taken back.

Every link is signed with a key of its own, which lies outside everything that is delivered: without it the link
opens nothing, so taking one link back is taking its key away, and no other link is touched.
"""

from __future__ import annotations

import base64
import secrets
from datetime import datetime, timedelta
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
from miniprogram.identity.roles import DEVELOPER_OR_OPERATOR, Actor
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
MOST_LINKS = 1_000
"""Of one mini-program that have not expired. Delivery reads all their keys."""
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
    link_id: str
    created_by: str
    created_at: str


class LinkList(FrozenModel):
    """The links of a release that still open it, the newest first."""

    schema_version: int = 1
    command: str = "qr list"
    environment_name: str
    mini_program_id: str
    links: tuple[IssuedLink, ...]


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
    expires = context.now + timedelta(hours=hours)
    key = _new_key(context, program_id, release, expires)
    details = {"expiresAt": key["expiresAt"], "link": key["id"]}
    event = context.event("qr", subject=release.id, target=str(target), version=version, details=details)
    releases_of(context.storage, program_id).change(lambda found: Change(found, [event]), now=context.stamp)
    return _issued(context.storage, program_id, release, key, base_url)


def may_link(actor: Actor, program_id: str, target: Target) -> bool:
    """Whether `actor` makes links there, and so may see them: a link is a key."""
    return actor.has(DEVELOPER_OR_OPERATOR, target, program_id)


def list_links(context: CommandContext, program_id: str, version: str, target: Target) -> LinkList:
    """The links of a live release that open it now. For who `may_link`.

    Raises Denied, and NotFound when there is no such release.
    """
    require_role(context, DEVELOPER_OR_OPERATOR, "qr", target=target, program_id=program_id)
    release = require_releases(context.storage, program_id).live(version, target)
    if release is None:
        raise NotFound(f"there is no release of {version} on {target}")
    keys = _keys_of(context.storage, program_id, release.id, context.now)
    return LinkList(
        environment_name=context.storage.environment,
        mini_program_id=program_id,
        links=tuple(_issued(context.storage, program_id, release, each, None) for each in reversed(keys)),
    )


def find_link(context: CommandContext, program_id: str, version: str, target: Target, link_id: str) -> IssuedLink:
    """One of them. Raises NotFound for one that expired or was taken back, Denied."""
    found = (each for each in list_links(context, program_id, version, target).links if each.link_id == link_id)
    link = next(found, None)
    if link is None:
        raise NotFound(f"there is no link {link_id} to {version} on {target}; it expired, or was taken back")
    return link


def revoke_link(
    context: CommandContext,
    program_id: str,
    version: str,
    target: Target,
    link_id: str,
    *,
    reason: str | None = None,
) -> IssuedLink:
    """Take one link back: from now on it opens nothing. Raises NotFound, Denied."""
    link = find_link(context, program_id, version, target, link_id)
    event = context.event(
        "qr revoke", subject=link.release_id, target=str(target), version=version, reason=reason,
        details={"link": link_id},
    )  # fmt: skip
    key = context.storage.keys.link_keys_key(program_id)

    def without(document: dict[str, Any] | None) -> dict[str, Any]:
        keys = [each for each in (document or {}).get("keys", ()) if each["id"] != link_id]
        return {**(document or {}), "keys": keys}

    change_document(context.storage.store, LINK_KEYS, key, without)
    releases_of(context.storage, program_id).change(lambda found: Change(found, [event]), now=context.stamp)
    return link


def link_url(base_url: str | None, program_id: str, target: Target, token: str) -> str:
    """The address behind the code: the manifest at the delivery service, else a deep link hosts understand."""
    query = {"link": token, "environment": str(target.environment)}
    if target.host_app != ANY_HOST:
        query = {"hostApp": target.host_app, **query}
    if base_url is None:
        return f"{DEEP_LINK}/{program_id}?{urlencode(query)}"
    return f"{base_url.rstrip('/')}/manifests/{program_id}/latest?{urlencode(query)}"


def _new_key(context: CommandContext, program_id: str, release: Release, expires: datetime) -> dict[str, Any]:
    """A key for one link. Keys of links that have expired go in the same write."""
    now = to_iso(context.now)
    # an id that never was another key's: a link that was taken back must not open anything again
    made = {
        "id": f"k{secrets.token_hex(6)}",
        "secret": base64.urlsafe_b64encode(secrets.token_bytes(SECRET_BYTES)).rstrip(b"=").decode(),
        "enabled": True,
        "release": release.id,
        "expiresAt": to_iso(expires),
        "createdBy": context.actor.name,
        "createdAt": now,
    }

    def with_key(document: dict[str, Any] | None) -> dict[str, Any]:
        keys = [each for each in (document or {}).get("keys", ()) if each.get("expiresAt", now) >= now]
        if len(keys) >= MOST_LINKS:
            raise Refused("links_bounded", f"{program_id} has {MOST_LINKS:,} links already; take some back first")
        return {**(document or {}), "keys": [*keys, made]}

    change_document(context.storage.store, LINK_KEYS, context.storage.keys.link_keys_key(program_id), with_key)
    return made


def _keys_of(storage: EnvironmentStorage, program_id: str, release_id: str, now: datetime) -> list[dict[str, Any]]:
    """Keys of a release's links, the oldest first. A key that older versions signed all links with is nobody's."""
    document = read_document(storage.store, storage.keys.link_keys_key(program_id)) or {}
    stamp = to_iso(now)
    return [
        each
        for each in document.get("keys", ())
        if each.get("release") == release_id and each.get("enabled", True) and each.get("expiresAt", "") > stamp
    ]


def _issued(
    storage: EnvironmentStorage, program_id: str, release: Release, key: dict[str, Any], base_url: str | None
) -> IssuedLink:
    target = release.target
    expires = int(datetime.fromisoformat(key["expiresAt"]).timestamp())
    link = Link(program_id, target.host_app, target.environment, release.id, expires)
    text = key["secret"]
    token = sign_link(link, key["id"], base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return IssuedLink(
        environment_name=storage.environment,
        mini_program_id=program_id,
        version=release.version,
        kind=release.kind,
        host_app=target.host_app,
        environment=target.environment,
        release_id=release.id,
        token=token,
        url=link_url(base_url or storage.api_base_url, program_id, target, token),
        expires_at=key["expiresAt"],
        link_id=key["id"],
        created_by=key["createdBy"],
        created_at=key["createdAt"],
    )


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
