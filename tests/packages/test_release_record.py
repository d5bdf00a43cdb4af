"""Reading release records: what another tool wrote ends no command."""

from __future__ import annotations

import json
from typing import Any

import pytest

from miniprogram.delivery.documents.layouts.keys import Keys, bundle_kind, is_bundle_path
from miniprogram.packages.release_record import read_record

OWN = ["manifest.json", "screens/home.json", "assets/logo.png", "assets/icons/a b@2x.png"]
FOREIGN = [
    "foo/x", "foo", "", "/", "screens", "screens/", "assets/", "assets//x", "assets/../x", "assets/./x",
    "/assets/x", "other/screens/home.json", "manifest.json/x", "assets/a\\b", "assets/..",
]  # fmt: skip


def record(paths: list[str], entry: Any = None) -> bytes:
    files = {path: entry or {"sha256": "0" * 64, "size": 1} for path in paths}
    return json.dumps({"version": "1.0.0", "bundle": {"digest": "d", "files": files}}).encode()


@pytest.mark.parametrize("path", OWN)
def test_files_of_a_bundle_are_read_and_have_a_key(path: str) -> None:
    found = read_record(record([path]))

    assert found is not None
    assert list(found.files) == list(found.plain) == [path]
    keys = Keys("cloud")
    assert keys.bundle_path(keys.bundle_file_key("shop", "1.0.0", path)) == path
    assert bundle_kind(path)


@pytest.mark.parametrize("path", FOREIGN)
def test_a_path_that_lies_nowhere_in_a_bundle_is_left_out(path: str) -> None:
    found = read_record(record([*OWN, path]))

    assert found is not None
    assert sorted(found.files) == sorted(OWN)
    assert not is_bundle_path(path)
