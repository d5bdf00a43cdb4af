"""The document of a frame in which one screen is drawn, and the policy that keeps it there."""

from __future__ import annotations

import json
import mimetypes
import re
from base64 import b64encode
from collections.abc import Mapping
from html import escape
from typing import Any

from miniprogram.releases.stored_screens import StoredScreen
from miniprogram_server.console.frames.runtime_files import RuntimeFiles
from miniprogram_server.console.page_request import Frame

HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?")
_STYLE = (
    "html,body{margin:0;height:100%}#root{position:absolute;inset:0}"
    "#note{position:fixed;inset:auto 0 0;margin:0;padding:.5rem;background:#fff3cd;color:#3d2f00;"
    "font:13px system-ui}"
)
_SAID = (
    "html{font:15px/1.5 system-ui,sans-serif;color-scheme:light dark}body{margin:0;padding:2rem;text-align:center}"
)


def frame_policy(runtime: str, host: str) -> str:
    """The policy of a frame: no origin, no storage, and nothing from elsewhere than `runtime`, an address of ours.

    `host` is what the browser calls this server. A name that no policy can hold stands for all of this server.
    """
    ours = f"{host}{runtime}" if _HOST.fullmatch(host) else "'self'"
    return (
        f"sandbox allow-scripts; default-src 'none'; script-src {ours}; style-src 'unsafe-inline'; "
        f"img-src data:; font-src {ours}; connect-src {ours}; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self'"
    )


def screen_document(runtime: RuntimeFiles, host: str, name: str, screen: StoredScreen, *, is_dark: bool) -> Frame:
    """A document that draws `screen`."""
    told = {
        "screenId": name,
        "screen": screen.document,
        "brightness": "dark" if is_dark else "light",
        "assets": _addresses(screen.pictures),
    }
    body = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(name)}</title>'
        f'<style>{_STYLE}</style></head><body><main id="root"></main>{_note(screen)}'
        f'<script type="application/json" id="screen">{_inside_script(told)}</script>'
        f'<script type="module" src="{escape(runtime.script)}"></script></body></html>'
    )
    return Frame(body, frame_policy(runtime.folder, host))


def said(sentence: str) -> Frame:
    """A document that says why there is no screen."""
    body = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>No screen</title>'
        f"<style>{_SAID}</style></head><body><main><p>{escape(sentence)}</p></main></body></html>"
    )
    return Frame(body, "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'")


def _note(screen: StoredScreen) -> str:
    if not screen.left_out:
        return ""
    return f'<p id="note">Too large to be shown here: {escape(", ".join(screen.left_out))}</p>'


def _addresses(pictures: Mapping[str, bytes]) -> dict[str, str]:
    """Pictures as `data:` addresses; what is no picture is left out."""
    found = {}
    for path, body in pictures.items():
        kind = mimetypes.guess_type(path)[0] or ""
        if kind.startswith("image/"):
            found[path] = f"data:{kind};base64,{b64encode(body).decode()}"
    return found


def _inside_script(value: Any) -> str:
    """JSON that ends no script element."""
    return json.dumps(value).replace("<", "\\u003c")
