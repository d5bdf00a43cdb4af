"""`doctor`: run every check, whatever the others do, and add up how things stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import ConfigDict

from miniprogram.errors import MiniProgramError
from miniprogram.logs import get_log
from miniprogram.models import CamelModel
from miniprogram.plugins.loading.contained import pass_on_interrupt, stdout_guarded
from miniprogram.plugins.specs import DoctorCheckSpec
from miniprogram.seams.checks import Check, CheckContext, Status

log = get_log(__name__)


class _Document(CamelModel):
    model_config = ConfigDict(from_attributes=True)


class CheckRow(_Document):
    """A check as the document shows it."""

    label: str
    status: Status
    summary: str
    detail: str | None = None


class StatusCounts(_Document):
    """How many checks ended in each status."""

    ok: int = 0
    warning: int = 0
    error: int = 0
    skipped: int = 0


class DoctorReport(_Document):
    """What `doctor --json` prints."""

    schema_version: Literal[1] = 1
    command: Literal["doctor"] = "doctor"
    has_errors: bool
    summary: StatusCounts
    checks: list[CheckRow]


def run_doctor(
    checks: Sequence[DoctorCheckSpec],
    context: CheckContext,
    *,
    plugin_problems: Iterable[str],
    pinned_by: str | None = None,
) -> DoctorReport:
    """Run `checks` in order, then tell about plugins. A check that fails is an error of its own, never ours.

    `pinned_by` is where the pins in force stand, None when any plugin may load.
    """
    rows = [*(_run(spec, context) for spec in checks), _plugins(list(plugin_problems), pinned_by)]
    counts: Counter[str] = Counter(row.status for row in rows)
    return DoctorReport(has_errors=counts["error"] > 0, summary=StatusCounts(**counts), checks=rows)


def _run(spec: DoctorCheckSpec, context: CheckContext) -> CheckRow:
    try:
        with stdout_guarded():
            check = spec.run(context)
        if not isinstance(check, Check):
            return CheckRow(label=spec.label, status="error", summary=f"the check returned {type(check).__name__}")
        return CheckRow.model_validate(check)
    except MiniProgramError as error:
        return CheckRow(label=spec.label, status="error", summary=str(error), detail=error.hint)
    except BaseException as error:  # noqa: BLE001 - a plugin's check may raise or return anything
        pass_on_interrupt(error)
        log.debug("doctor_check_failed", label=spec.label, error=repr(error))
        summary = " ".join(f"the check failed: {type(error).__name__}: {error}".split())
        return CheckRow(label=spec.label, status="error", summary=summary)


def _plugins(problems: list[str], pinned_by: str | None) -> CheckRow:
    if problems:
        detail = "\n".join(problems[1:]) or None
        return CheckRow(label="Plugins", status="error", summary=problems[0], detail=detail)
    pins = f"pinned by {pinned_by}" if pinned_by else "no pins: any installed plugin may load"
    return CheckRow(label="Plugins", status="ok", summary=f"nothing wrong; {pins}")
