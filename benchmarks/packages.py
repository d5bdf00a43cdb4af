"""What updates of packages cost, over the history of a folder of JSON files in a git repository.

    python benchmarks/packages.py [REPOSITORY FOLDER]

Without arguments: schemas in the history of this repository. `pip install bsdiff4` adds that peer.
"""

from __future__ import annotations

import io
import statistics
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from interleaved import show

from miniprogram.packages.bundle import Bundle, BundleFile
from miniprogram.packages.delta import apply_delta, make_delta
from miniprogram.packages.manifest import Manifest
from miniprogram.packages.package_file import package_of
from miniprogram.packages.zstd import compress
from miniprogram.strict_json import to_pretty_json
from miniprogram.testing import sample_manifest

HERE = Path(__file__).parents[1]
MOST = 40
"""Versions that are looked at, the newest."""


class Update(NamedTuple):
    """One pair of versions. Sizes in bytes, times in seconds."""

    full: int
    delta: int
    files: int
    bsdiff: int | None
    made_s: float
    applied_s: float
    bsdiff_made_s: float
    bsdiff_applied_s: float


def main() -> None:
    repository, folder = sys.argv[1:3] if len(sys.argv) > 2 else (str(HERE), "docs/reference/json")
    updates = [measured(old, new) for old, new in pairwise(versions(repository, folder))]
    if not updates:
        sys.exit(f"{folder} has fewer than two versions in {repository}")
    full = sum(each.full for each in updates)
    size = statistics.median(each.full for each in updates)
    print(f"{len(updates)} updates in {folder}; a package has {size:,.0f} bytes")
    show("deltas / packages, all together", sum(each.delta for each in updates) / full, "0.03")
    show("a delta, median of bytes", statistics.median(each.delta for each in updates), "-")
    show("changed files / packages, all together", sum(each.files for each in updates) / full, "-")
    peers = [each for each in updates if each.bsdiff is not None]
    if not peers:
        print("bsdiff4 is not installed: nothing to compare with")
        return
    show("deltas / bsdiff4, all together", sum(e.delta for e in peers) / sum(e.bsdiff or 0 for e in peers), "0.6")
    show("making a delta / bsdiff4", statistics.median(e.made_s / e.bsdiff_made_s for e in peers), "1.0")
    show("applying a delta / bsdiff4", statistics.median(e.applied_s / e.bsdiff_applied_s for e in peers), "0.2")


def measured(old: Bundle, new: Bundle) -> Update:
    """The update from one version to the next, with the peer's turn right after ours."""
    before, after = package_of(old).archive, package_of(new).archive
    full = len(compress(after))
    delta, made_s = timed(lambda: make_delta(before, after, full_size=10 * full))
    assert delta is not None
    known_as = package_of(old).sha256
    applied, applied_s = timed(lambda: apply_delta(before, delta, old_sha256=known_as))
    assert applied == after
    known = {file.sha256 for file in old.files}
    files = sum(len(compress(file.body)) for file in new.files if file.sha256 not in known)
    size, peer_made_s, peer_applied_s = bsdiff(before, after)
    return Update(full, len(delta), files, size, made_s, applied_s, peer_made_s, peer_applied_s)


def bsdiff(old: bytes, new: bytes) -> tuple[int | None, float, float]:
    try:
        import bsdiff4
    except ImportError:
        return None, 1.0, 1.0
    patch, made_s = timed(lambda: bsdiff4.diff(old, new))
    _, applied_s = timed(lambda: bsdiff4.patch(old, patch))
    return len(patch), made_s, applied_s


def timed(act: Callable[[], bytes | None]) -> tuple[bytes, float]:
    """What `act` gives, and its best time of three."""
    times = []
    for _ in range(3):
        started = time.perf_counter()
        made = act()
        times.append(time.perf_counter() - started)
    assert made is not None
    return made, min(times)


def versions(repository: str, folder: str) -> Iterator[Bundle]:
    """The JSON files of `folder` at each commit that touched it, oldest first, as versions of a mini-program."""
    commits = git(repository, "log", f"-{MOST}", "--format=%H", "--", folder).decode().split()
    for number, commit in enumerate(reversed(commits)):
        manifest = sample_manifest("shop", f"1.{number}.0")
        files = [BundleFile.of("manifest.json", to_pretty_json(manifest))]
        try:
            files += files_in(git(repository, "archive", commit, folder), folder)
        except subprocess.CalledProcessError:
            continue  # that commit removed it
        yield Bundle.of(Manifest.model_validate(manifest), files)


def files_in(archive: bytes, folder: str) -> Iterator[BundleFile]:
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        for member in opened:
            stream = opened.extractfile(member) if member.name.endswith(".json") else None
            if stream is not None:
                name = member.name.removeprefix(f"{folder}/").replace("/", "-")
                yield BundleFile.of(f"screens/{name}", stream.read())


def git(repository: str, *words: str) -> bytes:
    return subprocess.run(["git", "-C", repository, *words], capture_output=True, check=True).stdout


if __name__ == "__main__":
    main()
