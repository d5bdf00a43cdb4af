"""The documents of `publisher-backend <cloud> … --json`.

Each begins with the same members, then says in the cloud's own words where the deployment is, then what the
command found. Members of the cloud are extra ones here; absent values are null.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ConfigDict

from miniprogram.models import CamelModel

R = TypeVar("R", bound="BackendReport")


class _Part(CamelModel):
    model_config = ConfigDict(extra="allow", defer_build=True)


class BackendReport(_Part):
    schema_version: int
    command: str
    provider: str
    environment_name: str


class DeployReport(BackendReport):
    """`healthy` is null where the cloud lets in invited callers only, so that nobody could ask."""

    backend_root_path: str
    backend_base_url: str | None
    health_url: str | None
    healthy: bool | None
    health_status_code: int | None
    health_error: str | None
    outputs: dict[str, str]
    deployed_at_utc: str


class StatusReport(BackendReport):
    """`healthy` is null without a deployment, or where only invited callers are let in; false without a URL."""

    backend_base_url: str | None
    health_url: str | None
    healthy: bool | None
    health_status_code: int | None
    health_error: str | None
    outputs: dict[str, str]
    last_deploy: dict[str, object] | None


class OutputsReport(BackendReport):
    outputs: dict[str, str]
    backend_base_url: str | None
    health_url: str | None
    function_name: str | None


class ProbedRoute(_Part):
    """One request of `smoke`. `response_status` is what a redemption says in its body."""

    method: str
    path: str
    uri: str
    status_code: int | None
    response_status: str | None = None
    passed: bool
    error: str | None = None


class SmokeReport(BackendReport):
    backend_base_url: str | None
    include_write: bool
    passed: bool
    error: str | None
    routes: tuple[ProbedRoute, ...]


class _DataReport(BackendReport):
    mini_program_id: str
    error: str | None


class SeedReport(_DataReport):
    """`failed_keys` are the keys of records that were not stored."""

    seeded: bool
    item_count: int
    failed_keys: tuple[tuple[str, ...], ...] = ()


class DataStatusReport(_DataReport):
    app_record_count: int | None
    redemption_count: int | None
    available: bool


class ExportReport(_DataReport):
    include_redemptions: bool
    exported: bool
    output_path: str | None
    exported_at_utc: str | None
    app_record_count: int
    redemption_count: int
    item_count: int


class ImportReport(_DataReport):
    """`item_count` is how many entries were to be written after the first `skip`.

    Of `failed_count` that were not, `failed_keys` names the first that the store refused. Where the store itself
    failed in the middle, `next_skip` is what goes on from there.
    """

    input_path: str
    include_redemptions: bool
    dry_run: bool
    succeeded: bool
    imported: bool
    app_record_count: int
    redemption_count: int
    skipped_redemption_count: int
    item_count: int
    skip: int
    stored_count: int
    next_skip: int | None
    failed_count: int
    failed_keys: tuple[tuple[str, ...], ...] = ()


class RedemptionsReport(_DataReport):
    """`matched_count` is before the limit; `records` are newest first."""

    coupon_id: str | None
    user_id: str | None
    limit: int
    matched_count: int
    returned_count: int
    available: bool
    records: tuple[dict[str, Any], ...]


class DestroyReport(_DataReport):
    """`record_count` is everything in the store; null when nobody could or had to count."""

    backend_base_url: str | None
    deleted: bool
    data_loss_confirmed: bool
    deleted_at_utc: str | None
    app_record_count: int | None
    redemption_count: int | None
    record_count: int | None
    blocked_by_data: bool
    data_removed: bool


class LogsReport(BackendReport):
    since: str
    lines: tuple[str, ...]


def make_report(model: type[R], *members: Mapping[str, object], **own: object) -> R:
    """A report of all `members` together, later ones winning. Names may be camelCase or the model's."""
    merged: dict[str, object] = {}
    for each in (*members, own):
        merged.update(each)
    return model.model_validate(merged)
