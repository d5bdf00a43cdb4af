"""`status` and `outputs`: a deployed backend as it stands."""

from __future__ import annotations

from collections.abc import Callable

from miniprogram.backends.cloud.deploying import health_of
from miniprogram.backends.cloud.reports import OutputsReport, StatusReport, make_report
from miniprogram.backends.cloud.session import BackendSession
from miniprogram.errors import MiniProgramError
from miniprogram.processes import Health
from miniprogram.provider_kit.health import ask
from miniprogram.seams.backend_operator import BASE_URL, FUNCTION_NAME, HEALTH_URL

STATUS_TIMEOUT_S = 2.0


def _ask(url: str) -> Health:
    return ask(url, timeout_s=STATUS_TIMEOUT_S)


def backend_status(session: BackendSession, *, health: Callable[[str], Health] = _ask) -> StatusReport:
    """The deployment, one health request, and what is remembered of the last deploy."""
    state = session.operator.state()
    url = state.outputs.get(HEALTH_URL)
    found = Health(None, f"the deployment has no output {HEALTH_URL}")
    if not state.exists:
        found = Health(None, state.missing)
    elif url:
        found = health(url)
    return make_report(
        StatusReport,
        session.header("status"),
        state.facts,
        state.more_facts,
        backend_base_url=state.outputs.get(BASE_URL),
        health_url=url,
        healthy=health_of(state, found) if state.exists else None,
        health_status_code=found.status_code,
        health_error=found.error,
        outputs=dict(state.outputs),
        last_deploy=_last_deploy(session),
    )


def backend_outputs(session: BackendSession) -> OutputsReport:
    """What the deployment is reached by. Raises MiniProgramError when there is none."""
    state = session.operator.state()
    if not state.exists:
        raise MiniProgramError(
            f"there are no outputs: {state.missing}",
            hint=f"Run `miniprogram publisher-backend {session.provider} deploy`.",
        )
    hidden = session.operator.outputs_hide
    header = {name: value for name, value in session.header("outputs").items() if name not in hidden}
    return make_report(
        OutputsReport,
        header,
        outputs=dict(state.outputs),
        backend_base_url=state.outputs.get(BASE_URL),
        health_url=state.outputs.get(HEALTH_URL),
        function_name=state.outputs.get(FUNCTION_NAME),
    )


def _last_deploy(session: BackendSession) -> dict[str, object] | None:
    record = session.last_deploy()
    if record is None:
        return None
    return {
        "deployedAtUtc": record.deployed_at_utc,
        "backendRootPath": record.backend_root_path,
        **{name: record.member(name) for name in session.operator.deploy_keys},
        "backendBaseUrl": record.outputs.get(BASE_URL),
    }
