"""Which address Pages serves a remote's branch at."""

from __future__ import annotations

from pathlib import Path

import pytest

from miniprogram_github_pages.addresses import pages_base_url
from miniprogram_github_pages.repository.git import Git
from miniprogram_github_pages.repository.ssh import ssh_host

SITE = "https://octo.github.io/site/"


def address(url: str, *, cname: bytes | None = None, folder: str = "") -> str | None:
    return pages_base_url(url, cname, folder, ssh_host=lambda name: {"hub": "ssh.github.com"}.get(name, name))


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/Octo/site.git",
        "https://user:p@ss@github.com/octo/site",
        "https://www.github.com/octo/site/",
        "git@github.com:octo/site.git",
        "github.com:octo/site",
        "org-12@GitHub.com:octo/site.git",
        "ssh://git@github.com/octo/site.git",
        "ssh://git@ssh.github.com:443/octo/site.git",
        "git+ssh://git@github.com/octo/site",
        "git://github.com/octo/site",
        "hub:octo/site.git",
        "git@hub:octo/site.git",
        "ssh://hub/octo/site.git",
    ],
)
def test_a_repository_on_github_has_a_project_site(url: str) -> None:
    assert address(url) == SITE


@pytest.mark.parametrize(
    "url",
    [
        "https://gitlab.com/octo/site.git",
        "https://hub/octo/site.git",
        "https://github.com.evil.example/octo/site",
        "/srv/github.com/octo/site",
        "../github.com/octo/site",
        "github.com/octo/site",
        "file:///github.com/octo/site",
        "git@other:octo/site.git",
        "git@github.com:octo",
        "git@github.com:octo/site/more",
    ],
)
def test_other_repositories_have_no_known_address(url: str) -> None:
    assert address(url) is None


def test_an_owner_may_have_an_underscore_and_a_user_site() -> None:
    assert address("git@github.com:ada_corp/site") == "https://ada_corp.github.io/site/"
    assert address("git@github.com:octo/Octo.github.io") == "https://octo.github.io/"


@pytest.mark.parametrize(
    ("cname", "base"),
    [
        (b"pages.example\r\n", "https://pages.example/app/"),
        (b"not a host", f"{SITE}app/"),
        (b"\xff", f"{SITE}app/"),
        (None, f"{SITE}app/"),
    ],
)
def test_a_domain_of_the_branch_comes_first(cname: bytes | None, base: str) -> None:
    assert address("git@github.com:octo/site", cname=cname, folder="app") == base


@pytest.mark.process
@pytest.mark.parametrize(
    ("script", "host"),
    [("echo user git; echo hostname ssh.github.com", "ssh.github.com"), ("exit 255", "hub"), ("echo hm", "hub")],
)
def test_ssh_tells_what_a_name_stands_for(tmp_path: Path, clone: Path, script: str, host: str) -> None:
    ssh = tmp_path / "my ssh"
    ssh.write_text(f'#!/bin/sh\n[ "$1$2$3$4" = "-q-G--hub" ] || exit 9\n{script}\n')
    ssh.chmod(0o755)
    git = Git(clone, {"GIT_SSH_COMMAND": f"'{ssh}' -q"})
    assert ssh_host(git, "hub") == host
