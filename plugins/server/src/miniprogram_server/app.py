"""Make the application over what is to be served."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from miniprogram.delivery.documents.bounded_looks import BoundedSource
from miniprogram.delivery.documents.cache.snapshot import DocumentSnapshot
from miniprogram.delivery.documents.outage import DEFAULT_STALE_IF_ERROR_S, NO_TOLERANCE, OutageTolerance
from miniprogram.delivery.documents.profile import Profile, local_profile
from miniprogram.delivery.documents.sources import DocumentSource, FolderSource
from miniprogram.delivery.evaluation.ledger import AdmissionLedger
from miniprogram.delivery.evaluation.rules.strictness import STRICTNESS
from miniprogram.delivery.http.service import DeliveryService, Reporter
from miniprogram.delivery.log_records import failure_record, timestamp, to_line
from miniprogram.environments.delivery import (
    FOLDER_STALENESS_S,
    HARD_S,
    LOOK_S,
    change_feed,
    environment_delivery,
)
from miniprogram.environments.session import CloudSession
from miniprogram.seams.change_feed import ChangeFeed
from miniprogram.state.workspace_location import BackendWorkspace
from miniprogram_server.asgi import DeliveryApp
from miniprogram_server.request_log import Observer
from miniprogram_server.sample_feedback import FEEDBACK_ROUTE
from miniprogram_server.serving.threads import WorkerThreads

ADMISSIONS = Path(".mini_program", "admissions.sqlite3")
"""Where a workspace remembers who was admitted to time windows; made by the first admission."""


@dataclass(frozen=True, slots=True)
class Served:
    """What a server is to serve: documents, under a profile. `place` is for people."""

    source: DocumentSource
    profile: Profile
    storage: str
    max_staleness_s: float = 0.0
    ledger: AdmissionLedger | None = None
    """Counts admissions to time windows; without, nobody is admitted."""
    tolerance: OutageTolerance = NO_TOLERANCE
    snapshot: DocumentSnapshot | None = None
    """The last good state of documents, kept on disk for the next start."""
    feed: ChangeFeed | None = None
    """Tells what changed before it is looked at by its age."""


def delivery_app(
    served: Served,
    observe: Observer | None = None,
    *,
    report: Reporter | None = None,
    threads: WorkerThreads | None = None,
) -> DeliveryApp:
    """The ASGI application. It runs in any ASGI server. `report` gets what was answered with 5xx."""
    service = DeliveryService(
        served.source,
        served.profile,
        max_staleness_s=served.max_staleness_s,
        report=report or _report,
        ledger=served.ledger,
        post_routes=(FEEDBACK_ROUTE,),
        tolerance=served.tolerance,
        snapshot=served.snapshot,
    )
    return DeliveryApp(service, observe, threads)


def workspace_app(root: str | Path, *, policy: str = "strict") -> DeliveryApp:
    """The application over the backend workspace at `root`, for an ASGI server of your own."""
    from miniprogram.state.workspace_location import require_workspace

    path = Path(root)
    workspace = require_workspace(explicit=path, cwd=path, extra_roots=(), home=path)
    return delivery_app(serve_workspace(workspace, strictness=policy))


def environment_app(
    root: str | Path, name: str | None = None, *, policy: str = "strict", snapshot: str | Path | None = None
) -> DeliveryApp:
    """The application over an environment of the file below `root`, for an ASGI server of your own.

    `snapshot` is a folder for the last good state of documents, from which a restart answers without the store.
    """
    import os

    from miniprogram.environments.session import open_session
    from miniprogram.plugins.registry import Registry
    from miniprogram.state.env_file import require_env

    path, home = Path(root), Path.home()
    resolved = require_env(explicit_root=path, start_directories=[path], home=home)
    registry = Registry.discover(cwd=path, environ=os.environ)
    session = open_session(resolved, name, find_provider=registry.provider, home=home, environ=os.environ)
    return delivery_app(serve_environment(session, strictness=policy, snapshot=snapshot))


def serve_workspace(
    workspace: BackendWorkspace, *, strictness: str, stale_if_error_s: float = DEFAULT_STALE_IF_ERROR_S
) -> Served:
    """The local profile over a backend workspace. Its folder may be one of a network, and fail."""
    from miniprogram.stores.ledger_sqlite import SqliteLedger  # deferred: imports sqlite3

    root: Path = workspace.api_root
    profile = local_profile(strictness=STRICTNESS[strictness])
    ledger = SqliteLedger(workspace.root / ADMISSIONS)
    tolerance = OutageTolerance(HARD_S, stale_if_error_s)
    source = BoundedSource(FolderSource(str(root)), LOOK_S)
    return Served(source, profile, str(root), FOLDER_STALENESS_S, ledger, tolerance)


def serve_environment(
    session: CloudSession,
    *,
    strictness: str,
    snapshot: str | Path | None = None,
    stale_if_error_s: float | None = None,
    max_staleness_s: float | None = None,
) -> Served:
    """The cloud profile over an environment's store; `snapshot` as in `environment_app`.

    `stale_if_error_s` and `max_staleness_s` are the environment's own unless they are given.
    """
    from miniprogram.seams.abilities import AdmissionCounting  # deferred: a workspace does without

    delivery = environment_delivery(
        session,
        strictness=STRICTNESS[strictness],
        stale_if_error=stale_if_error_s,
        max_staleness_s=max_staleness_s,
    )
    ledger = session.provider.ledger() if isinstance(session.provider, AdmissionCounting) else None
    return Served(
        delivery.source,
        delivery.profile,
        session.store.location,
        delivery.max_staleness_s,
        ledger,
        delivery.tolerance,
        None if snapshot is None else DocumentSnapshot(str(snapshot)),
        change_feed(session, delivery.max_staleness_s),
    )


def _report(error: Exception, trace_id: str) -> None:
    """Under another ASGI server: the same record, on stderr."""
    sys.stderr.write(to_line(failure_record(error, timestamp(), trace_id=trace_id, surface="delivery")) + "\n")
