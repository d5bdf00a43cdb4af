"""Files of others are shipped as they came, with their licence, and each is written down."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

from miniprogram_web.node import RUNTIME

VENDOR = RUNTIME.parent / "vendor"
FILES = tomllib.loads((VENDOR / "vendor.toml").read_text("utf-8"))["file"]


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_every_file_is_the_one_written_down() -> None:
    wanted = {file["path"]: file["sha256"] for file in FILES} | {
        file["licence_file"]: file["licence_sha256"] for file in FILES
    }

    assert {path: sha256(VENDOR / path) for path in wanted} == wanted


def test_nothing_else_lies_there() -> None:
    known = {"vendor.toml", *(file["path"] for file in FILES), *(file["licence_file"] for file in FILES)}

    assert {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()} == known


def test_only_fonts_are_vendored() -> None:
    assert {Path(file["path"]).suffix for file in FILES} == {".woff2"}
    assert all(file["licence"] for file in FILES)
