"""A file of SQLite as a provider: where objects are kept, and our delivery server before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from miniprogram.provider_kit.checks import deployment_check, looked_at
from miniprogram.provider_kit.self_hosted import SelfHostedDeployment
from miniprogram.seams.abilities import ALL
from miniprogram.seams.checks import Check
from miniprogram.seams.cloud_provider import DeploymentStatus, ProviderContext, StoreAddress

from miniprogram_sqlite.change_feed import SqliteChangeFeed
from miniprogram_sqlite.settings import SqliteSettings
from miniprogram_sqlite.store import SqliteObjectStore

if TYPE_CHECKING:
    from miniprogram.delivery.evaluation.ledger import AdmissionLedger


class SqliteProvider:
    """Implements `miniprogram.seams.cloud_provider.CloudProvider`."""

    abilities: Mapping[str, str | None] = dict.fromkeys(ALL)
    """What the delivery can do: None for yes, else the reason why not. What is not said cannot be done."""

    def __init__(self, settings: SqliteSettings, context: ProviderContext) -> None:
        self._settings, self._context = settings, context

    @property
    def address(self) -> StoreAddress:
        return self._settings.store_address(self._settings.file, region="local")

    def store(self) -> SqliteObjectStore:
        return self._store

    def ledger(self) -> AdmissionLedger:
        """Admissions to time windows are counted in the store."""
        from miniprogram.documents.store_ledger import ObjectStoreLedger

        return ObjectStoreLedger(self._store, self.address.keys)

    def change_feed(self) -> SqliteChangeFeed:
        return SqliteChangeFeed(self._store)

    def deployment(self) -> SelfHostedDeployment:
        return SelfHostedDeployment(self._settings, self._context, store_name=self._settings.file)

    def settings_to_keep(self, status: DeploymentStatus) -> Mapping[str, object]:
        del status  # where the server is found stands in its own record
        return {}

    def checks(self) -> Iterable[Check]:
        yield looked_at("File", self._file)
        yield deployment_check("Delivery server", self.deployment())

    @cached_property
    def _store(self) -> SqliteObjectStore:
        return SqliteObjectStore(self._context.root / self._settings.file)

    def _file(self) -> str:
        next(iter(self._store.list_names("")), None)
        return f"{self._store.location} can be listed"
