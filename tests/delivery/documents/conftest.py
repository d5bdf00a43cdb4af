"""What a store holds before it fails."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from delivery.documents.failing_store import (
    KEY,
    LIST,
    RELEASES,
    Store,
    World,
    digest_of,
    pointer,
    release_document,
    version_of,
)
from miniprogram.delivery.evaluation.conditions.id_list import write_id_list


@pytest.fixture
def objects(tmp_path: Path) -> dict[str, Any]:
    """`shop` is open and decided by releases, `locked` has a key, `plain` a pointer alone, `ruled` rules."""
    write_id_list(str(tmp_path / "ids"), ["ann"], salt=bytes(16))
    found: dict[str, Any] = {LIST: (tmp_path / "ids").read_bytes(), RELEASES: release_document("1.0.0")}
    for program in ("shop", "locked", "plain", "ruled"):
        found |= version_of(program, "1.0.0") | version_of(program, "1.1.0")
        found[f"metadata/catalog/{program}.json"] = pointer(program, "1.0.0")
    found["metadata/access_keys/locked.json"] = {"keys": [{"sha256": digest_of(KEY)}]}
    found["metadata/rollout-rules/ruled.json"] = {"defaultVersion": "1.0.0"}
    found["metadata/capability-policies/ruled.json"] = {"requireContextForLatest": False}
    return found


@pytest.fixture
def world(objects: dict[str, Any]) -> World:
    return World(Store(objects))
