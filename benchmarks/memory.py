"""H6: memory of each worker after 1,000,000 requests of which hardly two are the same.

Everything that a client chooses varies: visitors, versions, locales, parameters nobody knows, mini-programs that
do not exist, header lines. Whatever is remembered by any of it must be bounded. Needs `wrk`.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from delivery_http import Server, ours, server, url, write_releases, write_workspace
from interleaved import show

REQUESTS, SECONDS, CONNECTIONS = 1_000_000, 10, 64
VARIED = """
local n = 0
function request()
  n = n + 1
  local seed = math.random(0, 1000000000)
  local kind, headers, path = n % 8, {}, nil
  local query = "?hostApp=super_app_host&sdkVersion=1.4.0&platform=android&hostVersion="
  if kind == 0 then path = "shop/latest" .. query .. "2.3." .. seed
  elseif kind == 1 then path = "shop/latest" .. query .. "2.3.0&locale=l" .. seed
  elseif kind == 2 then path = "shop/latest" .. query .. "2.3.0&nobody" .. seed .. "=1"
  elseif kind == 3 then path = "p" .. seed .. "/latest" .. query .. "2.3.0"
  else path = "shop/latest" .. query .. "2.3.0&userId=user-" .. seed end
  if kind == 5 then headers["X-Forwarded-For"] = "10.0.0." .. seed end
  if kind == 6 then headers["X-Request-Id"] = "r-" .. seed end
  if kind == 7 then headers["User-Agent"] = "host/" .. seed % 20000 end
  return wrk.format("GET", "/api/manifests/" .. path, headers)
end
"""


def main() -> None:
    if shutil.which("wrk") is None:
        print("H6 left out: wrk not on PATH")
        return
    with tempfile.TemporaryDirectory() as folder:
        root = write_workspace(Path(folder))
        for what, workers in (("rules", 1), ("releases", 1), ("releases", 2)):
            if what == "releases" and not (root / "releases").exists():
                write_releases(root)
            argv = [*ours(folder)[:-1], "--workers", str(workers), "--port"]
            with server(argv) as running:
                _measure(running, what, workers)


def _measure(running: Server, what: str, workers: int) -> None:
    script = Path(tempfile.gettempdir()) / f"varied-{running.port}.lua"
    script.write_text(VARIED)
    try:
        before = _resident_mib(running.process.pid)
        asked = 0
        while asked < REQUESTS * workers:
            asked += _ask(running.port, script)
        after = _resident_mib(running.process.pid)
    finally:
        script.unlink()
    name = f"H6 MiB after {asked:,} varied requests, {what}, workers: {workers}"
    show(name, max(after), "<= 100", f"each {_listed(after)}; before {_listed(before)}")


def _ask(port: int, script: Path) -> int:
    """Requests answered in a while. Answers other than 200 are wanted, too."""
    argv = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", str(script), url(port)]
    out = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    match = re.search(r"(\d+) requests in", out)
    assert match is not None, out
    if "Socket errors" in out:
        print(out)
    return int(match[1])


def _resident_mib(pid: int) -> list[float]:
    """Of the process, or of its workers where it has some."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            facts = dict(re.findall(r"^(\w+):\s*(\d+)", status.read_text(), re.MULTILINE))
        except OSError:
            continue
        if facts.get("PPid") == str(pid) and b"spawn_main" in (status.parent / "cmdline").read_bytes():
            found.append(int(facts["VmRSS"]) / 1024)
    if found:
        return found
    facts = dict(re.findall(r"^(\w+):\s*(\d+)", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE))
    return [int(facts["VmRSS"]) / 1024]


def _listed(figures: list[float]) -> str:
    return ", ".join(f"{each:.0f}" for each in figures)


if __name__ == "__main__":
    main()
