"""A real bare repository as the remote, a real clone of it, and a server that serves its branch."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from miniprogram.seams.publish_target import Release, TargetContext
from miniprogram_github_pages.settings import PagesSettings
from miniprogram_github_pages.target import PagesTarget

GIT_ENVIRON = {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Publisher",
    "GIT_AUTHOR_EMAIL": "publisher@example.com",
    "GIT_COMMITTER_NAME": "Publisher",
    "GIT_COMMITTER_EMAIL": "publisher@example.com",
}

RunGit = Callable[..., str]


def run_git(folder: Path, *arguments: str, environ: dict[str, str] = GIT_ENVIRON) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env={"PATH": "/usr/bin:/bin", **environ}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="session")
def git_environ() -> dict[str, str]:
    """Variables for a git without any settings of the machine."""
    return GIT_ENVIRON


@pytest.fixture(scope="session")
def git() -> RunGit:
    return run_git


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    folder = tmp_path / "remote.git"
    folder.mkdir()
    run_git(folder, "init", "-q", "--bare", "-b", "main", ".")
    return folder


@pytest.fixture
def clone(tmp_path: Path, remote: Path) -> Path:
    """A clone with one commit on main, as a Pages repository has it."""
    folder = tmp_path / "clone"
    run_git(tmp_path, "clone", "-q", remote.as_uri(), str(folder))
    (folder / "README.md").write_text("# Our programs\n")
    run_git(folder, "add", ".")
    run_git(folder, "commit", "-q", "-m", "Start")
    run_git(folder, "push", "-q", "origin", "HEAD:main")
    return folder


@pytest.fixture
def context(tmp_path: Path, clone: Path) -> TargetContext:
    program = tmp_path / "program"
    program.mkdir()
    return TargetContext(cwd=tmp_path, home=tmp_path, environ=GIT_ENVIRON, program_root=program)


@pytest.fixture
def branch_file(remote: Path) -> Callable[[str], bytes | None]:
    """Bytes of a file on the pushed branch."""

    def read(name: str, branch: str = "gh-pages") -> bytes | None:
        done = subprocess.run(["git", "show", f"refs/heads/{branch}:{name}"], cwd=remote, capture_output=True)
        return done.stdout if done.returncode == 0 else None

    return read


@pytest.fixture
def pages(branch_file: Callable[[str], bytes | None]) -> Iterator[str]:
    """The address of a server that serves the branch, as Pages would."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = branch_file(self.path.removeprefix("/site/"))
            self.send_response(200 if body is not None else 404)
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *arguments: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/site/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def target(clone: Path, context: TargetContext) -> Callable[..., PagesTarget]:
    """Makes targets that publish from `clone`, with other settings and variables when they are given."""

    def make(*, environ: Mapping[str, str] | None = None, **settings: Any) -> PagesTarget:
        where = replace(context, environ={**context.environ, **(environ or {})})
        return PagesTarget(
            PagesSettings.model_validate({"repo": clone, **settings}), where, sleep=lambda seconds: None
        )

    return make


@pytest.fixture
def rival(tmp_path: Path, remote: Path, context: TargetContext) -> Callable[[Release], None]:
    """Publishes from a clone of its own, which has no settings at all."""

    def publish(release: Release, branch: str = "gh-pages") -> None:
        folder = tmp_path / "rival"
        if not folder.exists():
            run_git(tmp_path, "clone", "-q", remote.as_uri(), str(folder))
        PagesTarget(PagesSettings(repo=folder, branch=branch), context).publish(release)

    return publish


@pytest.fixture
def require_served(branch_file: Callable[..., bytes | None]) -> Callable[..., None]:
    """Asserts that every file of a release is on the branch byte for byte, and that it is the latest."""

    def require(release: Release, folder: str = "") -> None:
        bundle, start = release.bundle, f"{folder}/" if folder else ""
        for file in bundle.files:
            kind, _, rest = file.path.partition("/")
            key = f"{kind}/{bundle.program_id}/{bundle.version}/{rest}"
            manifest = f"manifests/{bundle.program_id}/versions/{bundle.version}.json"
            assert branch_file(start + (key if rest else manifest)) == file.body, file.path
        assert branch_file(f"{start}manifests/{bundle.program_id}/latest.json") == bundle.manifest_file.body

    return require
