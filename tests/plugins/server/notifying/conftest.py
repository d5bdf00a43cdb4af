from __future__ import annotations

from collections.abc import Iterator

import pytest

from plugins.server.notifying.receiver import Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver().running() as running:
        yield running
