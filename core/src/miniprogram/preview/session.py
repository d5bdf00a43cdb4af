"""How a preview stands: the last good build, what became of the newest one, and what pages are told of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, Literal

from miniprogram.preview.bundle import PreviewBundle
from miniprogram.preview.channel import Channel
from miniprogram.preview.mistakes import FAILED, Mistake, told

State = Literal["ready", "building", "build_failed"]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A moment of a preview. `bundle` is the last good build, None before the first one.

    `build_version` counts good builds. `last_build_error` is what went wrong since the last good one, and
    `mistakes` the same by its places.
    """

    bundle: PreviewBundle | None = None
    build_version: int = 0
    state: State = "building"
    last_build_error: str | None = None
    mistakes: tuple[Mistake, ...] = ()

    def status(self, bundle: PreviewBundle) -> dict[str, Any]:
        """The document hosts poll."""
        status = {
            "buildVersion": self.build_version,
            "state": self.state,
            "miniProgramId": bundle.program_id,
            "title": bundle.title,
        }
        return status if self.last_build_error is None else {**status, "lastBuildError": self.last_build_error}


class PreviewSession:
    """The current snapshot. Snapshots are swapped whole, so a reader on any thread sees one build or the other.

    Every change is told on `channel`.
    """

    def __init__(self) -> None:
        self.channel = Channel()
        self._snapshot = Snapshot()
        self._lock = Lock()

    @property
    def snapshot(self) -> Snapshot:
        return self._snapshot

    def begin(self) -> None:
        """A build has started; what was served before still is."""
        with self._lock:
            self._snapshot = replace(self._snapshot, state="building")

    def apply(self, bundle: PreviewBundle) -> Snapshot:
        """Serve `bundle` from now on."""
        with self._lock:
            before = self._snapshot
            self._snapshot = Snapshot(bundle, before.build_version + 1, "ready")
            for event, data in _changes(before, self._snapshot):
                self.channel.publish(event, data)
            return self._snapshot

    def fail(self, message: str, mistakes: Sequence[Mistake] = ()) -> None:
        """The build came to nothing; the last good one is served on."""
        found = tuple(mistakes) or (Mistake(FAILED, message),)
        with self._lock:
            self._snapshot = replace(
                self._snapshot, state="build_failed", last_build_error=message, mistakes=found
            )
            self.channel.publish("error", told(found))

    def log(self, level: str, message: str, **more: Any) -> None:
        """A line for whoever looks at a page."""
        self.channel.publish("log", {"level": level, "message": message, **more})

    def state(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """What a page that just came has to know, `hello` first."""
        snapshot = self._snapshot
        digests = snapshot.bundle.digests if snapshot.bundle else {}
        yield "hello", {"buildVersion": snapshot.build_version, "screens": dict(digests)}
        if snapshot.mistakes:
            yield "error", told(snapshot.mistakes)


def _changes(before: Snapshot, now: Snapshot) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What a page has to do about a good build: as little as possible."""
    old, new = before.bundle, now.bundle
    if before.last_build_error is not None:
        yield "fixed", {"buildVersion": now.build_version}
    if old is None or new is None:
        return
    for screen in {**old.digests, **new.digests}:
        if old.digests.get(screen) != new.digests.get(screen):
            yield (
                "screen",
                {"id": screen, "digest": new.digests.get(screen), "buildVersion": now.build_version},
            )
    if old.manifest != new.manifest:
        yield "reload", {"part": "manifest", "why": "manifest.json has changed"}
    if old.scenarios != new.scenarios:
        yield "reload", {"part": "scenarios", "why": "preview.toml has changed"}
    if old.themes != new.themes:
        yield "reload", {"part": "theme", "why": "a theme has changed"}
    if old.assets != new.assets:
        yield "reload", {"part": "assets", "why": f"{_changed_asset(old, new)} has changed"}


def _changed_asset(old: PreviewBundle, new: PreviewBundle) -> str:
    changed = [path for path in {**old.assets, **new.assets} if old.assets.get(path) != new.assets.get(path)]
    root = str(new.assets_root)
    names = [f"assets{path.removeprefix(root)}".replace("\\", "/") for path in changed]
    return names[0] if len(names) == 1 else f"{len(names)} assets"
