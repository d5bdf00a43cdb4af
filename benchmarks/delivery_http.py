"""H1 and H3: the decision endpoint over HTTP, against the same decision on plain node:http.

Once with rollout rules, and once with a release policy in force: an audience that asks a list of 1,000,000 ids, a
grayscale percentage and a full release, for visitors drawn at random. Each has a peer that does the same work.

One worker each, one after the other, in turns. Needs `node` and `wrk`; the fixed rate of H3 needs `hey`. Beside
the ratio stands the processor time that one decision takes, which a busy machine changes less.
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
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from interleaved import show

from miniprogram.delivery.evaluation.conditions.id_list import write_id_list

PEERS = Path(__file__).with_name("peers")
VISITORS = 1_200_000
"""One in six is not in the list."""
ROUNDS, SECONDS, CONNECTIONS, RATE = 3, 4, 32, 2500
TAIL_ROUNDS, TAIL_SECONDS = 8, 2
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
        with server(ours(folder)) as mine, server(peer("decision_server", root)) as theirs:
            compare("", url(mine.port), url(theirs.port), mine, theirs, goal=">= 2.0", tail_goal="<= 0.8")
        write_releases(root)
        script = Path(folder) / "visitors.lua"
        script.write_text(VISITOR_SCRIPT % VISITORS)
        with server(ours(folder)) as mine, server(peer("release_server", root)) as theirs:
            compare(
                ", releases in force",
                url(mine.port, userId="user-77777"),
                url(theirs.port, userId="user-77777"),
                mine,
                theirs,
                goal=">= 1.0",
                tail_goal="<= 0.8",
                script=script,
            )


VISITOR_SCRIPT = """
local base
function request()
  if not base then base = string.gsub(wrk.path, "userId=[^&]*", "userId=user-") end
  return wrk.format("GET", base .. math.random(0, %d))
end
"""


def ours(folder: str) -> list[str]:
    return [sys.executable, "-m", "miniprogram", "serve", "--root", folder, "--log", "off", "--port"]


def peer(name: str, root: Path) -> list[str]:
    return ["node", str(PEERS / f"{name}.mjs"), str(root)]


def compare(
    what: str,
    mine: str,
    theirs: str,
    our_server: Server,
    their_server: Server,
    *,
    goal: str,
    tail_goal: str,
    script: Path | None = None,
) -> None:
    throughput(mine, script=script)
    throughput(theirs, script=script)
    pairs = []
    costs: list[tuple[float, float]] = []
    for _ in range(ROUNDS):
        before = our_server.cpu_s()
        my_rate = throughput(mine, script=script)
        my_cost = (our_server.cpu_s() - before) / (my_rate * SECONDS)
        before = their_server.cpu_s()
        their_rate = throughput(theirs, script=script)
        costs.append((my_cost, (their_server.cpu_s() - before) / (their_rate * SECONDS)))
        pairs.append((my_rate, their_rate))
    rates = f"{max(pair[0] for pair in pairs):,.0f} and {max(pair[1] for pair in pairs):,.0f} req/s at best"
    cost = f"{min(c[0] for c in costs) * 1e6:.1f} and {min(c[1] for c in costs) * 1e6:.1f} us of processor each"
    ratio = statistics.median(mine / theirs for mine, theirs in pairs)
    show(f"H1 decisions per second / node:http{what}", ratio, goal, f"{rates}; {cost}")
    if shutil.which("hey") is None:
        print("H3 left out: hey not on PATH")
        return
    tails = [(p99_ms(mine), p99_ms(theirs)) for _ in range(TAIL_ROUNDS)]
    # whatever else runs here only lengthens a tail: the shortest of several short runs is the server's own
    my_tail, their_tail = (min(tail) for tail in zip(*tails, strict=True))
    shown = f"{my_tail:.2f} and {their_tail:.2f} ms at best"
    shown += f"; the median of all pairs is {statistics.median(mine / theirs for mine, theirs in tails):.2g}"
    show(f"H3 p99 at {RATE} req/s / node:http{what}", my_tail / their_tail, tail_goal, shown)


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


def write_releases(api: Path) -> None:
    """A release policy for the program: grayscale to an audience of a million, full to everybody else."""
    ids = api / "segments" / "shop" / "vip" / "1.ids"
    ids.parent.mkdir(parents=True)
    write_id_list(str(ids), (f"user-{number}" for number in range(1_000_000)))
    (ids.parent / "ids.txt").write_text("\n".join(f"user-{number}" for number in range(1_000_000)))
    target = {
        "hostApp": "super_app_host",
        "environment": "production",
        "releases": {"r-2": {"version": "1.1.0", "audience": "vip"}, "r-1": {"version": "1.0.0"}},
        "entries": [
            {"step": "grayscale", "release": "r-2", "basisPoints": 5000, "salt": "b1946ac9"},
            {"step": "full", "release": "r-1"},
        ],
    }
    policy = {
        "formatVersion": 1,
        "revision": 1,
        "audiences": {"vip": {"attribute": "userId", "operator": "segment", "values": ["vip"]}},
        "segments": {"vip": {"version": 1, "kind": "ids", "key": "segments/shop/vip/1.ids"}},
        "targets": [target],
    }
    write(api / "releases" / "shop.json", {"policy": policy})


def write(path: Path, document: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document))


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]

    def cpu_s(self) -> float:
        """Processor time it has used; 0 where the system does not tell."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def server(argv: list[str]) -> Iterator[Server]:
    """Run it until the end of the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    process = subprocess.Popen(
        [*argv, str(port)], stdout=subprocess.DEVNULL, env={**os.environ, "NODE_ENV": "production"}
    )
    try:
        wait_for(port)
        yield Server(port, process)
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


def url(port: int, **more: str) -> str:
    return f"http://127.0.0.1:{port}/api/manifests/shop/latest.json?{urlencode({**QUERY, **more})}"


def throughput(address: str, *, script: Path | None = None) -> float:
    """Requests per second; every answer must be a 200."""
    varied = [] if script is None else ["-s", str(script)]
    argv = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", *varied, address]
    out = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in out:
        raise RuntimeError(out)
    match = re.search(r"Requests/sec:\s+([\d.]+)", out)
    assert match is not None
    return float(match[1])


def p99_ms(address: str) -> float:
    argv = ["hey", "-z", f"{TAIL_SECONDS}s", "-c", "50", "-q", str(RATE // 50), "-o", "csv", address]
    rows = subprocess.run(argv, capture_output=True, text=True, check=True).stdout.splitlines()[1:]
    times = sorted(float(row.split(",")[0]) for row in rows)
    return times[int(len(times) * 0.99)] * 1000


if __name__ == "__main__":
    main()
