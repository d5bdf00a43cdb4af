"""A delivery function over a folder, with a clock that a test moves: no cloud, and nothing of one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from miniprogram.delivery.documents.profile import cloud_profile
from miniprogram.delivery.documents.remote_source import Fetched, Freshness, RemoteSource
from miniprogram.delivery.evaluation.errors import BrokenDocument
from miniprogram.delivery.function.delivery_function import DeliveryFunction
from miniprogram.delivery.function.request_log import RequestLog
from miniprogram.delivery.http.messages import Request

MAX_BYTES = 4_600_000
QUIET = RequestLog("ERROR")


class FolderObjects:
    """RemoteObjects over a folder. Counts, and fails as told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.calls: list[str] = []
        self.fails_with: Exception | None = None

    def fetch(self, key: str, *, known: str | None, max_bytes: int) -> Fetched | None:
        self._ask(key)
        path = self.folder / key
        if not path.is_file():
            return None
        body = path.read_bytes()
        if len(body) > max_bytes:
            raise BrokenDocument(key, f"larger than {max_bytes} bytes")
        etag = f'"{hash(body):x}"'
        return Fetched(etag, None if etag == known else body)

    def names(self, folder: str) -> Iterable[str]:
        self._ask(folder)
        path = self.folder / folder
        found = path.iterdir() if path.is_dir() else ()
        return [f"{folder}{each.name}{'/' if each.is_dir() else ''}" for each in found]

    def _ask(self, name: str) -> None:
        self.calls.append(name)
        if self.fails_with is not None:
            raise self.fails_with


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Function:
    """A running function over a folder."""

    def __init__(self, folder: Path, freshness: Freshness | None = None, **profile: Any) -> None:
        self.objects, self.clock = FolderObjects(folder), Clock()
        source = RemoteSource(self.objects, freshness or Freshness(), max_bytes=MAX_BYTES, clock=self.clock)
        self.function = DeliveryFunction(source, cloud_profile(**profile), QUIET)

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        response = self.function.answer(get_request(path, **headers))
        return response.status, dict(response.headers), response.body

    def reads(self) -> int:
        done, self.objects.calls = len(self.objects.calls), []
        return done


def get_request(path: str, *, query: str = "", **headers: str) -> Request:
    return Request("GET", path, query, {name.lower(): value for name, value in headers.items()}, b"", "192.0.2.1")


def write_shop(folder: Path) -> Path:
    """`folder` with one published program."""
    documents: dict[str, Any] = {
        "metadata/catalog/shop.json": {
            "releaseKey": "metadata/releases/shop/1.0.0.json",
            "latestVersion": "1.0.0",
        },
        "metadata/releases/shop/1.0.0.json": {
            "version": "1.0.0",
            "artifacts": {"manifestKey": "artifacts/shop/1.0.0/manifest.json"},
        },
        "artifacts/shop/1.0.0/manifest.json": {
            "id": "shop",
            "version": "1.0.0",
            "entry": "home",
            "requiredCapabilities": [],
        },
        "artifacts/shop/1.0.0/screens/home.json": {"type": "text", "data": "é" * 600},
    }
    for key, document in documents.items():
        path = folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document))
    (folder / "artifacts/shop/1.0.0/assets").mkdir()
    (folder / "artifacts/shop/1.0.0/assets/dot.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00\xff")
    return folder
