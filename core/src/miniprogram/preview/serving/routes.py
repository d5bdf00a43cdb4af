"""What apps on devices ask of a preview: its state, the manifest, screens with addresses of pictures, assets."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, unquote

from miniprogram.delivery.documents.content_types import content_type_of
from miniprogram.files import is_inside
from miniprogram.preview.bundle import PreviewBundle
from miniprogram.preview.serving.requests import Reply, document, failure
from miniprogram.preview.session import PreviewSession, Snapshot
from miniprogram.project.portable_names import find_as_seen
from miniprogram.stac.images import rewrite_images

CORS = {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, OPTIONS",
    "access-control-allow-headers": "Content-Type",
}
"""For apps that run in a browser and come from another origin. Sent where the address has a secret part only."""


class PreviewRoutes:
    """Paths below `preview/`. `base_url` is how the device calls that folder."""

    def __init__(self, session: PreviewSession, *, base_url: str = "") -> None:
        self._session = session
        self.base_url = base_url

    def answer(self, method: str, path: str) -> Reply:
        """The reply to one request."""
        if method == "OPTIONS":
            return Reply(204, content_type=None)
        if method != "GET":
            return failure(405, f"{method} is not offered here, only GET is.")
        snapshot = self._session.snapshot
        if snapshot.bundle is None:
            return failure(503, "Nothing has been built yet.")
        return self._read(path, snapshot, snapshot.bundle)

    def _read(self, path: str, snapshot: Snapshot, bundle: PreviewBundle) -> Reply:
        folder, slash, rest = path.partition("/")
        if path == "status.json":
            return document(snapshot.status(bundle))
        if path == "manifest.json":
            return document(bundle.manifest)
        if folder == "screens":
            return self._screen(unquote(rest), bundle)
        if folder == "assets":
            return asset_reply(rest, bundle.assets_root) if rest or slash else failure(400, "No asset is named.")
        return failure(404, "There is nothing here.")

    def _screen(self, name: str, bundle: PreviewBundle) -> Reply:
        screen = bundle.screens.get(name.removesuffix(".json")) if name.endswith(".json") else None
        if screen is None:
            return failure(404, f"There is no screen {name!r}.")

        def url_for(asset: str) -> str | None:
            file = find_as_seen(bundle.assets_root, asset.split("/"))
            if file is None or not (_is_file(file) and is_inside(file, bundle.assets_root)):
                return None
            return f"{self.base_url}assets/{quote(asset, errors='surrogateescape')}"

        return document(rewrite_images(screen, url_for))


def asset_reply(path: str, assets_root: Path) -> Reply:
    """The file at the escaped `path` below `assets_root`. Whatever would lead out of it is refused."""
    parts = [unquote(part, errors="surrogateescape") for part in path.split("/")]
    if not "".join(parts).strip():
        return failure(400, "No asset is named.")
    if any(part == ".." or set(part) & set("/\\\0") for part in parts):
        return failure(403, "Assets lie in the assets folder.")
    if any(not part or part.startswith(".") for part in parts):  # hidden files stay hidden
        return failure(404, "There is no such asset.")
    file = find_as_seen(assets_root, parts)
    if file is None or not _is_file(file):
        return failure(404, "There is no such asset.")
    if not is_inside(file, assets_root):
        return failure(403, "Assets lie in the assets folder.")
    return Reply(200, file.read_bytes(), content_type_of(file.name))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name this file system cannot have
        return False
