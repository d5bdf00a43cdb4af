"""H1 and H3: the decision endpoint over HTTP, against the same logic on plain node:http.

One worker each, one after the other, in turns. Needs `node` and `wrk`; the fixed rate of H3 needs `hey`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from interleaved import show

PEER = Path(__file__).with_name("peers") / "decision_server.mjs"
ROUNDS, SECONDS, CONNECTIONS, RATE = 3, 4, 32, 2500
QUERY = {
    "hostApp": "super_app_host",
    "sdkVersion": "1.4.0",
    "hostVersion": "2.3.0",
    "platform": "android",
    "locale": "en",
    "capabilities": "analytics,native_navigation",
}


def main() -> None:
    missing = [tool for tool in ("node", "wrk") if shutil.which(tool) is None]
    if missing:
        print(f"H1, H3 left out: {' and '.join(missing)} not on PATH")
        return
    with tempfile.TemporaryDirectory() as folder:
        root = write_workspace(Path(folder))
        ours = [sys.executable, "-m", "miniprogram", "serve", "--root", folder, "--log", "off", "--port"]
        peer = ["node", str(PEER), str(root)]
        with server(ours) as our_port, server(peer) as peer_port:
            pairs = [(throughput(our_port), throughput(peer_port)) for _ in range(ROUNDS)]
            ratio = statistics.median(mine / theirs for mine, theirs in pairs)
            rates = (
                f"{max(pair[0] for pair in pairs):,.0f} and {max(pair[1] for pair in pairs):,.0f} req/s at best"
            )
            show("H1 decisions per second / node:http", ratio, ">= 1.2", rates)
            fixed_rate(our_port, peer_port)


def fixed_rate(our_port: int, peer_port: int) -> None:
    if shutil.which("hey") is None:
        print("H3 left out: hey not on PATH")
        return
    tails = [(p99_ms(our_port), p99_ms(peer_port)) for _ in range(ROUNDS)]
    ratio = statistics.median(mine / theirs for mine, theirs in tails)
    best = f"{min(pair[0] for pair in tails):.2f} and {min(pair[1] for pair in tails):.2f} ms at best"
    show(f"H3 p99 at {RATE} req/s / node:http", ratio, "<= 1.0", best)


def write_workspace(folder: Path) -> Path:
    """A backend workspace with one program, two versions and eight rules, the sixth of which matches."""
    api = folder / "backend" / "api"
    for version in ("1.0.0", "1.1.0"):
        manifest = {"id": "shop", "version": version, "entry": "shop_home", "contractVersion": "1.0.0"}
        manifest |= {"sdkVersionRange": ">=1.0.0 <2.0.0", "requiredCapabilities": ["analytics"]}
        write(api / "manifests" / "shop" / "versions" / f"{version}.json", manifest)
        write(api / "manifests" / "shop" / "latest.json", manifest)
    rules = [{"id": f"other-{n}", "hostApp": f"other_host_{n}", "version": "1.0.0"} for n in range(5)]
    rules.append(
        {"id": "match", "hostApp": "super_app_host", "hostVersionRange": ">=2.0.0 <3.0.0", "version": "1.1.0"}
    )
    rules += [{"id": f"late-{n}", "platform": "ios", "version": "1.0.0"} for n in range(2)]
    write(
        api / "rollout-rules" / "shop.json", {"miniProgramId": "shop", "defaultVersion": "1.0.0", "rules": rules}
    )
    write(
        folder / "backend" / "local_backend_service" / "service.json",
        {"schemaVersion": 1, "service": "miniprogram"},
    )
    return api


def write(path: Path, document: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document))


@contextmanager
def server(argv: list[str]) -> Iterator[int]:
    """A running server; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    process = subprocess.Popen(
        [*argv, str(port)], stdout=subprocess.DEVNULL, env={**os.environ, "NODE_ENV": "production"}
    )
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens on {port}")


def url(port: int) -> str:
    return f"http://127.0.0.1:{port}/api/manifests/shop/latest.json?{urlencode(QUERY)}"


def throughput(port: int) -> float:
    """Requests per second; every answer must be a 200."""
    argv = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", url(port)]
    out = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in out:
        raise RuntimeError(out)
    match = re.search(r"Requests/sec:\s+([\d.]+)", out)
    assert match is not None
    return float(match[1])


def p99_ms(port: int) -> float:
    argv = ["hey", "-z", f"{SECONDS}s", "-c", "50", "-q", str(RATE // 50), "-o", "csv", url(port)]
    rows = subprocess.run(argv, capture_output=True, text=True, check=True).stdout.splitlines()[1:]
    times = sorted(float(row.split(",")[0]) for row in rows)
    return times[int(len(times) * 0.99)] * 1000


if __name__ == "__main__":
    main()
