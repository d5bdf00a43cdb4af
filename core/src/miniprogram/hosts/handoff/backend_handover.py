"""A deployed publisher backend handed to a host team: as the command they type, or as the file they import."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import SecretStr

from miniprogram.backends.cloud.reports import BackendReport, make_report
from miniprogram.backends.cloud.session import BackendSession
from miniprogram.clock import to_iso
from miniprogram.errors import MiniProgramError
from miniprogram.hosts.endpoints import list_endpoints
from miniprogram.hosts.handoff.making import Handoff, make_package
from miniprogram.hosts.new_endpoint import make_endpoint
from miniprogram.seams.backend_operator import BASE_URL
from miniprogram.seams.endpoint import AccessMode, Endpoint
from miniprogram.seams.host_generator import HostGenerator

KEY_PLACEHOLDER = "ACCESS-KEY"
"""Stands in a printed command where the key goes: commands end in histories and logs."""


@dataclass(frozen=True, slots=True)
class Handover:
    """What is handed over besides the backend. No key means public; no title means the manifest's."""

    api_base_url: str
    title: str | None = None
    access_key: str | None = None


class HostCommandReport(BackendReport):
    """`host_endpoint_…` members tell of a host app that was looked at, and are null otherwise."""

    mini_program_root_path: str
    mini_program_id: str
    title: str
    delivery_api_base_url: str
    backend_base_url: str
    access_mode: AccessMode
    host_endpoint_command_text: str
    host_endpoint_checked: bool
    host_endpoint_ready: bool | None
    host_project_root_path: str | None
    host_endpoint_map_path: str | None
    host_endpoint_found: bool | None
    host_endpoint_delivery_api_base_url: str | None
    host_endpoint_backend_base_url: str | None
    host_endpoint_access_mode: AccessMode | None
    host_endpoint_backend_mode: Literal["none", "local_mock", "remote"] | None
    host_endpoint_issues: tuple[str, ...]


class HandoffReport(BackendReport):
    mini_program_root_path: str
    mini_program_id: str
    title: str
    delivery_api_base_url: str
    backend_base_url: str
    access_mode: AccessMode
    access_key_included: bool
    package_path: str
    generated_at_utc: str
    host_import_command_text: str


def host_command(
    session: BackendSession, handover: Handover, *, host: tuple[HostGenerator, Path] | None = None
) -> HostCommandReport:
    """The command that adds the program to a host app; with `host` also whether that app has it already.

    Raises MiniProgramError when there is no backend, or a URL or the key cannot be one.
    """
    wanted = _endpoint(session, handover)
    title = handover.title or session.program.title
    found = _looked_at(wanted, *host) if host else _Seen()
    return make_report(
        HostCommandReport,
        session.header("host-command"),
        mini_program_root_path=str(session.program_root),
        mini_program_id=session.program.program_id,
        title=title,
        delivery_api_base_url=wanted.api_base_uri,
        backend_base_url=wanted.backend_base_uri,
        access_mode=wanted.access_mode,
        host_endpoint_command_text=command_text(_words(wanted, title, host[1] if host else None)),
        host_endpoint_checked=host is not None,
        host_endpoint_ready=not found.issues if host else None,
        host_project_root_path=str(host[1]) if host else None,
        host_endpoint_map_path=found.map_path,
        host_endpoint_found=found.endpoint is not None if host else None,
        host_endpoint_delivery_api_base_url=found.endpoint.api_base_uri if found.endpoint else None,
        host_endpoint_backend_base_url=found.endpoint.backend_base_uri if found.endpoint else None,
        host_endpoint_access_mode=found.endpoint.access_mode if found.endpoint else None,
        host_endpoint_backend_mode=found.endpoint.backend_mode if found.endpoint else None,
        host_endpoint_issues=found.issues,
    )


def hand_off(session: BackendSession, handover: Handover, *, output: Path | None, now: datetime) -> HandoffReport:
    """Write the partner package; `output` instead of one beside the manifest. Raises as `host_command` does."""
    endpoint = _endpoint(session, handover)
    program = session.program
    path = output or session.program_root / f"{program.program_id}-{session.environment}.partner.json"
    package = make_package(
        Handoff(
            app_id=program.program_id,
            api_base_url=endpoint.api_base_uri,
            title=handover.title or program.title,
            backend_base_url=endpoint.backend_base_uri,
            access_key=SecretStr(handover.access_key) if handover.access_key else None,
        ),
        path,
        now=now,
    )
    return make_report(
        HandoffReport,
        session.header("handoff"),
        mini_program_root_path=str(session.program_root),
        mini_program_id=program.program_id,
        title=package.title,
        delivery_api_base_url=package.api_base_url,
        backend_base_url=package.backend_base_url,
        access_mode=package.access_mode,
        access_key_included=package.access_key is not None,
        package_path=str(path),
        generated_at_utc=to_iso(package.generated_at_utc),
        host_import_command_text=command_text(["miniprogram", "host", "endpoint", "import", str(path)]),
    )


def command_text(words: list[str]) -> str:
    """`words` as one line for the shell of this system."""
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a host app has for the program."""

    map_path: str | None = None
    endpoint: Endpoint | None = None
    issues: tuple[str, ...] = ()


def _endpoint(session: BackendSession, handover: Handover) -> Endpoint:
    state = session.operator.state()
    backend = state.outputs.get(BASE_URL)
    if not state.exists or not backend:
        raise MiniProgramError(
            f"there is no backend to hand over: {state.missing or f'it has no output {BASE_URL}'}",
            hint=f"Run `miniprogram publisher-backend {session.provider} deploy --env {session.environment}`.",
        )
    return make_endpoint(
        session.program.program_id,
        api_base_url=handover.api_base_url,
        access_key=handover.access_key,
        backend_base_url=backend,
        local_mock=False,
    )


def _words(wanted: Endpoint, title: str, host_root: Path | None) -> list[str]:
    words = ["miniprogram", "host", "endpoint", "add", wanted.app_id]
    if host_root is not None:
        words += ["--project-root", str(host_root)]
    words += ["--title", title, "--api-base-url", wanted.api_base_uri]
    words += ["--access-key", KEY_PLACEHOLDER] if wanted.access_mode == "protected" else ["--public"]
    return [*words, "--backend-base-url", str(wanted.backend_base_uri)]


def _looked_at(wanted: Endpoint, generator: HostGenerator, root: Path) -> _Seen:
    map_path = str(generator.files(root).endpoint_map)
    try:
        entries = list_endpoints(generator, root)
    except MiniProgramError as error:
        return _Seen(map_path, None, (str(error),))
    found = next((each for each in entries.endpoints if each.app_id == wanted.app_id), None)
    if found is None:
        return _Seen(map_path, None, (f"it has no endpoint {wanted.app_id}",))
    return _Seen(map_path, found, tuple(_differences(wanted, found)))


def _differences(wanted: Endpoint, found: Endpoint) -> Iterator[str]:
    if found.api_base_uri.rstrip("/") != wanted.api_base_uri.rstrip("/"):
        yield f"it delivers from {found.api_base_uri}, not from {wanted.api_base_uri}"
    if (found.backend_base_uri or "").rstrip("/") != (wanted.backend_base_uri or "").rstrip("/"):
        yield f"its backend is {found.backend_base_uri or 'none'}, not {wanted.backend_base_uri}"
    if found.access_mode != wanted.access_mode:
        yield f"its access is {found.access_mode}, not {wanted.access_mode}"
    if found.backend_mode != "remote":
        yield f"its backend mode is {found.backend_mode}, not remote"
