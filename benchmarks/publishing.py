"""Publishing 2,000 small screens into a folder, against copying the same files with `shutil.copytree`."""

from __future__ import annotations

import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from interleaved import show

from miniprogram.packages.bundle import Bundle
from miniprogram.packages.from_project import make_bundle
from miniprogram.publish.layouts.static import static_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.seams.publish_target import Release
from miniprogram.stores.filesystem import FilesystemObjectStore

SCREENS, SCREEN_BYTES, ROUNDS = 2000, 4096, 5


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        rounds = [measure(Path(folder) / str(number)) for number in range(ROUNDS)]
    first, again, changed = (
        statistics.median(ratios) for ratios in zip(*(ratios for ratios, _ in rounds), strict=True)
    )
    show("publish 2,000 screens / copytree", first, "", "first time")
    show("publish the same again / copytree", again, "", "nothing written")
    new = rounds[0][1]
    show("publish one changed screen / copytree", changed, "", f"bytes of {new} files written, the others linked")


def measure(folder: Path) -> tuple[tuple[float, float, float], int]:
    """The three ratios to one copy, and how many files of the last publish are not links to earlier ones."""
    program = folder / "program"
    make_program(program)
    copied = timed(lambda: shutil.copytree(program, folder / "copy"))
    store = FilesystemObjectStore(folder / "site")
    first, second = bundle_of(program, "1.0.0", "text"), bundle_of(program, "1.1.0", "changed")
    times = [timed(partial(publish, store, each)) for each in (first, first, second)]
    written = [path for path in (folder / "site").rglob("*") if "1.1.0" in path.as_posix() and path.is_file()]
    new = sum(path.stat().st_nlink == 1 for path in written)
    return (times[0] / copied, times[1] / copied, times[2] / copied), new


def make_program(folder: Path) -> None:
    screens = folder / "screens"
    screens.mkdir(parents=True)
    for number in range(SCREENS):
        (screens / f"screen_{number}.json").write_bytes(screen("text", number))


def bundle_of(folder: Path, version: str, text: str) -> Bundle:
    manifest = {"id": "shop", "version": version, "entry": "screen_0", "contractVersion": "1.0.0"}
    manifest |= {"sdkVersionRange": "any", "requiredCapabilities": []}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    screens = {path.stem: path.read_bytes() for path in (folder / "screens").iterdir()}
    return make_bundle(folder, {**screens, "screen_0": screen(text, 0)})


def screen(text: str, number: int) -> bytes:
    return json.dumps({"type": "text", "data": f"{text} {number} ".ljust(SCREEN_BYTES, "x")}).encode()


def publish(store: FilesystemObjectStore, bundle: Bundle) -> None:
    publish_to_store(store, static_layout(Release(bundle, datetime.now(UTC))))
    store.flush()


def timed(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
