"""`deploy`: put a publisher backend up, wait until it answers, remember where it is."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from miniprogram.backends.cloud.reports import DeployReport, make_report
from miniprogram.backends.cloud.session import BackendSession
from miniprogram.clock import to_iso
from miniprogram.errors import MiniProgramError
from miniprogram.processes import Health
from miniprogram.provider_kit.health import ask
from miniprogram.seams.backend_operator import BASE_URL, HEALTH_URL, BackendState, Progress
from miniprogram.state.publisher_backend_cloud import DeployedBackend

WAIT_S = 45.0
TRY_S = 5.0
PAUSE_S = 1.0
REFUSALS = (401, 403)

Ask = Callable[[str], Health]
"""Asks a health URL once."""


def ask_once(url: str) -> Health:
    return ask(url, timeout_s=TRY_S)


def deploy_backend(
    session: BackendSession,
    *,
    progress: Progress,
    now: datetime,
    health: Ask = ask_once,
    pause: Callable[[float], None] = time.sleep,
    tick: Callable[[], float] = time.monotonic,
) -> DeployReport:
    """Deploy, then wait up to 45 seconds until the backend is healthy.

    The deploy is remembered even when the backend turns out ill. Raises MiniProgramError with the cause when it
    cannot be deployed.
    """
    session.operator.check_source()
    state = session.operator.deploy(progress)
    if not state.exists:
        raise MiniProgramError(f"the backend is still missing after it was deployed: {state.missing}")
    url = state.outputs.get(HEALTH_URL)
    session.records.save(_record(session, state, now))
    found = Health(None, f"the deployment has no output {HEALTH_URL}")
    if url:
        progress(f"Waiting for {url}")
        found = health(url) if state.is_private else _await(url, health, pause, tick)
    return make_report(
        DeployReport,
        session.header("deploy"),
        state.facts,
        backend_root_path=str(session.operator.backend_root),
        backend_base_url=state.outputs.get(BASE_URL),
        health_url=url,
        healthy=health_of(state, found),
        health_status_code=found.status_code,
        health_error=found.error,
        outputs=dict(state.outputs),
        deployed_at_utc=to_iso(now),
    )


def health_of(state: BackendState, found: Health) -> bool | None:
    """Whether the backend is well; None where nobody uninvited may find out, and it said so."""
    return None if state.is_private and found.status_code in REFUSALS else found.healthy


def _await(url: str, health: Ask, pause: Callable[[float], None], tick: Callable[[], float]) -> Health:
    deadline = tick() + WAIT_S
    found = health(url)
    while not found.healthy and tick() + PAUSE_S < deadline:
        pause(PAUSE_S)
        found = health(url)
    return found


def _record(session: BackendSession, state: BackendState, now: datetime) -> DeployedBackend:
    return DeployedBackend.model_validate(
        {
            "miniProgramRootPath": str(session.program_root),
            "backendRootPath": str(session.operator.backend_root),
            "environmentName": session.environment,
            **session.operator.recorded,
            "outputs": dict(state.outputs),
            "deployedAtUtc": to_iso(now),
            "options": {name: value for name, value in session.options.items() if value is not None},
        }
    )
