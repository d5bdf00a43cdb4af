"""What draws screens in frames: the script of a plugin, and what it loads. Anybody may read these files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cached_property
from pathlib import PurePosixPath

from starlette.requests import Request
from starlette.responses import Response

from miniprogram.plugins.installed.first_party import WEB, how_to_install
from miniprogram.refusals import NotFound
from miniprogram.seams.screen_frame import ScreenFrame
from miniprogram_server.console.page_request import BASE
from miniprogram_server.console.session.same_origin import HEADERS

RUNTIME = f"{BASE}/runtime"
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".woff2": "font/woff2",
}


class RuntimeFiles:
    """The files of the frame that is installed, made when somebody first looks at a screen."""

    def __init__(self, create: Callable[[], ScreenFrame] | None = None) -> None:
        self._create = create

    @property
    def missing(self) -> str | None:
        """Why no screens are shown, as a sentence; None when they are."""
        if self._create is not None:
            return None
        return f"Screens are shown where the distribution {WEB} is installed. {how_to_install(WEB)}"

    @cached_property
    def _frame(self) -> ScreenFrame:
        if self._create is None:
            raise NotFound("nothing that draws screens is installed", hint=how_to_install(WEB))
        return self._create()

    @cached_property
    def folder(self) -> str:
        """The address below which the files lie. It changes when a file does, so that browsers may keep them."""
        whole = hashlib.sha256()
        for path, body in sorted(self._frame.files.items()):
            whole.update(f"{path}\0{len(body)}\0".encode() + body)
        return f"{RUNTIME}/{whole.hexdigest()[:16]}/"

    @property
    def script(self) -> str:
        """The address of the script."""
        return self.folder + self._frame.script

    async def send(self, request: Request) -> Response:
        """A file. A frame without an origin may read it: there is nothing in it that not everybody may have."""
        path = request.path_params["path"]
        kind = TYPES.get(PurePosixPath(path).suffix)
        known = self._create is not None and request.url.path == self.folder + path
        body = self._frame.files.get(path) if known and kind is not None else None
        if body is None:
            return Response("There is no such file.", 404, HEADERS, media_type="text/plain")
        sent = {"cache-control": "public, max-age=31536000, immutable", "access-control-allow-origin": "*"}
        return Response(body, 200, {**HEADERS, **sent}, media_type=kind)
