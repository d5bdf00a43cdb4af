"""The filesystem provider: its address, store and deployment, and what `cloud doctor` looks at."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cached_property

from miniprogram.delivery.documents.kinds import KINDS
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.delivery.evaluation.ledger import AdmissionLedger
from miniprogram.errors import StoreError
from miniprogram.filesystem_provider.settings import FilesystemSettings
from miniprogram.provider_kit.checks import deployment_check
from miniprogram.provider_kit.self_hosted import SelfHostedDeployment
from miniprogram.seams.abilities import ALL
from miniprogram.seams.checks import Check
from miniprogram.seams.cloud_provider import DeploymentStatus, ProviderContext, StoreAddress
from miniprogram.stores.filesystem import FilesystemObjectStore

REGION = "local"


class FilesystemProvider:
    """A store in a folder, and our delivery server on this machine."""

    def __init__(self, settings: FilesystemSettings, context: ProviderContext) -> None:
        self._settings, self._context = settings, context

    @property
    def address(self) -> StoreAddress:
        return self._settings.store_address(str(self._settings.store_root), REGION)

    @property
    def abilities(self) -> Mapping[str, str | None]:
        return dict.fromkeys(ALL)

    def store(self) -> FilesystemObjectStore:
        return self._store

    def deployment(self) -> SelfHostedDeployment:
        return SelfHostedDeployment(self._settings, self._context, store_name=self.address.bucket)

    def settings_to_keep(self, status: DeploymentStatus) -> Mapping[str, object]:
        return {"stackName": status.name, "stageName": status.stage}

    def ledger(self) -> AdmissionLedger:
        """What counts admissions to time windows: a file beside the store."""
        from miniprogram.stores.ledger_sqlite import SqliteLedger, ledger_beside  # deferred: imports sqlite3

        return SqliteLedger(ledger_beside(self._settings.store_root))

    def checks(self) -> Iterator[Check]:
        store = self._check_store()
        yield store
        if store.status == "ok":
            yield self._check_modes()
        yield deployment_check("Delivery server", self.deployment())

    @cached_property
    def _store(self) -> FilesystemObjectStore:
        return FilesystemObjectStore(self._settings.store_root, is_private=self._keys.is_private, exclusive=True)

    @cached_property
    def _keys(self) -> Keys:
        return self.address.keys

    def _check_store(self) -> Check:
        root = self._settings.store_root
        if not root.exists():
            return Check("Store folder", "warning", f"{root} does not exist yet; publishing makes it")
        if not root.is_dir():
            return Check("Store folder", "error", f"{root} is not a folder")
        if not os.access(root, os.R_OK | os.W_OK | os.X_OK):
            return Check("Store folder", "error", f"{root} cannot be read and written")
        return Check("Store folder", "ok", str(root))

    def _check_modes(self) -> Check:
        """Files of private kinds that others on this machine may read: earlier versions wrote them so."""
        store, label = self._store, "Private files"
        folders = dict.fromkeys(self._keys.folder(kind) for kind in KINDS if kind.cloud and kind.is_private)
        if os.name != "posix":
            return Check(label, "skipped", "this system has no file modes")
        try:
            keys = [info.key for folder in folders for info in store.list(folder) if store.is_exposed(info.key)]
        except StoreError as error:
            return Check(label, "skipped", str(error))
        if not keys:
            return Check(label, "ok", "only their owner may read them")
        help_with = f"Run `chmod -R go= {' '.join(str(store.root / folder) for folder in folders)}`."
        return Check(label, "warning", f"{len(keys)} may be read by others, such as {keys[0]}", help_with)
