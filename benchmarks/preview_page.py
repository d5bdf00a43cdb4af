"""P2: from a save to the new screen painted in a browser, against Vite's hot replacement after our build.

One mini-program with 50 screens, and a Vite project with the same 50 documents; both pages are open in the same
Chromium and are saved in turn, so a machine that slows down slows both. A save is timed from the file's time to
the frame after the one in which the new text was in the document. Vite knows nothing of Stac: what it is compared
with is its own time plus that of our build of the same save, once as the command that a person would run before
it, once in an interpreter that is warm, as the preview itself builds. Run with `PYTHONPATH=tests`.
"""

from __future__ import annotations

import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from interleaved import show
from playwright.sync_api import Browser, Page

from browser.preview_site import PreviewSite, preview_site
from miniprogram.builtin import miniprogram_screen_sources
from miniprogram.project.build import build_program
from miniprogram.project.location import ProgramLocation
from testbed import servers
from testbed.browser import open_browser

SCREENS = 50
PAUSE_S = 0.25
WAIT_MS = 20_000
DRAW = Path(__file__).parent / "peers" / "vite_draw.js"
VITE = servers.TESTBED / "vite" / "node_modules" / "vite" / "bin" / "vite.js"

PEER_PAGE = """<!doctype html><html lang="en"><body><main></main>
<script type="module" src="/main.js"></script></body></html>
"""
PEER_SCREEN = """import content from './{name}.json';
import {{ draw }} from '../draw.js';
draw('{name}', content);
if (import.meta.hot) import.meta.hot.accept('./{name}.json', (next) => draw('{name}', next.default));
"""
WATCH = """(root) => {
  window.painted = {};
  const look = () => {
    const word = /word-\\d+/.exec(root.textContent)?.[0];
    if (!word || word in window.painted) return;
    window.painted[word] = 0;
    requestAnimationFrame(() => requestAnimationFrame(() => { window.painted[word] = Date.now(); }));
  };
  new MutationObserver(look).observe(root, { subtree: true, childList: true, characterData: true });
}"""


def document(word: str) -> dict[str, Any]:
    rows = [{"type": "listTile", "title": {"type": "text", "data": f"Row {number}"}} for number in range(20)]
    body = {"type": "listView", "children": [{"type": "text", "data": word}, *rows]}
    title = {"type": "text", "data": "Screen"}
    return {"type": "scaffold", "appBar": {"type": "appBar", "title": title}, "body": body}


@contextmanager
def vite(folder: Path) -> Iterator[str]:
    """A development server of Vite over the same documents: its address."""
    (folder / "screens").mkdir(parents=True)
    names = [f"s{number}" for number in range(SCREENS)]
    for name in names:
        (folder / "screens" / f"{name}.json").write_text(json.dumps(document("start")))
        (folder / "screens" / f"{name}.js").write_text(PEER_SCREEN.format(name=name))
    (folder / "index.html").write_text(PEER_PAGE)
    imports = "".join(f"import './screens/{name}.js';\n" for name in names)
    (folder / "main.js").write_text(f"{imports}window.ready = true;\n")
    (folder / "draw.js").write_text(DRAW.read_text())
    (folder / "package.json").write_text('{"type": "module"}')
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    argv = [servers.node(), str(VITE), str(folder), "--host", "127.0.0.1", "--port", str(port), "--strictPort"]
    server = subprocess.Popen(argv, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait()


def save_to_painted(page: Page, file: Path, word: str) -> float:
    """Milliseconds from the file's time to the frame with its text."""
    time.sleep(PAUSE_S)
    file.write_text(json.dumps(document(word)))
    saved = file.stat().st_mtime_ns / 1e6
    deadline = time.monotonic() + WAIT_MS / 1000
    while time.monotonic() < deadline:
        painted = page.evaluate(f"window.painted['{word}'] ?? 0")
        if painted:
            return float(painted) - saved
        time.sleep(0.005)
    raise RuntimeError(f"{word} of {file.name} was never painted")


def our_page(browser: Browser, site: PreviewSite) -> Page:
    page = browser.new_page(viewport={"width": 1000, "height": 800})
    page.goto(f"{site.url}?panel=false")
    page.locator(".screen .mp-page > *").first.wait_for(state="attached")
    page.evaluate(f"({WATCH})(preview.runner.view.root)")
    return page


def their_page(browser: Browser, url: str) -> Page:
    page = browser.new_page(viewport={"width": 1000, "height": 800})
    page.goto(url)
    page.wait_for_function("window.ready")
    page.evaluate(f"({WATCH})(document.body)")
    return page


def build_ms(site: PreviewSite, file: Path, word: str) -> float:
    """One build of a save, in the same interpreter, of everything."""
    sources = {spec.suffix: spec for spec in miniprogram_screen_sources()}
    file.write_text(json.dumps(document(word)))
    started = time.perf_counter()
    build_program(ProgramLocation(site.root, "shop"), sources=sources)
    return (time.perf_counter() - started) * 1000


def command_ms(site: PreviewSite, file: Path, word: str) -> float:
    """One build of a save, as the command."""
    file.write_text(json.dumps(document(word)))
    started = time.perf_counter()
    argv = [sys.executable, "-m", "miniprogram", "build"]
    subprocess.run(argv, cwd=site.root, stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - started) * 1000


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def told(values: list[float]) -> str:
    """The 95th percentile, and the median in brackets."""
    return f"{p95(values):.0f} ({statistics.median(values):.0f})"


def main() -> None:
    screens = {f"s{number}": document("start") for number in range(SCREENS)}
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other, open_browser() as browser:
        ours: list[float] = []
        theirs: list[float] = []
        with preview_site(Path(one), screens, entry="s0") as site:
            page = our_page(browser, site)
            if VITE.exists():
                with vite(Path(other).resolve() / "peer") as url:
                    peer = their_page(browser, url)
                    for number in range(SCREENS):
                        page.evaluate(f"preview.openScreen('s{number}')")
                        peer.evaluate(f"window.openScreen('s{number}')")
                        ours.append(save_to_painted(page, site.path(f"s{number}"), f"word-{number}"))
                        file = Path(other).resolve() / "peer" / "screens" / f"s{number}.json"
                        theirs.append(save_to_painted(peer, file, f"word-{number}"))
            else:
                print(f"{VITE} is missing (make .testbed/vite/.ready): compared with our build alone")
                for number in range(SCREENS):
                    page.evaluate(f"preview.openScreen('s{number}')")
                    ours.append(save_to_painted(page, site.path(f"s{number}"), f"word-{number}"))
        with preview_site(Path(other) / "builds", screens, entry="s0") as still:
            still.stop()
            builds = [build_ms(still, still.path(f"s{number}"), f"again-{number}") for number in range(SCREENS)]
            commands = [command_ms(still, still.path(f"s{number}"), f"by-{number}") for number in range(20)]
    vite_ms = p95(theirs) if theirs else 0.0
    for name, times in (("the build command", commands), ("a warm build", builds)):
        note = f"{told(ours)} against {f'{told(theirs)} + ' if theirs else ''}{told(times)} ms"
        show(f"P2 save to painted, p95 / Vite's after {name}", p95(ours) / (vite_ms + p95(times)), "<= 0.30", note)


if __name__ == "__main__":
    main()
