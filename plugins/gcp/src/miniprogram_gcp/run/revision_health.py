"""How a revision does that some hosts get: the requests that Cloud Monitoring counts, and its own answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from miniprogram.clock import to_iso
from miniprogram.errors import MiniProgramError
from miniprogram.provider_kit.gradual_shift import Counted
from miniprogram.provider_kit.sdk_errors import Subject
from miniprogram.seams.cloud_provider import Progress, ProviderContext
from miniprogram_gcp.cloud_errors import MONITORING_API, cloud_errors
from miniprogram_gcp.google_calls import Refused, failure_of, service_calls
from miniprogram_gcp.run.plan import RunPlan

ADDRESS = "https://monitoring.googleapis.com"
API = "monitoring"
METRIC = "run.googleapis.com/request_count"
CODE_CLASS = "metric.labels.response_code_class"


class RevisionHealth:
    """Implements VersionHealth for the service `name`.

    `ask` raises MiniProgramError unless a revision answers well; it is None where nobody can be asked from here.
    Cloud Monitoring shows a request minutes later. So failures count from the first look on, not from that of a
    step: what the first step broke is noticed in the second at the latest.
    """

    def __init__(
        self,
        context: ProviderContext,
        plan: RunPlan,
        name: str,
        *,
        ask: Callable[[str], None] | None,
        progress: Progress,
    ) -> None:
        self._context, self._plan, self._name = context, plan, name
        self._ask, self._progress = ask, progress
        self._since: datetime | None = None
        self._asked = self.requests = 0
        """Requests of ours, and all that were counted."""
        self._is_closed = False

    @property
    def saw_hosts(self) -> bool:
        """Whether requests were counted that are not ours."""
        return self.requests > self._asked

    def counted(self, version: str, since: datetime) -> Counted:
        """Raises MiniProgramError when it does not answer well, or when nothing says how it does."""
        self._since = self._since or since
        if self._ask is not None:
            self._ask(version)
            self._asked += 1
        if self._is_closed:
            return Counted(0, 0)
        try:
            found = self._counted(version, self._since)
        except _ClosedError as closed:
            if self._ask is None:
                told = f"{closed}, and {version} cannot be asked from here: nothing says how it does"
                raise MiniProgramError(told, hint=closed.hint) from None
            self._is_closed = True
            helps = f" {closed.hint}" if closed.hint else ""
            self._progress(f"{closed}: {version} is judged by its own answers to us alone.{helps}")
            return Counted(0, 0)
        self.requests = found.requests
        return found

    def going_off(self, alarms: Iterable[str]) -> set[str]:
        """None: no setting names any."""
        del alarms
        return set()

    def _counted(self, version: str, since: datetime) -> Counted:
        counts: dict[str, int] = {}
        for series in self._series(version, since):
            code_class = str(series["metric"]["labels"]["response_code_class"])
            points = (int(point["value"]["int64Value"]) for point in series.get("points") or ())
            counts[code_class] = counts.get(code_class, 0) + sum(points)
        return Counted(sum(counts.values()), counts.get("5xx", 0))

    def _series(self, version: str, since: datetime) -> Iterator[dict[str, Any]]:
        """One for each class of answers of `version`."""
        project = self._plan.project
        errors = cloud_errors("Cloud Monitoring", project, self._context.environment, api=MONITORING_API)
        calls = service_calls(API, ADDRESS, self._context.environ)
        doing, resource = f"read how {version} does", f"the project {project}"
        asked = _asked(self._name, version, self._plan.regions, since)
        with errors.mapped(doing, resource=resource):
            try:
                for page in calls.pages(f"/v3/projects/{project}/timeSeries", **asked):
                    yield from page.get("timeSeries") or ()
            except Refused as refused:
                if refused.status != 403:
                    raise
                raise errors.explain(failure_of(refused), doing, Subject(resource), _ClosedError) from None


class _ClosedError(MiniProgramError):
    """Cloud Monitoring may not be read."""


def _asked(service: str, revision: str, regions: tuple[str, ...], since: datetime) -> dict[str, str]:
    where = ", ".join(f'"{region}"' for region in regions)
    return {
        "filter": f'metric.type = "{METRIC}" AND resource.type = "cloud_run_revision" '
        f'AND resource.labels.service_name = "{service}" AND resource.labels.revision_name = "{revision}" '
        f"AND resource.labels.location = one_of({where})",
        "interval.startTime": to_iso(since),
        "interval.endTime": to_iso(datetime.now(UTC)),
        "aggregation.alignmentPeriod": "60s",
        "aggregation.perSeriesAligner": "ALIGN_SUM",
        "aggregation.crossSeriesReducer": "REDUCE_SUM",
        "aggregation.groupByFields": CODE_CLASS,
    }
