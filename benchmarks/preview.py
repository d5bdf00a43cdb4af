"""P1: from a save to the new screen being served, against the same preview with watchfiles' own settings.

Both previews run side by side on one mini-program each and are saved in turn, so a machine that slows down slows
both. JSON and Python screens are measured apart, since the latter are run in an interpreter.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event
from urllib.request import urlopen

from interleaved import show

from miniprogram.builtin import miniprogram_screen_sources
from miniprogram.preview.bundle import load_bundle
from miniprogram.preview.rebuilding import Rebuilder
from miniprogram.preview.serving.server import PreviewServer
from miniprogram.preview.session import PreviewSession
from miniprogram.project.build import build_program
from miniprogram.project.location import ProgramLocation
from miniprogram.project.output.output_folder import output_folder
from miniprogram.project.sources.interpreters import SpareInterpreter
from miniprogram.project.watching.watcher import DEBOUNCE_MS, STEP_MS, ProgramWatcher
from miniprogram.seams.screen_source import SourceContext

DEFAULT_STEP_MS, DEFAULT_DEBOUNCE_MS = 50, 1600
SAVES = 30
PAUSE_S = 0.3

MANIFEST = {
    "id": "shop",
    "version": "1.0.0",
    "entry": "home",
    "contractVersion": "1.0.0",
    "sdkVersionRange": ">=1.0.0 <2.0.0",
    "requiredCapabilities": ["analytics"],
}
PYTHON = """from miniprogram.stac import ui
from miniprogram.stac.screens import screen


@screen
def home():
    return ui.text("{word}")
"""


def source(kind: str, word: str) -> str:
    return PYTHON.format(word=word) if kind == "py" else json.dumps({"type": "text", "data": word})


@contextmanager
def preview(
    folder: Path, kind: str, *, step_ms: int, debounce_ms: int, warm: bool
) -> Iterator[tuple[Path, str, Event]]:
    """A running preview: the screen's file, the address of its JSON, and what is set by every build."""
    built = Event()
    file = folder / "stac" / "screens" / f"home.{kind}"
    file.parent.mkdir(parents=True)
    file.write_text(source(kind, "start"))
    (folder / "manifest.json").write_text(json.dumps(MANIFEST))
    location = ProgramLocation(folder.resolve(), "shop")
    sources = {spec.suffix: spec for spec in miniprogram_screen_sources()}
    with closing(SpareInterpreter()) as spare:
        context = SourceContext(spare_interpreter=spare if warm else None)
        session = PreviewSession()

        def build():
            return load_bundle(build_program(location, sources=sources, context=context))

        session.apply(build())
        rebuilder = Rebuilder(session, build, built=lambda _: built.set(), failed=print)
        watcher = ProgramWatcher(
            location.root,
            output=lambda: output_folder(location.root),
            changed=rebuilder.request,
            step_ms=step_ms,
            debounce_ms=debounce_ms,
        )
        rebuilder.start()
        watcher.start()
        try:
            with closing(PreviewServer(session, open_to_network=False)) as server:
                time.sleep(1)
                yield file, f"{server.base_url_for('127.0.0.1')}screens/home.json", built
        finally:
            watcher.stop()
            rebuilder.stop()


def save_to_served(file: Path, url: str, built: Event, kind: str, word: str) -> float:
    """Seconds until what was just saved has been fetched from the server."""
    time.sleep(PAUSE_S)
    started = time.perf_counter()
    file.write_text(source(kind, word))
    while True:
        built.wait()
        built.clear()
        with urlopen(url) as reply:
            if json.load(reply)["data"] == word:
                return time.perf_counter() - started


def measure(kind: str) -> tuple[float, float]:
    """Median seconds: ours, and with watchfiles' settings and a new interpreter for every build."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        mine = preview(Path(one, "shop"), kind, step_ms=STEP_MS, debounce_ms=DEBOUNCE_MS, warm=True)
        peer = preview(
            Path(other, "shop"), kind, step_ms=DEFAULT_STEP_MS, debounce_ms=DEFAULT_DEBOUNCE_MS, warm=False
        )
        with mine as ours, peer as theirs:
            pairs = [
                (save_to_served(*ours, kind, f"a{n}"), save_to_served(*theirs, kind, f"b{n}"))
                for n in range(SAVES + 1)
            ][1:]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def main() -> None:
    for kind, name in (("json", "JSON"), ("py", "Python")):
        ours, theirs = measure(kind)
        note = f"{ours * 1000:.0f} ms against {theirs * 1000:.0f} ms"
        show(f"P1 save to served, {name} screens / default settings", ours / theirs, "<= 0.30", note)


if __name__ == "__main__":
    main()
