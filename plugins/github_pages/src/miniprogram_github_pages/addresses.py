"""The address at which Pages serves a branch."""

from __future__ import annotations

import re
from urllib.parse import quote

_GITHUB = re.compile(
    r"(?:https?://(?:[^@/]+@)?|ssh://(?:[^@/]+@)?|git@)github\.com(?::\d+)?[/:]"
    r"(?P<owner>[A-Za-z0-9-]+)/(?P<name>[A-Za-z0-9._-]+?)(?:\.git)?/?"
)
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


def pages_base_url(remote_url: str, cname: bytes | None, folder: str) -> str | None:
    """Absolute, ending in `/`; None when the remote is not on GitHub and the branch names no domain.

    `cname` is what the branch's CNAME file holds.
    """
    domain = _custom_domain(cname)
    site = f"https://{domain}/" if domain else _project_site(remote_url)
    if site is None:
        return None
    return site + (quote(folder) + "/" if folder else "")


def _custom_domain(cname: bytes | None) -> str | None:
    text = (cname or b"").decode("utf-8", "replace").strip()
    return text if _HOST.fullmatch(text) else None


def _project_site(remote_url: str) -> str | None:
    match = _GITHUB.fullmatch(remote_url)
    if match is None:
        return None
    owner, name = match["owner"].lower(), match["name"]
    if name.lower() == f"{owner}.github.io":
        return f"https://{owner}.github.io/"
    return f"https://{owner}.github.io/{name}/"
