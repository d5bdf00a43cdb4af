"""What is to run on Cloud Run: which program, where, under which name, and what reports call its store."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from miniprogram.errors import UsageError
from miniprogram.seams.cloud_provider import ProviderContext
from miniprogram_gcp.run.program import RunProgram, delivery_program
from miniprogram_gcp.run.service_document import HEALTH_PATH, Identity
from miniprogram_gcp.run_settings import RunSettings

LONGEST_NAME = 49
"""Revisions are called after their service, and have room for 63 characters."""


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What is to run. `store_name` is what reports call the store; `probe_path` is a request that needs the store,
    and is answered below 500 when that is well.
    """

    program: RunProgram
    identity: Identity
    store_name: str
    project: str
    regions: tuple[str, ...]
    """One, or several for one service in all of them."""
    probe_path: str = HEALTH_PATH
    service_name: str = ""
    """The settings' own, or one made from the environment's, unless given."""
    role: str = "roles/storage.objectViewer"
    """What the program's account needs for the store."""
    commands: str = "cloud"
    """The group of commands that deploys it, and shows its logs."""
    name_option: str = "--service-name"
    """The option of `env configure` that gives the service another name."""
    is_public: bool = True


def delivery_plan(settings: RunSettings, context: ProviderContext, *, bucket: str, location: str) -> RunPlan:
    """The delivery service over `bucket`, which is in `location`. Raises UsageError for what is missing."""
    name = context.environment
    project = settings.project_id or context.environ.get("GOOGLE_CLOUD_PROJECT", "").strip()
    if not project:
        raise UsageError(
            f"the environment {name} does not say which project delivery runs in",
            hint=f"Run `miniprogram env configure {name} --project-id PROJECT`.",
        )
    regions = settings.run_region or ((location,) if any(letter.isdigit() for letter in location) else ())
    if not regions:
        raise UsageError(
            f"delivery does not run in {location}, which is several regions",
            hint=f"Run `miniprogram env configure {name} --run-region REGION`.",
        )
    program = delivery_program(settings, bucket)
    probe = "/api/manifests/miniprogram-probe/latest.json"
    return RunPlan(program, Identity(name), f"gs://{bucket}", project, regions, probe)


def shortened(name: str) -> str:
    """`name` as a service may be called: long ones end in a digest of the whole."""
    if len(name) <= LONGEST_NAME:
        return name
    return f"{name[: LONGEST_NAME - 9].rstrip('-')}-{sha256(name.encode()).hexdigest()[:8]}"
