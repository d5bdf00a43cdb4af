from __future__ import annotations

from pathlib import Path

import pytest

from testbed.trust_world import TrustWorld


@pytest.fixture
def world(tmp_path: Path) -> TrustWorld:
    return TrustWorld(tmp_path)
