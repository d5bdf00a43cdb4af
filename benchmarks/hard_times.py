"""The server with everything against it: an imposed rate, a store that hangs, clients that take its connections.

Open model (see `open_load.py`), for one worker and for several; start-up is not counted. H7: how long other
mini-programs and `/healthz` wait while the documents of one never come, against the same without it. H8: 20,000
sockets with heads that never end, and 1 GiB of attempted headers, against a server that may open 1,024 files.
"""

from __future__ import annotations

import asyncio
import contextlib
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from delivery_http import ours, server, write_workspace
from interleaved import show
from open_load import load

RATE, SECONDS, ROUNDS = 500, 3, 3
SLOW_SOCKETS, SLOW_SECONDS, GIB = 20_000, 12, 1 << 30
TARGET = "/api/manifests/shop/latest?hostApp=super_app_host&sdkVersion=1.4.0&hostVersion=2.3.0"
HANGING = """
import socket, sys, threading
from miniprogram.clock import utc_now
from miniprogram.delivery.documents.profile import local_profile
from miniprogram.delivery.documents.sources import FolderSource
from miniprogram.environments.delivery import FOLDER_STALENESS_S
from miniprogram_server.app import Served
from miniprogram_server.running import Exposure, Logging, run_process

class Hanging(FolderSource):
    def marker(self, key):
        if "hung" in key:
            threading.Event().wait()
        return super().marker(key)

listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", int(sys.argv[2])))
served = Served(Hanging(sys.argv[1]), local_profile(), "here", FOLDER_STALENESS_S)
run_process(served, None, [listener], exposure=Exposure(), logging=Logging(sys.stderr, False), now=utc_now)
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = write_workspace(Path(folder))
        for workers in (1, 2):
            argv = [*ours(folder)[:-1], "--workers", str(workers), "--port"]
            with server(argv) as running:
                load(running.port, TARGET, rate=50, seconds=2)  # until every worker is there
                for rate in (RATE, 2 * RATE):
                    print(
                        f"{workers} worker{'s' if workers > 1 else ''}: "
                        f"{load(running.port, TARGET, rate=rate, seconds=SECONDS).line()}"
                    )
        hang(root)
        crowd(folder)


def hang(root: Path) -> None:
    """H7."""
    with server([sys.executable, "-c", HANGING, str(root)]) as running:
        pairs: dict[str, list[tuple[float, float]]] = {"/healthz": [], TARGET: []}
        for _ in range(ROUNDS):
            for target, tails in pairs.items():
                before = load(running.port, target, rate=RATE / 2, seconds=SECONDS)
                stop = threading.Event()
                asking = [threading.Thread(target=_keep_asking, args=(running.port, stop)) for _ in range(20)]
                for thread in asking:
                    thread.start()
                time.sleep(0.5)
                meanwhile = load(running.port, target, rate=RATE / 2, seconds=SECONDS)
                stop.set()
                for thread in asking:
                    thread.join()
                tails.append((meanwhile.percentile(0.99), before.percentile(0.99)))
                if meanwhile.errors:
                    print(f"errors while the store hangs: {meanwhile.errors}")
        for target, tails in pairs.items():
            name = target.partition("?")[0]
            ratio = statistics.median(mine / other for mine, other in tails)
            shown = "; ".join(f"{mine:.1f} and {other:.1f} ms" for mine, other in tails)
            show(f"H7 p99 of {name}, one program hangs / undisturbed", ratio, "<= 2", shown)


def _keep_asking(port: int, stop: threading.Event) -> None:
    while not stop.is_set():
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5) as client:
            client.sendall(b"GET /api/manifests/hung/latest HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            client.recv(65536)


def crowd(folder: str) -> None:
    """H8."""
    limited = ["sh", "-c", 'ulimit -n 1024; exec "$@"', "sh", *ours(folder)]
    with server(limited) as running:
        slow = subprocess.Popen([sys.executable, __file__, "slow", str(running.port)], stdout=subprocess.PIPE)
        large = subprocess.Popen([sys.executable, __file__, "large", str(running.port)], stdout=subprocess.PIPE)
        time.sleep(2)
        outcome = load(running.port, TARGET, rate=20, seconds=SLOW_SECONDS - 4)
        opened, sent = slow.communicate()[0].decode().strip(), large.communicate()[0].decode().strip()
        kib = _resident_kib(running.process.pid)
        print(f"H8 {opened}, {sent}, {kib / 1024:.0f} MiB resident; meanwhile: {outcome.line()}")


def _resident_kib(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


async def slow_heads(port: int) -> None:
    """Keep as many connections as the system allows, each with a head that never ends, for a while."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    count = min(SLOW_SOCKETS, hard - 200)
    until = time.monotonic() + SLOW_SECONDS
    opened = 0

    async def one(number: int) -> None:
        nonlocal opened
        while time.monotonic() < until:
            source = (f"127.0.{1 + number % 4}.{2 + number // 4 % 250}", 0)
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=source)
                opened += 1
                writer.write(b"GET /health HTTP/1.1\r\nHost: a\r\nX-Slow: ")
                async with asyncio.timeout_at(asyncio.get_running_loop().time() + until - time.monotonic()):
                    await reader.read()
                writer.close()
            except (OSError, TimeoutError):
                pass
            await asyncio.sleep(0.5)

    await asyncio.gather(*(one(number) for number in range(count)))
    print(f"{count:,} sockets that never end a head ({opened:,} connections)")


def large_heads(port: int) -> None:
    """Try to send 1 GiB in heads."""
    sent = 0
    until = time.monotonic() + SLOW_SECONDS
    part = b"X-Large: " + b"a" * 65_000 + b"\r\n"
    while sent < GIB and time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n")
            while sent < GIB:
                client.sendall(part)
                sent += len(part)
    print(f"{sent / (1 << 20):,.0f} MiB of headers")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["slow", port]:
            asyncio.run(slow_heads(int(port)))
        case ["large", port]:
            large_heads(int(port))
        case _:
            main()
