from __future__ import annotations

import pytest

from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.host_apps import add_app
from miniprogram.identity.roles import store_owner
from miniprogram.seams.object_store import ObjectStore
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.targets import Stage
from miniprogram.testing import NOON


def owner_of(store: ObjectStore) -> CommandContext:
    """Who has the store's own credentials may do everything."""
    return CommandContext(EnvironmentStorage(store), store_owner("root"), NOON)


@pytest.fixture
def root() -> CommandContext:
    """The owner of an environment with the host apps `wallet` and `shop`, each with sandbox and production."""
    context = owner_of(MemoryObjectStore())
    for name in ("wallet", "shop"):
        add_app(context, name, stages=[Stage.SANDBOX])
    return context
