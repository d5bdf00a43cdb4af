"""`destroy`: take a publisher backend down, never losing records that nobody gave up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from miniprogram.backends.cloud.reports import DestroyReport, make_report
from miniprogram.backends.cloud.session import BackendSession
from miniprogram.clock import to_iso
from miniprogram.errors import MiniProgramError
from miniprogram.seams.backend_operator import BASE_URL, BackendData, BackendState, Progress
from miniprogram.seams.data_store import DataStore, RecordCounts

CONSENT = "repeat with --confirm-data-loss to lose them"
CONSENT_TO_STAY = "they stay in the database without a backend; repeat with --confirm-data-loss if that is meant"


@dataclass(frozen=True, slots=True)
class _Guard:
    """What stands in the way of destroying: `reason` is blank when nothing does."""

    reason: str = ""
    counts: RecordCounts | None = None
    everything: int | None = None


def destroy_backend(
    session: BackendSession, *, confirm_data_loss: bool, progress: Progress, now: datetime
) -> DestroyReport:
    """Remove the deployment, and its store when that is empty or its loss is confirmed.

    Records that are there, or cannot be counted, stop it. A deployment that is missing is reported, and what was
    remembered of it is forgotten.
    """
    state = session.operator.state()
    if not state.exists:
        session.records.forget(session.environment)
        return _report(session, state, confirm_data_loss, error=state.missing)
    data = session.operator.data(state)
    guard = _look(data)
    if guard.reason and not confirm_data_loss:
        return _report(session, state, confirm_data_loss, guard, blocked_by_data=True, error=guard.reason)
    session.operator.destroy(progress)
    session.records.forget(session.environment)
    removed, error = _discard(data, confirmed=confirm_data_loss)
    return _report(
        session,
        state,
        confirm_data_loss,
        guard,
        deleted=True,
        deleted_at_utc=to_iso(now),
        data_removed=removed,
        error=error,
    )


def _look(data: BackendData) -> _Guard:
    if data.store is None:
        return _Guard()
    try:
        counts, everything = data.store.count(), data.store.count_everything()
    except MiniProgramError as error:
        return _Guard(f"its records cannot be counted ({error}); {_consent(data.store)}")
    if not everything:
        return _Guard("", counts, everything)
    foreign = everything - counts.total
    others = f" and {foreign} of nobody we know" if foreign > 0 else ""
    found = f"{counts.app} records of the app, {counts.redemptions} redemptions{others}"
    return _Guard(f"it holds {found}; {_consent(data.store)}", counts, everything)


def _consent(store: DataStore) -> str:
    return CONSENT_TO_STAY if store.outlives_deployment else CONSENT


def _discard(data: BackendData, *, confirmed: bool) -> tuple[bool, str]:
    """Whether the store is gone, and what is to be said. The deployment is gone by now: nothing may raise."""
    if data.store is None:
        return False, ""
    try:
        remains = data.store.discard(confirmed=confirmed) == "kept"
    except MiniProgramError as error:
        return False, f"the data was kept: {error}"
    return not remains, "the data was kept" if remains else ""


def _report(
    session: BackendSession,
    state: BackendState,
    confirmed: bool,
    guard: _Guard | None = None,
    *,
    error: str = "",
    **members: object,
) -> DestroyReport:
    found = guard or _Guard()
    nothing: dict[str, object] = {
        "deleted": False,
        "deleted_at_utc": None,
        "blocked_by_data": False,
        "data_removed": False,
    }
    return make_report(
        DestroyReport,
        session.header("destroy"),
        state.facts,
        nothing,
        members,
        mini_program_id=session.program.program_id,
        backend_base_url=state.outputs.get(BASE_URL),
        data_loss_confirmed=confirmed,
        app_record_count=found.counts.app if found.counts else None,
        redemption_count=found.counts.redemptions if found.counts else None,
        record_count=found.everything,
        error=error or None,
    )
