"""A publisher backend opened for work: which program, which environment, which operator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from miniprogram.backends.program import program_facts
from miniprogram.environments.session import ProviderFinder, open_session
from miniprogram.errors import MiniProgramError, PluginError, UsageError
from miniprogram.seams.backend_operator import BackendOperator, BackendRequest, RunsBackends
from miniprogram.seams.backend_template import ProgramFacts
from miniprogram.state.env_file import ResolvedEnv
from miniprogram.state.publisher_backend_cloud import DeployedBackend, DeployRecords


@dataclass(frozen=True, slots=True)
class BackendSession:
    """For the length of one command. `options` are those given and those an earlier deploy remembered."""

    program_root: Path
    program: ProgramFacts
    provider: str
    environment: str
    operator: BackendOperator
    records: DeployRecords
    options: Mapping[str, object]

    def header(self, subcommand: str) -> dict[str, object]:
        """What every document begins with."""
        command = f"publisher-backend {self.provider} {subcommand}"
        return {
            "schemaVersion": 1,
            "command": command,
            "provider": self.provider,
            "environmentName": self.environment,
            **self.operator.location_members,
        }

    def last_deploy(self) -> DeployedBackend | None:
        return self.records.find(self.environment)


def open_backend(
    resolved: ResolvedEnv,
    environment: str | None,
    *,
    provider: str,
    program_root: Path,
    options: Mapping[str, object],
    find_provider: ProviderFinder,
    home: Path,
    environ: Mapping[str, str],
) -> BackendSession:
    """Open the backend of the program at `program_root` in an environment of `provider`.

    Raises UsageError when the environment belongs to another provider or an option does not fit, and
    MiniProgramError when it is not configured or there is no mini-program.
    """
    chosen = resolved.select(environment, failure=MiniProgramError)
    if chosen.provider != provider:
        raise UsageError(
            f"the environment {chosen.name!r} belongs to {chosen.provider}, not to {provider}",
            hint=f"Name an environment of {provider} with --env.",
        )
    facts = program_facts(program_root)
    records = DeployRecords(program_root, provider)
    remembered = records.find(chosen.name)
    merged = {**(remembered.options if remembered else {}), **options}
    cloud = open_session(resolved, chosen.name, find_provider=find_provider, home=home, environ=environ).provider
    if not isinstance(cloud, RunsBackends):
        raise PluginError(f"the provider {provider!r} runs no publisher backends")
    operator = cloud.publisher_backend(BackendRequest(program_root, facts, chosen.name, merged))
    return BackendSession(program_root, facts, provider, chosen.name, operator, records, merged)
