"""`cloud app list` and `cloud app info`: the mini-programs of an environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from miniprogram.delivery.documents.contents.program_index import ProgramRow
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index.listing import ProgramQuery, list_page
from miniprogram.documents.json_documents import read_document
from miniprogram.environments.delivery import requires_access_keys
from miniprogram.environments.session import CloudSession, storage_of
from miniprogram.errors import MiniProgramError
from miniprogram.keys.lifecycle import read_policy
from miniprogram.keys.listing import policy_location
from miniprogram.models import CamelModel


class ListedApp(CamelModel):
    """An active mini-program. `latest_version` and the time are null when its pointer cannot be read."""

    mini_program_id: str
    latest_version: str | None
    updated_at_utc: str | None
    unreadable: str | None = None
    """What is wrong with a document of it, if anything is."""


class AppList(CamelModel):
    """The document of `cloud app list --json`. Apps and disabled ids are sorted."""

    schema_version: int = 1
    command: str = "cloud app list"
    provider: str
    environment_name: str
    bucket_name: str
    region: str
    app_count: int
    apps: tuple[ListedApp, ...]
    disabled_ids: tuple[str, ...]
    next_after: str | None = None
    """What `--after` takes for the next page; null when there is none."""

    @property
    def has_unreadable(self) -> bool:
        return any(app.unreadable for app in self.apps)


class AppInfo(CamelModel):
    """The document of `cloud app info --json`. `access_policy_key` is null for a public mini-program."""

    schema_version: int = 1
    command: str = "cloud app info"
    provider: str
    environment_name: str
    mini_program_id: str
    bucket_name: str
    region: str
    catalog_key: str
    latest_version: str | None
    updated_at_utc: str | None
    release_key: str | None
    published_at_utc: str | None
    access_policy_key: str | None
    access_keys_required: bool
    """Whether the environment refuses mini-programs without keys."""
    access_key_count: int
    active_access_key_count: int


def list_apps(session: CloudSession, query: ProgramQuery | None = None) -> AppList:
    """Mini-programs with an active pointer, and the disabled ones, as far as `query` asks. Raises StoreError."""
    page = list_page(storage_of(session), query or ProgramQuery())
    apps = tuple(_listed(row) for row in page.rows if row.listing.get("state") == "served")
    address = session.provider.address
    return AppList(
        provider=session.environment.provider,
        environment_name=session.environment.name,
        bucket_name=address.bucket,
        region=address.region,
        app_count=len(apps),
        apps=apps,
        disabled_ids=tuple(row.id for row in page.rows if row.listing.get("state") == "disabled"),
        next_after=page.next_after,
    )


def app_info(session: CloudSession, program_id: str) -> AppInfo:
    """What is served of `program_id`. Raises MiniProgramError when nothing is, or a document is broken."""
    catalog_key = session.keys.catalog_pointer_key(program_id)
    catalog = read_document(session.store, catalog_key)
    if catalog is None:
        raise not_active(storage_of(session), program_id)
    location = policy_location(session, program_id)
    policy = read_policy(location)
    address = session.provider.address
    release_key = _text(catalog, "releaseKey")
    return AppInfo(
        provider=session.environment.provider,
        environment_name=session.environment.name,
        mini_program_id=program_id,
        bucket_name=address.bucket,
        region=address.region,
        catalog_key=catalog_key,
        latest_version=_text(catalog, "latestVersion"),
        updated_at_utc=_text(catalog, "updatedAtUtc"),
        release_key=release_key,
        published_at_utc=_published_at(session, release_key),
        access_policy_key=location.key if policy else None,
        access_keys_required=requires_access_keys(session),
        access_key_count=len(policy.keys) if policy else 0,
        active_access_key_count=policy.active_count if policy else 0,
    )


def not_active(storage: EnvironmentStorage, program_id: str) -> MiniProgramError:
    """The error for a mini-program without a pointer: never published here, or disabled."""
    location = storage.environment
    if storage.store.get(storage.keys.disabled_pointer_key(program_id)) is None:
        return MiniProgramError(f"{program_id} has no active version in {location}")
    return MiniProgramError(
        f"{program_id} is disabled in {location}", hint=f"`miniprogram cloud app enable {program_id}` undoes that."
    )


def _listed(row: ProgramRow) -> ListedApp:
    return ListedApp(
        mini_program_id=row.id,
        latest_version=_text(row.listing, "latestVersion"),
        updated_at_utc=_text(row.listing, "updatedAtUtc"),
        unreadable=row.unreadable,
    )


def _published_at(session: CloudSession, release_key: str | None) -> str | None:
    try:
        record = read_document(session.store, release_key) if release_key else None
    except MiniProgramError:
        return None  # a broken record does not hide the rest
    return _text(record or {}, "publishedAtUtc")


def _text(document: Mapping[str, Any], name: str) -> str | None:
    value = document.get(name)
    return value if isinstance(value, str) and value else None
