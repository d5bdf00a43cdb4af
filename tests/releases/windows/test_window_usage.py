"""How many a window has admitted: told by every front, and never guessed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from miniprogram.delivery.evaluation.errors import SourceUnavailable
from miniprogram.delivery.evaluation.ledger import MemoryLedger
from miniprogram.releases.queries.listing import show_release
from miniprogram.releases.queries.windows import WindowUsage, usage_text
from miniprogram.releases.storage.compile import window_id

WINDOW = {"start": "2030-01-01T00:00:00Z", "end": "2030-02-01T00:00:00Z", "max_users": 2}


class SilentLedger(MemoryLedger):
    def count(self, window_id: str) -> int:
        raise SourceUnavailable(f"{window_id}: out of reach")


def used(world: Any, ledger: MemoryLedger | None) -> WindowUsage | None:
    storage = replace(world.storage, ledger=None if ledger is None else lambda: ledger)
    return show_release(storage, "shop", "1.0.0", world.target).window_usage


def test_it_is_counted_by_the_ledger_of_the_environment(world: Any) -> None:
    world.drafted("1.0.0", window=WINDOW)
    release = show_release(world.storage, "shop", "1.0.0", world.target).release
    ledger = MemoryLedger()

    seen = []
    for visitor in ("a", "b", "c"):
        seen.append(used(world, ledger))
        ledger.admit(window_id("shop", release), visitor, 2, 0)

    assert [(each.admitted, each.max_users, each.is_full) for each in seen if each] == [
        (0, 2, False),
        (1, 2, False),
        (2, 2, True),
    ]
    assert [usage_text(each) for each in seen if each] == [
        "0 of 2 admitted",
        "1 of 2 admitted",
        "2 of 2 admitted, full",
    ]


def test_what_could_not_be_found_out_is_said(world: Any) -> None:
    world.drafted("1.0.0", window=WINDOW)

    nothing, silent = used(world, None), used(world, SilentLedger())

    assert nothing is not None
    assert silent is not None
    assert (nothing.admitted, nothing.is_full, silent.admitted, silent.is_full) == (None, None, None, None)
    assert "nothing counts" in usage_text(nothing)
    assert "out of reach" in usage_text(silent)


def test_a_release_without_a_window_has_no_usage(world: Any) -> None:
    world.drafted("1.0.0")

    assert used(world, MemoryLedger()) is None
