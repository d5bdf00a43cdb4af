"""`access-key list`: the keys of a mini-program without anything secret."""

from __future__ import annotations

from miniprogram.environments.delivery import requires_access_keys
from miniprogram.environments.session import CloudSession
from miniprogram.keys.lifecycle import PolicyLocation, read_policy
from miniprogram.keys.policy import KeyEntry
from miniprogram.models import CamelModel


class ListedKey(CamelModel):
    """One key. Times are as stored; null where an older document has none."""

    id: str
    enabled: bool
    active: bool
    created_at_utc: str | None
    updated_at_utc: str | None
    revoked_at_utc: str | None = None

    @classmethod
    def of(cls, entry: KeyEntry) -> ListedKey:
        return cls(
            id=entry.id,
            enabled=entry.enabled,
            active=entry.active,
            created_at_utc=entry.created_at,
            updated_at_utc=entry.updated_at,
            revoked_at_utc=entry.revoked_at,
        )


class AccessKeyList(CamelModel):
    """The document of `access-key list --json`. Keys are sorted by id."""

    schema_version: int = 1
    command: str = "access-key list"
    provider: str
    environment_name: str
    mini_program_id: str
    bucket_name: str
    region: str
    policy_key: str
    policy_exists: bool
    keys_required: bool
    """Whether the environment refuses mini-programs without keys."""
    active_count: int
    key_count: int
    keys: tuple[ListedKey, ...]


def list_keys(session: CloudSession, program_id: str) -> AccessKeyList:
    """The keys of `program_id`; a missing policy is an empty list. Raises DocumentError for a broken one."""
    location = policy_location(session, program_id)
    policy = read_policy(location)
    entries = policy.keys if policy else ()
    address = session.provider.address
    return AccessKeyList(
        provider=session.environment.provider,
        environment_name=session.environment.name,
        mini_program_id=program_id,
        bucket_name=address.bucket,
        region=address.region,
        policy_key=location.key,
        policy_exists=policy is not None,
        keys_required=requires_access_keys(session),
        active_count=policy.active_count if policy else 0,
        key_count=len(entries),
        keys=tuple(ListedKey.of(entry) for entry in entries),
    )


def policy_location(session: CloudSession, program_id: str) -> PolicyLocation:
    """Where an environment keeps the keys of `program_id`."""
    return PolicyLocation(session.store, session.keys.access_keys_key(program_id), program_id)
