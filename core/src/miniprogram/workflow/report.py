"""`workflow status`: everything an editor shows about a workspace, in one document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from miniprogram.clock import Clock, to_iso
from miniprogram.errors import MiniProgramError
from miniprogram.plugins.specs import HostGeneratorSpec, ProviderSpec, ScreenSourceSpec
from miniprogram.record import Record
from miniprogram.seams.host_generator import HostGenerator
from miniprogram.state.env_file import ResolvedEnv
from miniprogram.workflow.backend_section import BackendSection, backend_section, look_up_backend
from miniprogram.workflow.environment_section import environment_section, look_up_env
from miniprogram.workflow.host_section import HostSection, host_section
from miniprogram.workflow.program_section import MANIFEST, ProgramSection, program_section
from miniprogram.workflow.remote_section import RemoteSection
from miniprogram.workflow.verdict import Sections, Severity, WorkspaceType, next_actions, severity

if TYPE_CHECKING:
    from miniprogram.environments.session import ProviderFinder
    from miniprogram.seams.version_signing import VersionSigner


class Surroundings(Record):
    """Where the report is made. What is called is asked only when it is needed."""

    home: Path
    environ: Mapping[str, str]
    now: Clock
    find_provider: ProviderFinder
    providers: Callable[[], Mapping[str, ProviderSpec[Any]]]
    generators: Callable[[], Mapping[str, HostGeneratorSpec]]
    screen_sources: Callable[[], Mapping[str, ScreenSourceSpec]]
    signers: Callable[[], tuple[VersionSigner, ...]] = tuple


class WorkflowReport(Record):
    """The report. `ready` is: nothing stands in the way of the next step."""

    generated_at: str
    workspace: Path
    exists: bool
    sections: Sections
    backend: BackendSection
    severity: Severity
    next_actions: tuple[str, ...]

    @property
    def ready(self) -> bool:
        return self.severity == "ok"

    def to_document(self) -> dict[str, Any]:
        """The JSON of the contract."""
        where = {"path": str(self.workspace), "exists": self.exists, "type": self.sections.type}
        return {
            "schemaVersion": 1,
            "command": "workflow status",
            "generatedAtUtc": self.generated_at,
            "workspace": where,
            "environment": self.sections.environment.to_document(),
            "miniProgram": self.sections.program.to_document(),
            "hostApp": self.sections.host.to_document(),
            "backend": self.backend.to_document(),
            "remote": self.sections.remote.to_document(),
            "ready": self.ready,
            "severity": self.severity,
            "nextActions": list(self.next_actions),
        }


def workflow_report(
    workspace: Path, *, environment: str | None, remote: bool, around: Surroundings
) -> WorkflowReport:
    """Look at `workspace`. Local unless `remote`; one unusable file is told in its section."""
    resolved, env_error = look_up_env(workspace, around.home)
    recorded, backend_error = look_up_backend(workspace, around.home)
    kind, generator = detect(workspace, around)
    program = ProgramSection(detected=False)
    if kind == "mini_program":
        program = program_section(workspace, recorded, around.screen_sources())
    host = host_section(workspace, generator) if generator else HostSection(detected=False)
    backend = backend_section(recorded, backend_error)
    sections = Sections(
        type=kind,
        environment=environment_section(resolved, env_error, environment, around.providers),
        program=program,
        host=host,
        remote=_remote(resolved, environment, program, around) if remote else RemoteSection(checked=False),
        backend_error=backend_error,
    )
    return WorkflowReport(
        to_iso(around.now()),
        workspace,
        workspace.is_dir(),
        sections,
        backend,
        severity(sections),
        next_actions(sections),
    )


def detect(workspace: Path, around: Surroundings) -> tuple[WorkspaceType, HostGenerator | None]:
    """What the folder holds. A manifest wins over a host app; without either it is unknown."""
    if not workspace.is_dir():
        return "unknown", None
    if (workspace / MANIFEST).is_file():
        return "mini_program", None
    try:
        generators = [spec.create() for spec in around.generators().values()]
    except MiniProgramError:
        return "unknown", None
    hosts = (generator for generator in generators if generator.is_host(workspace))
    generator = next(hosts, None)
    return ("host_app", generator) if generator else ("unknown", None)


def _remote(
    resolved: ResolvedEnv | None, wanted: str | None, program: ProgramSection, around: Surroundings
) -> RemoteSection:
    from miniprogram.workflow.remote_probes import ask_remote  # deferred: most reports ask no cloud

    return ask_remote(
        resolved,
        wanted,
        program.app_id,
        find_provider=around.find_provider,
        home=around.home,
        environ=around.environ,
        signers=around.signers,
    )
