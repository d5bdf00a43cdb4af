"""Lines of `cloud doctor` that every provider can have."""

from __future__ import annotations

from collections.abc import Callable

from miniprogram.errors import MiniProgramError
from miniprogram.provider_kit.health import ask
from miniprogram.seams.checks import Check, Status
from miniprogram.seams.cloud_provider import DeliveryDeployment

HEALTH_TIMEOUT_S = 5.0


def looked_at(label: str, look: Callable[[], str | Check], *, otherwise: Status = "error") -> Check:
    """What `look` found: a Check of its own, or the summary of one that is fine.

    What it raises as MiniProgramError is the check's summary, with the status `otherwise`: `skipped` where a look
    that is not possible here says nothing about the environment.
    """
    try:
        found = look()
    except MiniProgramError as error:
        return Check(label, otherwise, str(error), error.hint)
    return found if isinstance(found, Check) else Check(label, "ok", found)


def deployment_check(label: str, deployment: DeliveryDeployment) -> Check:
    """Whether the delivery service is there and answers."""

    def look() -> Check:
        status = deployment.status()
        if not status.exists:
            return Check(
                label, "warning", status.status_reason or "not deployed", "Run `miniprogram cloud deploy`."
            )
        url = status.outputs.get("HealthUrl")
        if url is None:
            return Check(label, "ok", f"{status.name} is deployed; it cannot be asked from here")
        health = ask(url, timeout_s=HEALTH_TIMEOUT_S)
        if not health.healthy:
            return Check(label, "warning", health.error or "it does not answer")
        return Check(label, "ok", status.outputs["BackendApiBaseUrl"])

    return looked_at(label, look)
