"""What the preview server answers, without a socket: method and target in, reply out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from miniprogram.delivery.documents.content_types import JSON, content_type_of
from miniprogram.files import is_inside
from miniprogram.logs import get_log
from miniprogram.preview.bundle import PreviewBundle
from miniprogram.preview.session import PreviewSession, Snapshot
from miniprogram.project.portable_names import find_as_seen
from miniprogram.stac.images import rewrite_images
from miniprogram.strict_json import to_pretty_json

log = get_log(__name__)

HEADERS = {
    "cache-control": "no-store",
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, OPTIONS",
    "access-control-allow-headers": "Content-Type",
}
"""On every reply, errors included: hosts in a browser come from another origin."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. Files of a kind we do not know have no `content_type`."""

    status: int
    body: bytes = b""
    content_type: str | None = JSON


class PreviewRoutes:
    """The routes below `base_path`, which begins and ends with a slash. `base_url` is how the device calls it."""

    def __init__(self, session: PreviewSession, *, base_path: str, base_url: str) -> None:
        self._session, self._base_path = session, base_path
        self.base_url = base_url

    def answer(self, method: str, target: str) -> Reply:
        """The reply to one request; `target` is the request line's, still escaped. Never raises."""
        try:
            return self._answer(method, target.partition("?")[0])
        except Exception as error:  # the contract wants an answer to whatever goes wrong
            log.exception("preview_request_failed", target=target)
            return _failure(500, "The preview server failed.", details=str(error))

    def _answer(self, method: str, path: str) -> Reply:
        if method == "OPTIONS":
            return Reply(204, content_type=None)
        if method != "GET":
            return _failure(405, f"{method} is not offered here, only GET is.")
        if not path.startswith(self._base_path):
            return _failure(404, "There is nothing here.")
        snapshot = self._session.snapshot
        if snapshot.bundle is None:
            return _failure(503, "Nothing has been built yet.")
        return self._read(path.removeprefix(self._base_path), snapshot, snapshot.bundle)

    def _read(self, path: str, snapshot: Snapshot, bundle: PreviewBundle) -> Reply:
        folder, slash, rest = path.partition("/")
        if path == "status.json":
            return _document(snapshot.status(bundle))
        if path == "manifest.json":
            return _document(bundle.manifest)
        if folder == "screens":
            return self._screen(unquote(rest), bundle)
        if folder == "assets":
            return _asset(rest, bundle.assets_root) if rest or slash else _failure(400, "No asset is named.")
        return _failure(404, "There is nothing here.")

    def _screen(self, name: str, bundle: PreviewBundle) -> Reply:
        screen = bundle.screens.get(name.removesuffix(".json")) if name.endswith(".json") else None
        if screen is None:
            return _failure(404, f"There is no screen {name!r}.")

        def url_for(asset: str) -> str | None:
            file = find_as_seen(bundle.assets_root, asset.split("/"))
            if file is None or not (_is_file(file) and is_inside(file, bundle.assets_root)):
                return None
            return f"{self.base_url}assets/{quote(asset, errors='surrogateescape')}"

        return _document(rewrite_images(screen, url_for))


def _asset(path: str, assets_root: Path) -> Reply:
    """The file at the escaped `path` below `assets_root`. Whatever would lead out of it is refused."""
    parts = [unquote(part, errors="surrogateescape") for part in path.split("/")]
    if not "".join(parts).strip():
        return _failure(400, "No asset is named.")
    if any(part == ".." or set(part) & set("/\\\0") for part in parts):
        return _failure(403, "Assets lie in the assets folder.")
    if any(not part or part.startswith(".") for part in parts):  # hidden files stay hidden
        return _failure(404, "There is no such asset.")
    file = find_as_seen(assets_root, parts)
    if file is None or not _is_file(file):
        return _failure(404, "There is no such asset.")
    if not is_inside(file, assets_root):
        return _failure(403, "Assets lie in the assets folder.")
    return Reply(200, file.read_bytes(), content_type_of(file.name))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name this file system cannot have
        return False


def _document(value: Any) -> Reply:
    return Reply(200, to_pretty_json(value))


def _failure(status: int, message: str, **more: str) -> Reply:
    return Reply(status, to_pretty_json({"message": message, **more}))
