"""What the tests of the delivery validator share."""

from __future__ import annotations

from pathlib import Path

import pytest

from project.validation.workspaces import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)
