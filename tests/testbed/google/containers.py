"""Containers as Cloud Run starts them: processes with Python, their own files and nothing else."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from testbed import servers

VISITOR = "198.51.100.7"
"""Whom the front end sees."""
NOT_STARTED = (
    "The user-provided container failed to start and listen on the port defined provided by the PORT=8080 "
    "environment variable within the allocated timeout."
)


FRAMEWORK = """
import os, sys
sys.path.insert(0, os.getcwd())
import main
from werkzeug.serving import run_simple
from werkzeug.wrappers import Request
run_simple("127.0.0.1", int(os.environ["PORT"]), Request.application(main.{entry_point}), threaded=True)
"""
"""How Cloud Functions calls a function: with a request of Flask, which is one of Werkzeug."""


class Container:
    """A revision that runs. `lines` are what it wrote, with the time of each."""

    def __init__(
        self,
        service: str,
        revision: str,
        template: Mapping[str, Any],
        files: Mapping[str, bytes],
        folder: Path,
        environ: Mapping[str, str],
    ) -> None:
        self.service, self.revision, self.template, self.folder = service, revision, template, folder
        self.port = servers.free_port()
        self.lines: list[tuple[str, str]] = []
        self.answered: list[tuple[datetime, int]] = []
        """When a request that reached it was over, and with which status."""
        self._container = template["containers"][0]
        own = {each["name"]: each["value"] for each in self._container.get("env", ())}
        named = {"PORT": str(self.port), "K_SERVICE": service, "K_REVISION": revision}
        self._environ = {**environ, **own, **named}
        self._process: subprocess.Popen[str] | None = None
        for path, content in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)

    def start(self) -> str | None:
        """Start it and ask its probe; why it is not ready, else None."""
        self._process = subprocess.Popen(
            self._command(),
            cwd=self.folder,
            env=self._environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()
        probe = self._container["startupProbe"]
        end = time.monotonic() + probe["timeoutSeconds"] * probe["failureThreshold"]
        while time.monotonic() < end and self._process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return None
            time.sleep(0.02)
        self.stop()
        return NOT_STARTED

    def _command(self) -> list[str]:
        """No packages and nothing of this environment; for a function what its framework consists of."""
        entry_point = self._container.get("entryPoint")
        if entry_point:
            return [sys.executable, "-B", "-c", FRAMEWORK.format(entry_point=entry_point)]
        assert self._container["command"] == ["python3"]
        return [sys.executable, "-I", "-S", "-B", *self._container["args"]]

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "123Z"
                self.lines.append((now, line.rstrip("\n")))


class Front:
    """An address that hands on to the container which `target` says at that moment, or refuses with its status."""

    def __init__(self, target: Callable[[], Container | int]) -> None:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                reached = target()
                headers = {name.lower(): value for name, value in self.headers.items()}
                claimed = headers.get("x-forwarded-for")
                headers["x-forwarded-for"] = f"{claimed}, {VISITOR}" if claimed else VISITOR
                sent = self.rfile.read(int(headers.get("content-length", 0)))
                if isinstance(reached, int):
                    status, answered, body = reached, dict[str, str](), b""
                else:
                    status, answered, body = ask(reached.port, self.command, self.path, headers, sent)
                    reached.answered.append((datetime.now(UTC), status))
                self.send_response(status)
                for name, value in answered.items():
                    if name not in ("connection", "content-length"):
                        self.send_header(name, value)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_HEAD = do_OPTIONS = handle_any  # noqa: N815 - the base class names them

            def log_message(self, *_: object) -> None:
                """Tests say what they want to see."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def ask(
    port: int, verb: str, path: str, headers: Mapping[str, str], body: bytes = b""
) -> tuple[int, dict[str, str], bytes]:
    """What is answered at `port`; 503 when nothing is."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(verb, path, body or None, dict(headers))
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    except OSError:
        return 503, {}, b""
    finally:
        connection.close()


def entry_of(project: str, location: str, container: Container, number: int) -> dict[str, Any]:
    """The line `number` of `container` as Cloud Logging keeps it."""
    at, line = container.lines[number]
    try:
        payload: dict[str, Any] = {"jsonPayload": json.loads(line)}
    except ValueError:
        payload = {"textPayload": line}
    labels = {"service_name": container.service, "revision_name": container.revision, "location": location}
    return {
        **payload,
        "insertId": f"{container.revision}-{number}",
        "timestamp": at,
        "logName": f"projects/{project}/logs/run.googleapis.com%2Fstdout",
        "resource": {"type": "cloud_run_revision", "labels": labels},
    }
