"""Contract tests and fakes for plugin authors. Needs pytest.

Inherit from a contract class in your tests, say how to make your thing, and the tests come with it.
"""

from miniprogram.testing.admission_ledger import AdmissionLedgerContract
from miniprogram.testing.clock import NOON, frozen_clock
from miniprogram.testing.cloud_provider import CloudProviderContract
from miniprogram.testing.data_store_contract import DataStoreContract
from miniprogram.testing.faulty_store import FaultyStore
from miniprogram.testing.interleaving_store import InterleavingStore, interleavings
from miniprogram.testing.memory_target import MemoryTarget
from miniprogram.testing.object_store_contract import ObjectStoreContract
from miniprogram.testing.publish_target_contract import PublishTargetContract
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
from miniprogram.testing.version_keeping_contract import VersionKeepingContract
from miniprogram.testing.wrapped_store import WrappedStore

__all__ = [
    "NOON",
    "PNG",
    "AdmissionLedgerContract",
    "CloudProviderContract",
    "DataStoreContract",
    "FaultyStore",
    "InterleavingStore",
    "MemoryTarget",
    "ObjectStoreContract",
    "PublishTargetContract",
    "RemoteObjectsContract",
    "VersionKeepingContract",
    "WrappedStore",
    "frozen_clock",
    "image_screen",
    "interleavings",
    "sample_bundle",
    "sample_manifest",
    "sample_release",
    "sample_screens",
    "write_program",
]
