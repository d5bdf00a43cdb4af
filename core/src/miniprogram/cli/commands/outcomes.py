"""What commands that change something print with `--json`. One model a document; see docs/reference/json."""

from __future__ import annotations

from typing import Any, Literal

from miniprogram.models import FrozenModel


class Outcome(FrozenModel):
    """What every such document starts with."""

    schema_version: int = 1
    command: str


class EnvironmentOutcome(Outcome):
    """Of a command in an environment."""

    environment_name: str
    provider: str


class NewAccessKey(EnvironmentOutcome):
    """`access-key create` and `rotate`. The key is shown this once."""

    mini_program_id: str
    key_id: str
    key: str
    revoked_key_id: str | None = None
    """The key that was replaced; null when none was."""
    now_protected: bool
    """Whether this key is the one that closed the mini-program to everybody else."""
    notes: tuple[str, ...] = ()


class RevokedAccessKey(EnvironmentOutcome):
    """`access-key revoke`."""

    mini_program_id: str
    key_id: str
    active_key_count: int


class BackendInitialized(Outcome):
    """`backend init`. Files are relative to the workspace."""

    workspace_path: str
    written_files: tuple[str, ...]
    unchanged_files: tuple[str, ...]
    notes: tuple[str, ...] = ()


class BackendStarted(Outcome):
    """`backend start`. `started` is false when it ran already."""

    started: bool
    pid: int
    api_base_url: str
    open_to_network: bool
    devices: tuple[str, ...]
    """Android devices that reach it, by serial number."""
    log_path: str
    notes: tuple[str, ...] = ()


class BackendStopped(Outcome):
    """`backend stop` and `publisher-backend stop`."""

    result: Literal["stopped", "not_running", "was_gone"]
    """`was_gone`: it had ended by itself, and its record was removed."""


class LocalReset(Outcome):
    """`backend reset-local`."""

    releases: tuple[str, ...]
    """As `id version`."""
    removed_path_count: int


class CloudDeployPlanned(EnvironmentOutcome):
    """`cloud deploy --dry-run`: what would be done, none when there is nothing to do."""

    planned: tuple[str, ...]


class CloudDestroyed(EnvironmentOutcome):
    """`cloud destroy`. Without `--yes` nothing is removed: `done` is false and `planned` says what would go."""

    done: bool
    planned: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class CloudOutputs(EnvironmentOutcome):
    """`cloud outputs`. By name: BackendApiBaseUrl, HealthUrl, …"""

    outputs: dict[str, str]


class CloudRolledBack(EnvironmentOutcome):
    """`cloud rollback`. `changed` is false when it was there already."""

    mini_program_id: str
    previous_version: str
    version: str
    changed: bool
    catalog_key: str
    release_key: str


class ProgramsReindexed(EnvironmentOutcome):
    """`cloud app reindex`."""

    mini_program_count: int


class ProgramDisabled(EnvironmentOutcome):
    """`cloud app disable`. Without `--yes` nothing is changed, and `done` is false."""

    mini_program_id: str
    done: bool
    catalog_key: str
    disabled_key: str


class ProgramEnabled(EnvironmentOutcome):
    """`cloud app enable`."""

    mini_program_id: str
    version: str


class ProgramDeleted(EnvironmentOutcome):
    """`cloud app delete`. Without `--yes` nothing is deleted, and `done` is false; `keys` are what would go."""

    mini_program_id: str
    done: bool
    keys: tuple[str, ...]
    remaining_trail_length: int = 0
    withdrawn_versions: tuple[str, ...] = ()


class PrunedVersion(FrozenModel):
    """`size` in bytes, of `object_count` objects."""

    version: str
    digest: str | None
    object_count: int
    size: int


class StayingVersion(FrozenModel):
    """`because`: what refers to it, or that it is one of the highest."""

    version: str
    because: tuple[str, ...]


class PrunedProgram(FrozenModel):
    mini_program_id: str
    pruned: tuple[PrunedVersion, ...]
    staying: tuple[StayingVersion, ...]


class StoragePruned(EnvironmentOutcome):
    """`storage prune`. Without `--yes` nothing is deleted, and `done` is false; `pruned` is what would go."""

    keep: int
    done: bool
    mini_programs: tuple[PrunedProgram, ...]


class ProgramCreated(Outcome):
    """`create`. Files are relative to `root_path`."""

    mini_program_id: str
    root_path: str
    created_files: tuple[str, ...]
    replaced_files: tuple[str, ...]
    backup_path: str | None
    """Where files that were replaced are kept."""


class HostEmbedded(Outcome):
    """`embed init`. `changed` is false when everything was there."""

    changed: bool
    package_name: str
    host_app_id: str
    host_version: str
    written_files: tuple[str, ...]
    backup_files: tuple[str, ...]
    unchanged_files: tuple[str, ...]
    notes: tuple[str, ...]
    next_step: str | None
    """What to do now, as the kind of host app has it; None when nothing was written."""


class PresetChanged(Outcome):
    """`embed preset`. `version` and `digest` are None when it was taken out; `size` in bytes is that of `file`."""

    changed: bool
    mini_program_id: str
    version: str | None
    digest: str | None
    file: str
    size: int
    written_files: tuple[str, ...]
    notes: tuple[str, ...]


class HostBound(Outcome):
    """`embed cloud configure`."""

    project_path: str
    environment_name: str
    provider: str
    delivery_api_base_url: str
    saved_in: str


class EndpointChanged(Outcome):
    """`host endpoint add`, `import` and `remove`. Keys are left out."""

    outcome: str
    app_id: str
    title: str
    api_base_url: str
    access_mode: str
    backend_base_url: str | None
    backend_mode: str
    endpoint_map_file: str
    registry_file: str
    endpoint_count: int
    backup_files: tuple[str, ...]
    notes: tuple[str, ...]


class PackageWritten(Outcome):
    """`partner package`. The key is in the file, not here."""

    path: str
    app_id: str
    title: str
    api_base_url: str
    backend_base_url: str | None
    access_mode: str
    generated_at_utc: str
    expires_at_utc: str | None
    notes: tuple[str, ...] = ()


class EnvironmentFileWritten(Outcome):
    """`env init` and `env use`."""

    file_path: str
    created: bool
    active_environment: str
    environments: tuple[str, ...]
    notes: tuple[str, ...] = ()


class EnvironmentConfigured(Outcome):
    """`env configure`. `dropped` are settings of another provider that went."""

    file_path: str
    created: bool
    environment_name: str
    provider: str
    values: dict[str, Any]
    previous_provider: str | None
    dropped: tuple[str, ...]
    is_active: bool
    notes: tuple[str, ...] = ()


class BackendScaffolded(Outcome):
    """`publisher-backend scaffold`. Files are relative to `folder`."""

    folder: str
    template: str
    storage: str
    created_files: tuple[str, ...]
    replaced_files: tuple[str, ...]


class PublisherBackendUrls(Outcome):
    """`publisher-backend urls`, and `run` with the process."""

    desktop_web: str
    android_emulator: str
    android_usb: str
    started: bool | None = None
    """False when it ran already; null for `urls`."""
    pid: int | None = None
    log_path: str | None = None


class NewSealingKey(Outcome):
    """A key for a host app. `file` holds the private part, which is shown nowhere."""

    command: str = "sealing keys make"
    file: str
    key_id: str
    key: str
