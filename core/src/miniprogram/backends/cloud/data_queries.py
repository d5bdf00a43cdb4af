"""`data status` and `data redemptions`: what a backend's store holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from heapq import nlargest
from typing import Any

from miniprogram.backends.cloud.reports import DataStatusReport, RedemptionsReport, make_report
from miniprogram.backends.cloud.session import BackendSession
from miniprogram.backends.tagged_values import to_json
from miniprogram.errors import MiniProgramError
from miniprogram.progress import counted
from miniprogram.seams.backend_operator import BackendData
from miniprogram.seams.data_store import DataStore, Record, RecordCounts

LIMITS = (1, 500)


def data_status(session: BackendSession) -> DataStatusReport:
    """Whether the store can be asked, and how much is in it. What keeps it from answering is told, not raised."""
    state = session.operator.state()
    data = session.operator.data(state)
    condition, counts, error = _look(data)
    return make_report(
        DataStatusReport,
        session.header("data status"),
        state.facts,
        data.facts,
        condition,
        mini_program_id=session.program.program_id,
        app_record_count=counts.app if counts else None,
        redemption_count=counts.redemptions if counts else None,
        available=not error,
        error=error or None,
    )


def find_redemptions(
    session: BackendSession, *, coupon_id: str | None, user_id: str | None, limit: int
) -> RedemptionsReport:
    """The newest `limit` redemptions, of one coupon or one user if named."""
    state = session.operator.state()
    data = session.operator.data(state)
    wanted = {name: value for name, value in (("couponId", coupon_id), ("userId", user_id)) if value}
    matched = 0

    def matching(store: DataStore) -> Iterator[Record]:
        nonlocal matched
        for record in counted(store.read("redemptions"), "reading redemptions"):
            if _matches(record, wanted):
                matched += 1
                yield record

    newest = nlargest(limit, matching(data.store), key=_changed_at) if data.store is not None else []
    shown = tuple(to_json(record) for record in newest)
    return make_report(
        RedemptionsReport,
        session.header("data redemptions"),
        state.facts,
        data.facts,
        mini_program_id=session.program.program_id,
        coupon_id=coupon_id,
        user_id=user_id,
        limit=limit,
        matched_count=matched,
        returned_count=len(shown),
        available=data.store is not None,
        records=shown,
        error=data.problem or None,
    )


def member(record: Mapping[str, Any], name: str) -> str | None:
    """A text of a redemption: at its top, else in its `data`, else in its `payload`."""
    for data in (record, record.get("data"), record.get("payload")):
        value = data.get(name) if isinstance(data, Mapping) else None
        if isinstance(value, str):
            return value
    return None


def _look(data: BackendData) -> tuple[Mapping[str, object], RecordCounts | None, str]:
    if data.store is None:
        return data.no_condition, None, data.problem
    condition = data.no_condition
    try:
        condition = data.store.condition()
        return condition, data.store.count(), ""
    except MiniProgramError as error:
        return condition, None, str(error)


def _matches(record: Record, wanted: Mapping[str, str]) -> bool:
    return all(member(record, name) == value for name, value in wanted.items())


def _changed_at(record: Record) -> str:
    return member(record, "createdAtUtc") or member(record, "redeemedAtUtc") or ""
