"""How long a host in Python verifies, beside hashing the same bytes alone; and what signing adds to a publish.

A mini-program of 200 screens of 4 kB in memory, loaded in process. Checking files is the part that grows with a
version; learning what is signed costs the same for any.
"""

from __future__ import annotations

import hashlib
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from interleaved import show

from miniprogram.publish.layouts.cloud import cloud_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.testing import sample_release
from miniprogram_trust.client import check
from testbed.trust_world import PLACE, TrustWorld

SCREENS = 200
TEXT_BYTES = 4000
ROUNDS = 15


def main() -> None:
    with TemporaryDirectory() as folder:
        world = TrustWorld(Path(folder))
        root = world.begin()
        screens = {
            f"shop_{n}": {"type": "text", "data": os.urandom(TEXT_BYTES // 2).hex()} for n in range(SCREENS)
        }
        release = sample_release(screens={**screens, "shop_home": {"type": "text", "data": "Welcome"}})
        signed = _seconds(lambda: _publish(world, release, world.signers("dev", "online")), rounds=1)
        plain = _seconds(lambda: _publish(TrustWorld(Path(folder)), release, ()), rounds=1)
        host = world.host(root)
        host.refresh()
        listed = host.version("shop", "1.0.0")
        bodies = {path: host.load(listed, path) for path in listed.files}

        def hashing() -> object:
            return [hashlib.sha256(body).hexdigest() for body in bodies.values()]

        def checking() -> None:
            for path, entry in listed.files.items():
                check(bodies[path], sha256=entry.sha256, size=entry.size, name=path)

        alone, checked = _seconds(hashing), _seconds(checking)
        learning = _seconds(host.refresh)
    show(
        "T1: files of a version checked / hashed alone", checked / alone, "<= 1.5", f"{alone * 1000:.2f} ms alone"
    )
    print(f"    learning what is signed, when nothing new is: {learning * 1000:.1f} ms")
    print(f"    publishing it signed: {(signed - plain) * 1000:.0f} ms more than {plain * 1000:.0f} ms")


def _publish(world: TrustWorld, release: object, signers: tuple[object, ...]) -> None:
    publish_to_store(world.store, cloud_layout(replace(release, signers=signers), PLACE))  # type: ignore[type-var]


def _seconds(act: Callable[[], object], *, rounds: int = ROUNDS) -> float:
    took = []
    for _ in range(rounds):
        before = time.perf_counter()
        act()
        took.append(time.perf_counter() - before)
    return statistics.median(took)


if __name__ == "__main__":
    main()
