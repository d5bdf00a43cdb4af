"""How a version does that answers some hosts: its failed requests, and the alarms that are to stop it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from miniprogram.provider_kit.gradual_shift import Counted
from miniprogram_aws.sdk.errors import mapped
from miniprogram_aws.stacks.stacks import StackError
from miniprogram_aws.traffic.live_alias import ALIAS

if TYPE_CHECKING:
    from miniprogram_aws.sdk.client import AwsClients


class LambdaHealth:
    """Implements VersionHealth for `function`. Every method raises StackError when it cannot be told."""

    def __init__(self, clients: AwsClients, function: str, log_group: str) -> None:
        self._clients, self._function, self._log_group = clients, function, log_group

    def counted(self, version: str, since: datetime) -> Counted:
        """Its requests, and those that broke off or were answered with a status of 500 or more."""
        requests = self._sum("Invocations", version, since)
        return Counted(requests, self._sum("Errors", version, since) + self._answered_ill(version, since))

    def going_off(self, alarms: Iterable[str]) -> set[str]:
        wanted = list(dict.fromkeys(alarms))
        if not wanted:
            return set()
        with self._mapped("read the alarms", "the alarms"):
            pages = self._clients.client("cloudwatch").get_paginator("describe_alarms")
            rows = [
                row
                for page in pages.paginate(AlarmNames=wanted, AlarmTypes=["MetricAlarm", "CompositeAlarm"])
                for row in (*page.get("MetricAlarms", ()), *page.get("CompositeAlarms", ()))
            ]
        known = {row["AlarmName"] for row in rows}
        for name in wanted:
            if name not in known:
                raise StackError(
                    f"there is no alarm {name} in {self._clients.region}", hint="Correct --shift-alarm."
                )
        return {row["AlarmName"] for row in rows if row["StateValue"] == "ALARM"}

    def _sum(self, metric: str, version: str, since: datetime) -> int:
        with self._mapped("read how the new version does", "the metrics of Lambda"):
            found = self._clients.client("cloudwatch").get_metric_statistics(
                Namespace="AWS/Lambda",
                MetricName=metric,
                Dimensions=[
                    {"Name": "FunctionName", "Value": self._function},
                    {"Name": "Resource", "Value": f"{self._function}:{ALIAS}"},
                    {"Name": "ExecutedVersion", "Value": version},
                ],
                StartTime=since.replace(second=0, microsecond=0),
                EndTime=datetime.now(UTC),
                Period=60,
                Statistics=["Sum"],
            )
        return sum(round(float(point["Sum"])) for point in found["Datapoints"])

    def _answered_ill(self, version: str, since: datetime) -> int:
        """Metrics know what broke off only; an answer of 500 is a good one to them."""
        with self._mapped("read how the new version does", f"the log {self._log_group}"):
            pages = self._clients.client("logs").get_paginator("filter_log_events")
            lines = [
                event["message"]
                for page in pages.paginate(
                    logGroupName=self._log_group,
                    startTime=int(since.timestamp() * 1000),
                    filterPattern="{ $.statusCode >= 500 }",
                )
                for event in page["events"]
                if f"[{version}]" in event.get("logStreamName", "")
            ]
        return len([line for line in lines if _is_ill(line)])

    def _mapped(self, doing: str, resource: str) -> AbstractContextManager[None]:
        return mapped(doing, resource=resource, region=self._clients.region, failure=StackError)


def _is_ill(line: str) -> bool:
    """Not every server that stands for AWS knows patterns of JSON."""
    try:
        record: Any = json.loads(line)
    except ValueError:
        return False
    status = record.get("statusCode") if isinstance(record, dict) else None
    return isinstance(status, int) and status >= 500
