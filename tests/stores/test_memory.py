from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing.object_store_contract import ObjectStoreContract


class TestMemoryObjectStore(ObjectStoreContract):
    def make_store(self) -> MemoryObjectStore:
        return MemoryObjectStore()
