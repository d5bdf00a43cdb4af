"""What a page in a browser asks of a preview: its own files, the mini-program, and what happens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote

from miniprogram.delivery.documents.content_types import served_content_type
from miniprogram.errors import DocumentError, MiniProgramError
from miniprogram.files import is_inside
from miniprogram.preview.bundle import PreviewBundle
from miniprogram.preview.serving.backend_proxy import BackendProxy
from miniprogram.preview.serving.browser_reports import BrowserReports, source_location
from miniprogram.preview.serving.requests import Reply, Request, document, failure
from miniprogram.preview.serving.routes import asset_reply
from miniprogram.preview.session import PreviewSession
from miniprogram.seams.preview_page import PreviewPage
from miniprogram.strict_json import parse_json, require_object

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data: blob: https: http:; media-src 'self' https: http:; font-src 'self'; "
    "connect-src 'self' https: http:; frame-src https: http:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self' vscode-webview:"
)
"""Of the page: no script from elsewhere and none inline. Pictures, requests and frames are the mini-program's, and
may be anybody's, as they may in an app."""
PAGE_HEADERS = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
OWN = ("api", "assets", "backend", "dev", "events")
"""First parts of paths that are not the page's to use."""

OpenEditor = Callable[[str, int, int], None]


class PageRoutes:
    """Paths below a mount of the preview server. `facts` are told to pages: what the server offers."""

    def __init__(
        self,
        session: PreviewSession,
        root: Path,
        page: PreviewPage,
        *,
        backend: BackendProxy,
        reports: BrowserReports,
        open_editor: OpenEditor,
        facts: Callable[[], Mapping[str, Any]] = dict,
    ) -> None:
        self._session, self._root, self._page = session, root, page
        self._backend, self._reports, self._open_editor, self._facts = backend, reports, open_editor, facts

    def answer(self, request: Request) -> Reply | None:
        """The reply to one request; None for a path that is not a page's."""
        first, _, rest = request.path.partition("/")
        if request.path == "":
            return self._entry(request)
        if first in OWN:
            if not request.is_from_here:
                return failure(403, "Pages of other sites may not ask this.")
            return self._own(request, first, rest)
        if first in self._page.folders:
            return _file(self._page.folders[first], rest) if request.method == "GET" else _only("GET")
        return None

    def _entry(self, request: Request) -> Reply:
        if request.method != "GET":
            return _only("GET")
        folder, _, name = self._page.entry.partition("/")
        reply = _file(self._page.folders[folder], name)
        return Reply(reply.status, reply.body, reply.content_type, PAGE_HEADERS)

    def _own(self, request: Request, first: str, rest: str) -> Reply:
        if first == "backend":
            return self._backend.answer(request, rest)
        if request.method == "POST" and first == "dev":
            return self._posted(request, rest)
        return self._looked_at(request, first, rest) if request.method == "GET" else _only("GET")

    def _looked_at(self, request: Request, first: str, rest: str) -> Reply:
        if first == "events":
            last = request.headers.get("last-event-id") or _query(request, "last")
            stream = self._session.channel.stream(last, self._session.state)
            return Reply(200, content_type="text/event-stream", stream=stream)
        bundle = self._session.snapshot.bundle
        if bundle is None:
            return failure(503, "Nothing has been built yet.")
        parts = [unquote(part) for part in rest.removesuffix(".json").split("/")]
        if first == "assets":
            return asset_reply(rest, bundle.assets_root)
        return (_delivered if first == "api" else self._read)(request, parts, bundle)

    def _read(self, request: Request, parts: list[str], bundle: PreviewBundle) -> Reply:
        match parts:
            case ["program"]:
                return document(self._program(bundle))
            case ["source"]:
                location = source_location(
                    bundle, self._root, _query(request, "screen"), _query(request, "path") or "$"
                )
                return document(location.told()) if location else failure(404, "There is no such screen.")
            case ["themes", name] if name in bundle.themes:
                return document(bundle.themes[name])
            case _:
                return failure(404, "There is nothing here.")

    def _program(self, bundle: PreviewBundle) -> dict[str, Any]:
        root = str(self._root)
        return {
            "miniProgramId": bundle.program_id,
            "title": bundle.title,
            "root": root,
            "manifest": bundle.manifest,
            "screens": [{"id": name, "digest": digest} for name, digest in sorted(bundle.digests.items())],
            "themes": sorted(bundle.themes),
            "scenarios": list(bundle.scenarios),
            "backend": {"running": self._backend.backend.port is not None, "note": self._backend.backend.note},
            **self._facts(),
        }

    def _posted(self, request: Request, what: str) -> Reply:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":  # what a form of another site can send is something else
            return failure(415, "Send application/json.")
        try:
            if what == "log":
                return document(self._reports.take(request.body))
            if what == "open":
                return self._open(request)
        except DocumentError as error:
            return failure(400, str(error))
        except MiniProgramError as error:
            hint = f" {error.hint}" if error.hint else ""
            return failure(409, f"{error}.{hint}" if hint else str(error))
        return failure(404, "There is nothing here.")

    def _open(self, request: Request) -> Reply:
        if not request.is_local:
            return failure(403, "Files are opened for pages on the machine itself only.")
        asked = require_object(parse_json(request.body, name="the request"), name="the request")
        file, line, column = asked.get("file"), asked.get("line", 1), asked.get("column", 1)
        if not (isinstance(file, str) and type(line) is int and type(column) is int and line > 0 < column):
            raise DocumentError("the request: file must be a text, line and column whole numbers above zero")
        self._open_editor(file, line, column)
        return document({})


def _delivered(_request: Request, parts: list[str], bundle: PreviewBundle) -> Reply:
    """The mini-program as a delivery service has it, for the client of hosts."""
    match parts:
        case ["manifests", bundle.program_id, "latest"]:
            return document(bundle.manifest)
        case ["screens", bundle.program_id, _, name]:
            if name in bundle.screens:
                return document(bundle.screens[name])
            return document({"errorCode": "screen_not_found", "message": f"There is no screen {name!r}."}, 404)
        case _:
            return failure(404, "There is nothing here.")


def _only(method: str) -> Reply:
    return failure(405, f"Only {method} is offered here.")


def _query(request: Request, name: str) -> str:
    return parse_qs(request.query).get(name, [""])[0]


def _file(folder: Path, path: str) -> Reply:
    parts = [unquote(part) for part in path.split("/")]
    if any(not part or part.startswith(".") or set(part) & set("/\\\0") for part in parts):
        return failure(404, "There is nothing here.")
    file = folder.joinpath(*parts)
    if not (file.is_file() and is_inside(file, folder)):
        return failure(404, "There is nothing here.")
    return Reply(200, file.read_bytes(), served_content_type(file.name))
