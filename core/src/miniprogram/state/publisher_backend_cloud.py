"""Where a mini-program's backend was deployed to: a record per environment, and a copy of the latest.

`publisher_backend.<provider>.json` holds the latest deploy, for editors and older tools;
`publisher_backend.<provider>.<environment>.json` holds that of one environment.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from miniprogram.errors import MiniProgramError
from miniprogram.state.state_file import STATE_FOLDER, StateFile, StateModel

SCHEMA = 1


class DeployedBackend(StateModel):
    """A deploy. What locates it on its cloud (`stackName`, `projectId`, …) is kept as further members."""

    schema_version: int = SCHEMA
    mini_program_root_path: str
    backend_root_path: str
    environment_name: str
    outputs: dict[str, str]
    deployed_at_utc: str
    options: dict[str, Any] = Field(default_factory=dict)
    """Options of the deploy that later commands follow without being told, by field name."""

    def member(self, name: str) -> object:
        """A further member; None when there is none."""
        return (self.model_extra or {}).get(name)


@dataclass(frozen=True, slots=True)
class DeployRecords:
    """The records of the mini-program at `program_root` on one provider."""

    program_root: Path
    provider: str

    @property
    def latest(self) -> StateFile[DeployedBackend]:
        return self._file(f"publisher_backend.{self.provider}.json")

    def of(self, environment: str) -> StateFile[DeployedBackend]:
        return self._file(f"publisher_backend.{self.provider}.{environment}.json")

    def find(self, environment: str) -> DeployedBackend | None:
        """The last deploy to `environment`. Raises DocumentError for a file that cannot be used."""
        own = self.of(environment).read()
        if own is not None:
            return own
        latest = self.latest.read()
        return latest if latest is not None and latest.environment_name == environment else None

    def save(self, record: DeployedBackend) -> None:
        """Remember a deploy, also as the latest."""
        with self.latest.locked():
            self.of(record.environment_name).write(record)
            self.latest.write(record)

    def forget(self, environment: str) -> None:
        """Drop the record of `environment`; the latest one of the others becomes the latest."""
        with self.latest.locked():
            latest = self._latest_or_none()
            self.of(environment).remove()
            if latest is not None and latest.environment_name != environment:
                return
            others = sorted(self._others(), key=lambda record: record.deployed_at_utc)
            self.latest.write(others[-1]) if others else self.latest.remove()

    def _others(self) -> list[DeployedBackend]:
        folder = self.program_root / STATE_FOLDER
        paths = sorted(folder.glob(f"publisher_backend.{self.provider}.*.json"))
        found = [self._readable(self._file(path.name)) for path in paths]
        return [record for record in found if record is not None]

    def _latest_or_none(self) -> DeployedBackend | None:
        return self._readable(self.latest)

    @staticmethod
    def _readable(file: StateFile[DeployedBackend]) -> DeployedBackend | None:
        try:
            return file.read()
        except MiniProgramError:
            return None  # forgetting must work when a neighbour's file is torn

    def _file(self, name: str) -> StateFile[DeployedBackend]:
        return StateFile(self.program_root / STATE_FOLDER / name, DeployedBackend, newest_schema=SCHEMA)
