"""Operations of Google's services that take their time: followed to the end, with what happens on the way."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from miniprogram.errors import MiniProgramError
from miniprogram.provider_kit.sdk_errors import SdkErrors, Subject
from miniprogram.seams.cloud_provider import Progress
from miniprogram_gcp.cloud_errors import operation_failure
from miniprogram_gcp.google_calls import GoogleCalls

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 5.0
LONGEST_S = 15 * 60.0


class Operations:
    """The operations of one service, below `prefix`, such as `/v2/`."""

    def __init__(
        self,
        calls: GoogleCalls,
        errors: SdkErrors,
        prefix: str,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        first_pause_s: float = FIRST_PAUSE_S,
    ) -> None:
        self._calls, self._errors, self._prefix = calls, errors, prefix
        self._sleep, self._clock, self._first_pause_s = sleep, clock, first_pause_s

    def finish(
        self, operation: dict[str, Any], progress: Progress, *, doing: str, resource: str
    ) -> dict[str, Any]:
        """What `operation` ends with. `doing` completes "cannot …".

        Raises MiniProgramError with the cause when it fails, or does not end in a quarter of an hour.
        """
        end, pause = self._clock() + LONGEST_S, self._first_pause_s
        said: set[str] = set()
        while True:
            for line in _news(operation.get("metadata") or {}):
                if line not in said:
                    said.add(line)
                    progress(line)
            if operation.get("done"):
                break
            if self._clock() >= end:
                raise MiniProgramError(f"cannot {doing}: it has not ended after {LONGEST_S / 60:.0f} minutes")
            self._sleep(pause)
            pause = min(pause * 1.5, LONGEST_PAUSE_S)
            with self._errors.mapped(doing, resource=resource):
                operation = self._calls.call("GET", f"{self._prefix}{operation['name']}").json()
        if "error" in operation:
            raise self._errors.explain(operation_failure(operation["error"]), doing, Subject(resource))
        response: dict[str, Any] = operation.get("response") or {}
        return response


def _news(metadata: dict[str, Any]) -> Iterator[str]:
    """What is under way: conditions of Cloud Run, stages of Cloud Functions."""
    for condition in metadata.get("conditions") or ():
        if condition.get("message") and condition.get("state") != "CONDITION_FAILED":
            yield f"{condition.get('type', 'Service')}: {condition['message']}"
    for stage in metadata.get("stages") or ():
        yield f"{stage.get('name', 'stage').replace('_', ' ').lower()}: {stage.get('state', '').lower()}"
