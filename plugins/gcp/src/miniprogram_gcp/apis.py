"""The APIs that publishing and delivery need, switched on by one call."""

from __future__ import annotations

from collections.abc import Iterator

from miniprogram.errors import UsageError
from miniprogram.seams.cloud_provider import ProviderContext
from miniprogram_gcp.cloud_errors import MONITORING_API, RUN_APIS, STORAGE_APIS, cloud_errors
from miniprogram_gcp.google_calls import service_calls
from miniprogram_gcp.operations import Operations
from miniprogram_gcp.settings import GcpSettings

ADDRESS = "https://serviceusage.googleapis.com"
API = "serviceusage"


def needed_apis(settings: GcpSettings) -> tuple[str, ...]:
    run = RUN_APIS if settings.delivery == "cloud" else ()
    return (*STORAGE_APIS, *run, *((MONITORING_API,) if settings.shift_step else ()))


def enable_apis(context: ProviderContext, project: str | None, apis: tuple[str, ...]) -> Iterator[str]:
    """Switch `apis` on in `project`; those that are on stay so. Says what was done. Raises MiniProgramError."""
    if project is None:
        raise UsageError("--enable-apis needs --project-id: an API is switched on in a project")
    calls = service_calls(API, ADDRESS, context.environ)
    errors = cloud_errors("Service Usage", project, context.environment)
    doing, resource = "switch on " + ", ".join(apis), f"the project {project}"
    with errors.mapped(doing, resource=resource):
        operation = calls.call(
            "POST", f"/v1/projects/{project}/services:batchEnable", json={"serviceIds": list(apis)}
        ).json()
    said: list[str] = []
    Operations(calls, errors, "/v1/").finish(operation, said.append, doing=doing, resource=resource)
    yield from said
    yield f"Switched on in {project}: {', '.join(apis)}."
