"""How the whole stands, and what to do next: pure rules over the sections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from miniprogram.record import Record
from miniprogram.workflow.environment_section import EnvironmentSection
from miniprogram.workflow.host_section import HostSection
from miniprogram.workflow.program_section import ProgramSection
from miniprogram.workflow.remote_section import RemoteSection

Severity = Literal["ok", "warning", "error"]
WorkspaceType = Literal["mini_program", "host_app", "unknown"]


class Sections(Record):
    """What the rules look at."""

    type: WorkspaceType
    environment: EnvironmentSection
    program: ProgramSection
    host: HostSection
    remote: RemoteSection
    backend_error: str | None = None


def severity(sections: Sections) -> Severity:
    """`error` for what is broken, `warning` for what is missing or doubtful, else `ok`: ready means ready."""
    if sections.type == "mini_program":
        return _program_severity(sections)
    if sections.type == "host_app":
        return _host_severity(sections.host)
    return "warning"


def next_actions(sections: Sections) -> tuple[str, ...]:
    """Commands to run, in this order; the texts are the contract's."""
    actions = {"mini_program": _program_actions, "host_app": _host_actions, "unknown": _unknown_actions}
    return tuple(actions[sections.type](sections))


def _program_severity(sections: Sections) -> Severity:
    program, build, validation = sections.program, sections.program.build, sections.program.validation
    missing = build is None or not build.exists
    if missing and program.manifest_error is None:
        return "warning"
    broken = (program.manifest_error, sections.environment.error, sections.backend_error)
    if any(broken) or (validation is not None and validation.status == "error"):
        return "error"
    doubtful = (
        missing,
        build is not None and (not build.entry_screen_exists or build.stale),
        validation is None or validation.status == "not_run",
        any(package.error for package in program.partner_packages),
        not sections.environment.cloud_configured,
        sections.remote.checked and not sections.remote.is_well,
    )
    return "warning" if any(doubtful) else "ok"


def _host_severity(host: HostSection) -> Severity:
    cloud_error = host.host_cloud.error if host.host_cloud else None
    if host.endpoint_map_error or host.registry_error or cloud_error:
        return "error"
    return "warning" if host.endpoint_count == 0 or not host.runtime_setup_exists else "ok"


def _program_actions(sections: Sections) -> Iterator[str]:
    build, validation, environment = sections.program.build, sections.program.validation, sections.environment
    if build is None or not build.exists or not build.entry_screen_exists or build.stale:
        yield "Run `miniprogram build`."
    if validation is None or validation.status not in ("ok", "warning"):
        yield "Run `miniprogram validate`."
    if not environment.configured:
        yield "Run `miniprogram env init` and configure a cloud env."
    elif not environment.cloud_configured:
        yield "Run `miniprogram env use <env-name>`."
    elif not sections.remote.checked:
        yield "Run `miniprogram workflow status --remote`."
    elif sections.remote.is_due:
        yield "Run `miniprogram trust sign`."


def _host_actions(sections: Sections) -> Iterator[str]:
    if not sections.host.runtime_setup_exists:
        yield "Run `miniprogram embed init`."
    if sections.host.endpoint_count == 0:
        yield "Run `miniprogram host endpoint import <partner.json>`."


def _unknown_actions(sections: Sections) -> Iterator[str]:
    del sections
    yield "Open a mini-program or Flutter host app workspace."
