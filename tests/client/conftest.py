from pathlib import Path

import pytest

from client.delivered import Delivered


@pytest.fixture(params=["service", "static"])
def delivered(request: pytest.FixtureRequest, tmp_path: Path) -> Delivered:
    """Nothing is published yet."""
    return Delivered(tmp_path / "delivered", request.param)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def presets(tmp_path: Path) -> Path:
    return tmp_path / "presets"
