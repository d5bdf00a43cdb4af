"""Everything a preview server answers, without a socket: who may ask, and who answers what."""

from __future__ import annotations

from dataclasses import replace

from miniprogram.addresses import LOOPBACK_NAMES
from miniprogram.logs import get_log
from miniprogram.preview.serving.page_routes import PageRoutes
from miniprogram.preview.serving.requests import Reply, Request, failure
from miniprogram.preview.serving.routes import CORS, PreviewRoutes

log = get_log(__name__)

DEVICE = "preview/"
"""Below it lies what apps on devices ask; all else is for pages."""


class PreviewSite:
    """All routes. `names` are the hosts it may be called by; `token` is the secret part of paths.

    With `is_open` the secret part is the only way in.
    """

    def __init__(
        self, device: PreviewRoutes, page: PageRoutes | None, token: str, *, is_open: bool = False
    ) -> None:
        self.device, self._page, self._token, self._is_open = device, page, token, is_open
        self.names = set(LOOPBACK_NAMES)

    def answer(self, request: Request) -> Reply:
        """The reply to one request, whose path begins with a slash. Never raises."""
        try:
            return self._answer(request)
        except Exception as error:  # the contract wants an answer to whatever goes wrong
            log.exception("preview_request_failed", path=request.path)
            return failure(500, "The preview server failed.", details=str(error))

    def _answer(self, request: Request) -> Reply:
        if request.host not in self.names:
            return failure(421, "This server is known under another address.")
        prefix = f"/{self._token}/"
        if request.path.startswith(prefix):
            below, is_secret = request.path.removeprefix(prefix), True
        elif self._is_open:
            return failure(404, "There is nothing here.")
        else:
            below, is_secret = request.path.removeprefix("/"), False
        if below.startswith(DEVICE):
            reply = self.device.answer(request.method, below.removeprefix(DEVICE))
            headers = CORS if is_secret else {}
            return Reply(reply.status, reply.body, reply.content_type, headers)
        found = self._page.answer(replace(request, path=below)) if self._page else None
        return found or failure(404, "There is nothing here.")
