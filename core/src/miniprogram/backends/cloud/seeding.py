"""`seed`: store what the starter's data files hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from miniprogram.backends.cloud.reports import SeedReport, make_report
from miniprogram.backends.cloud.session import BackendSession
from miniprogram.clock import to_iso
from miniprogram.errors import DocumentError
from miniprogram.seams.data_store import Leftover, SeedData
from miniprogram.strict_json import read_object

SHOWN = 3
"""Keys an error sentence names; the document lists them all."""


def seed_backend(session: BackendSession, *, now: datetime) -> SeedReport:
    """Store home, session and coupons, replacing what is there; other coupons stay.

    Without a deployment or a store nothing is seeded, which is no error. Raises DocumentError for a data file
    that does not fit.
    """
    state = session.operator.state()
    data = session.operator.data(state)
    count, leftovers, error = 0, [], data.problem
    if data.store is not None:
        records = data.store.seed_records(read_seed(session.operator.data_folder), at=to_iso(now))
        count = len(records)
        leftovers = data.store.write(records)
        error = told(leftovers, count)
    return make_report(
        SeedReport,
        session.header("seed"),
        state.facts,
        data.facts,
        mini_program_id=session.program.program_id,
        seeded=not error,
        item_count=count,
        failed_keys=tuple(each.key for each in leftovers),
        error=error or None,
    )


def read_seed(folder: Path) -> SeedData:
    """The three data files below `folder`. Raises DocumentError naming the file and the place."""
    listing = folder / "coupons_list.json"
    coupons = read_object(listing).get("coupons")
    if not isinstance(coupons, list):
        raise DocumentError(f"{listing}: coupons must be a list")
    seen: set[str] = set()
    for index, coupon in enumerate(coupons):
        _check(coupon, seen, data=f"{listing}: coupons[{index}]")
    return SeedData(
        home=read_object(folder / "home_bootstrap.json"),
        session=read_object(folder / "session.json"),
        coupons=tuple(coupons),
    )


def coupon_id_of(coupon: Any) -> str:
    """The id a coupon is asked for by; blank when it has none that can be."""
    value = coupon.get("id") if isinstance(coupon, dict) else None
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def told(leftovers: Sequence[Leftover], count: int, *, left_count: int | None = None) -> str:
    """A sentence about records that were not stored, blank when all were; `leftovers` may be the first of them."""
    if not leftovers:
        return ""
    left = len(leftovers) if left_count is None else left_count
    shown = "; ".join(f"{' / '.join(each.key)}: {each.reason}" for each in leftovers[:SHOWN])
    more = f"; and {left - SHOWN} more" if left > SHOWN else ""
    return f"{left} of {count} records were not stored ({shown}{more}); run it again to complete"


def _check(coupon: Any, seen: set[str], *, data: str) -> None:
    coupon_id = coupon_id_of(coupon)
    if not coupon_id:
        raise DocumentError(f"{data} must be an object with an id")
    if "/" in coupon_id:
        raise DocumentError(f"{data}: the id {coupon_id!r} must not have a slash in it")
    if coupon_id in seen:
        raise DocumentError(f"{data}: the id {coupon_id!r} stands twice")
    seen.add(coupon_id)
