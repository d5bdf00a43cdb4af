"""Contract tests and fakes for plugin authors. Needs pytest.

Inherit from a contract class in your tests, say how to make your thing, and the tests come with it. Names are
imported when they are used: pytest looks into this package at every start where `miniprogram` is installed.
"""

from __future__ import annotations

import importlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from miniprogram.testing.admission_ledger import AdmissionLedgerContract
    from miniprogram.testing.backend_template_contract import BackendTemplateContract
    from miniprogram.testing.change_feed_contract import ChangeFeedContract
    from miniprogram.testing.clock import NOON, frozen_clock
    from miniprogram.testing.cloud_provider import CloudProviderContract
    from miniprogram.testing.contract import Contract, needs
    from miniprogram.testing.data_store_contract import DataStoreContract
    from miniprogram.testing.delivery_deployment import DeliveryDeploymentContract
    from miniprogram.testing.faulty_store import FaultyStore
    from miniprogram.testing.hooks_contract import HooksContract
    from miniprogram.testing.host_generator_contract import HostGeneratorContract
    from miniprogram.testing.interleaving_store import InterleavingStore, interleavings
    from miniprogram.testing.log_source_contract import LogSourceContract
    from miniprogram.testing.memory_log import MemoryLog
    from miniprogram.testing.memory_target import MemoryTarget
    from miniprogram.testing.object_store_contract import ObjectStoreContract
    from miniprogram.testing.publish_target_contract import PublishTargetContract
    from miniprogram.testing.publisher_backend import MemoryBackend, MemoryDataStore
    from miniprogram.testing.remote_objects import RemoteObjectsContract
    from miniprogram.testing.samples import (
        PNG,
        image_screen,
        sample_bundle,
        sample_manifest,
        sample_release,
        sample_screens,
        write_program,
    )
    from miniprogram.testing.screen_source_contract import ScreenSourceContract
    from miniprogram.testing.sdk_errors_contract import SdkErrorsContract
    from miniprogram.testing.signing_key_contract import SigningKeyContract
    from miniprogram.testing.version_keeping_contract import VersionKeepingContract
    from miniprogram.testing.wrapped_store import WrappedStore

MODULES = {
    "admission_ledger": "AdmissionLedgerContract",
    "backend_template_contract": "BackendTemplateContract",
    "change_feed_contract": "ChangeFeedContract",
    "clock": "NOON frozen_clock",
    "cloud_provider": "CloudProviderContract",
    "contract": "Contract needs",
    "data_store_contract": "DataStoreContract",
    "delivery_deployment": "DeliveryDeploymentContract",
    "faulty_store": "FaultyStore",
    "hooks_contract": "HooksContract",
    "host_generator_contract": "HostGeneratorContract",
    "interleaving_store": "InterleavingStore interleavings",
    "log_source_contract": "LogSourceContract",
    "memory_log": "MemoryLog",
    "memory_target": "MemoryTarget",
    "object_store_contract": "ObjectStoreContract",
    "publish_target_contract": "PublishTargetContract",
    "publisher_backend": "MemoryBackend MemoryDataStore",
    "remote_objects": "RemoteObjectsContract",
    "samples": "PNG image_screen sample_bundle sample_manifest sample_release sample_screens write_program",
    "screen_source_contract": "ScreenSourceContract",
    "sdk_errors_contract": "SdkErrorsContract",
    "signing_key_contract": "SigningKeyContract",
    "version_keeping_contract": "VersionKeepingContract",
    "wrapped_store": "WrappedStore",
}
"""The names of each module."""

__all__ = [
    "NOON",
    "PNG",
    "AdmissionLedgerContract",
    "BackendTemplateContract",
    "ChangeFeedContract",
    "CloudProviderContract",
    "Contract",
    "DataStoreContract",
    "DeliveryDeploymentContract",
    "FaultyStore",
    "HooksContract",
    "HostGeneratorContract",
    "InterleavingStore",
    "LogSourceContract",
    "MemoryBackend",
    "MemoryDataStore",
    "MemoryLog",
    "MemoryTarget",
    "ObjectStoreContract",
    "PublishTargetContract",
    "RemoteObjectsContract",
    "ScreenSourceContract",
    "SdkErrorsContract",
    "SigningKeyContract",
    "VersionKeepingContract",
    "WrappedStore",
    "frozen_clock",
    "image_screen",
    "interleavings",
    "needs",
    "sample_bundle",
    "sample_manifest",
    "sample_release",
    "sample_screens",
    "write_program",
]


def __getattr__(name: str) -> object:
    for module, names in MODULES.items():
        if name in names.split():
            return getattr(importlib.import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
