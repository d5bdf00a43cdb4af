from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from miniprogram.identity.environment_document import read_environment
from miniprogram.notices.collecting import collect
from miniprogram.notices.notice import Notice
from miniprogram.notices.subscribing import add_subscription
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import NOON
from releases.conftest import World, make_world

HOOK = "https://hooks.example.com/t0ps3cret"


@pytest.fixture
def world() -> World:
    """A place with published versions, a host app, and somebody who is told everything from now on."""
    world = make_world(MemoryObjectStore())
    add_subscription(world.context, HOOK)
    return world


@pytest.fixture
def told(world: World) -> Callable[..., list[Notice]]:
    """All notices so far, after a look at the time given."""

    def look(now: datetime = NOON) -> list[Notice]:
        return list(collect(world.storage, read_environment(world.storage), now, taken=0).notices)

    return look


def at(world: World, now: datetime) -> World:
    return World(world.store, replace(world.context, now=now), world.target)
