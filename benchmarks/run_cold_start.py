"""The delivery service on Cloud Run: cold import, size, time to the first answer, and requests a second over HTTP.

The files are run in an empty environment, as the image of Cloud Run starts them. The standard library's own
server, which our server is in place of, answers a constant beside it.
"""

from __future__ import annotations

import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from interleaved import ratio, show
from lambda_cold_start import empty_environment

from miniprogram_gcp.run.program import MAIN, PackagedProgram, run_files
from testbed.servers import free_port

HERE = f"python3{sys.version_info[1]}"
ELSEWHERE = "python314" if sys.version_info[1] != 14 else "python313"
REQUESTS = 3_000
STARTS = 15
NOTHING_THERE = {"ARTIFACT_BUCKET_NAME": "programs", "STORAGE_EMULATOR_HOST": "127.0.0.1:9", "LOG_LEVEL": "ERROR"}
CONSTANT = """
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Handler(BaseHTTPRequestHandler):
    protocol_version, wbufsize, disable_nagle_algorithm = "HTTP/1.1", 65536, True
    def do_GET(self):
        self.send_response(200)
        self.send_header("content-length", "200")
        self.end_headers()
        self.wfile.write(b"x" * 200)
    def log_message(self, *_): pass
ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        python = empty_environment(Path(folder, "python"))
        bare = [python, "-I", "-B", "-c", "pass"]
        for name, image in (("compiled", HERE), ("plain", ELSEWHERE)):
            files = run_files(PackagedProgram({}), image).files
            for path, content in files.items():
                Path(folder, name, path).parent.mkdir(parents=True, exist_ok=True)
                Path(folder, name, path).write_bytes(content)
            goal = "<= 4" if name == "compiled" else "-"
            show(
                f"import of the server, {name} / python -c pass",
                ratio(importing(python, Path(folder, name)), bare),
                goal,
            )
            show(
                f"files, {name}, KiB", sum(map(len, files.values())) / 1024, "<= 1000" if name == "plain" else "-"
            )
        program = [python, "-I", "-B", str(Path(folder, "compiled", MAIN))]
        constant = [python, "-I", "-B", "-c", CONSTANT]
        times = [first_answer(each) for _ in range(STARTS) for each in (program, constant)]
        show("from start to the first answer, ms", statistics.median(times[::2]) * 1000, "-")
        show("  http.server with a constant, ms", statistics.median(times[1::2]) * 1000, "-")
        rates = [requests_per_second(each) for _ in range(3) for each in (program, constant)]
        ours, theirs = statistics.median(rates[::2]), statistics.median(rates[1::2])
        show(
            "requests a second on one connection / http.server",
            ours / theirs,
            ">= 1",
            f"{ours:.0f} / {theirs:.0f}",
        )


def importing(python: str, folder: Path) -> list[str]:
    """Writes no bytecode: each new instance starts from what was sent."""
    modules = "miniprogram_gcp.function.server, miniprogram.delivery.function.http_server"
    return [python, "-I", "-B", "-c", f"import sys; sys.path.insert(0, {str(folder)!r}); import {modules}"]


@contextmanager
def running(argv: list[str]) -> Iterator[tuple[int, float]]:
    """Its port, and when it was started."""
    port, started = free_port(), time.perf_counter()
    process = subprocess.Popen(argv, env={**NOTHING_THERE, "PORT": str(port), "PATH": os.environ["PATH"]})
    try:
        yield port, started
    finally:
        process.terminate()
        process.wait(20)


def first_answer(argv: list[str]) -> float:
    with running(argv) as (port, started):
        return answered(port) - started


def answered(port: int) -> float:
    """When the first answer came."""
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/health")
            connection.getresponse().read()
            return time.perf_counter()
        except OSError:
            time.sleep(0.001)
        finally:
            connection.close()


def requests_per_second(argv: list[str]) -> float:
    with running(argv) as (port, _):
        answered(port)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        started = time.perf_counter()
        for _ in range(REQUESTS):
            connection.request("GET", "/health")
            connection.getresponse().read()
        took = time.perf_counter() - started
        connection.close()
        return REQUESTS / took


if __name__ == "__main__":
    main()
