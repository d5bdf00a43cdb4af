"""A mini-program with a mock publisher backend in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from miniprogram.backends.local_runner import stop_backend
from miniprogram.backends.mock.template import MockTemplate
from miniprogram.backends.scaffold import scaffold_backend
from miniprogram.plugins.specs import BackendTemplateSpec

MOCK = BackendTemplateSpec("mock", "for development", ("bundled",), MockTemplate)


@pytest.fixture
def program(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    root.mkdir()
    (root / "manifest.json").write_text(json.dumps({"id": "shop", "title": "The 'Shop' $5"}))
    return root


@pytest.fixture
def mock_spec() -> BackendTemplateSpec:
    return MOCK


@pytest.fixture
def program_with_backend(program: Path) -> Iterator[Path]:
    scaffold_backend(MOCK, program, storage=None, force=False)
    yield program
    stop_backend(program)
