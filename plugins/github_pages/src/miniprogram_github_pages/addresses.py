"""The address at which Pages serves a branch."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

_URL = re.compile(
    r"(?P<scheme>https?|ssh|git\+ssh|ssh\+git|git)://(?:[^/]*@)?(?P<host>[^/:@]+)(?::\d+)?/(?P<path>.*)"
)
_SCP = re.compile(r"(?:[^/@]*@)?(?P<host>[^/:@]+):/?(?P<path>.*)")
_PROJECT = re.compile(r"(?P<owner>[A-Za-z0-9_-]+)/(?P<name>[A-Za-z0-9._-]+?)(?:\.git)?/?")
_GITHUB = frozenset({"github.com", "www.github.com", "ssh.github.com"})
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


def pages_base_url(
    remote_url: str, cname: bytes | None, folder: str, *, ssh_host: Callable[[str], str]
) -> str | None:
    """Absolute, ending in `/`; None when the remote is not on GitHub and the branch names no domain.

    `cname` is what the branch's CNAME file holds; `ssh_host` gives the machine behind a name of the user's own.
    """
    domain = (cname or b"").decode("utf-8", "replace").strip()
    site = f"https://{domain}/" if _HOST.fullmatch(domain) else _project_site(remote_url, ssh_host)
    if site is None:
        return None
    return site + (quote(folder) + "/" if folder else "")


def _project_site(remote_url: str, ssh_host: Callable[[str], str]) -> str | None:
    remote = _URL.fullmatch(remote_url) or _SCP.fullmatch(remote_url)
    project = _PROJECT.fullmatch(remote["path"]) if remote is not None else None
    if remote is None or project is None or not _is_github(remote, ssh_host):
        return None
    owner, name = project["owner"].lower(), project["name"]
    if name.lower() == f"{owner}.github.io":
        return f"https://{owner}.github.io/"
    return f"https://{owner}.github.io/{name}/"


def _is_github(remote: re.Match[str], ssh_host: Callable[[str], str]) -> bool:
    if remote["host"].lower() in _GITHUB:
        return True
    uses_ssh = "ssh" in remote.groupdict().get("scheme", "ssh")
    return uses_ssh and ssh_host(remote["host"]).lower() in _GITHUB
