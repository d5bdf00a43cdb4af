"""A real bare repository as the remote, a real clone of it, and a server that serves its branch."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from miniprogram.seams.publish_target import TargetContext

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


@pytest.fixture
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
        done = subprocess.run(["git", "show", f"{branch}:{name}"], cwd=remote, capture_output=True)
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
