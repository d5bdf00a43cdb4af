"""Settings of a delivery service on Cloud Run. A provider that has one inherits them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from miniprogram.provider_kit.settings import (
    DeliveryCodeSettings,
    EachOnce,
    Number,
    ServedSettings,
    ShiftSettings,
    Truth,
    named_value,
    number,
    shaped,
)

BASE_IMAGES = ("python311", "python312", "python313", "python314")
DEFAULT_BASE_IMAGE = "python313"
BaseImage = Literal["python311", "python312", "python313", "python314"]
MemoryMib = Literal[256, 512, 1024, 2048]

_LABEL = "NAME=VALUE of small letters, digits, _ and -, not beginning with goog or miniprogram"
Label = Annotated[str, named_value(r"(?!goog|miniprogram)[a-z][a-z0-9_-]{0,62}", r"[a-z0-9_-]{0,63}", _LABEL)]
_ON_CLOUD_RUN = (
    "run_region",
    "service_name",
    "service_account",
    "base_image",
    "memory_mib",
    "requests_at_once",
    "min_instances",
    "max_instances",
    "ingress",
    "log_level",
    "log_sample",
    "pointer_max_age_seconds",
    "delivery_policy",
    "label",
    "shift_step",
    "shift_minutes",
)
ProjectId = Annotated[
    str,
    shaped(r"(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]", "the id of a project, such as acme-prod-1234"),
]
RunRegion = Annotated[
    str, shaped(r"[a-z]+-[a-z]+[0-9]+", "a region of Cloud Run, such as europe-west1", lower=True)
]
ServiceName = Annotated[
    str,
    shaped(r"[a-z]([a-z0-9-]{0,47}[a-z0-9])?", "at most 49 small letters, digits and hyphens, a letter first"),
]
ServiceAccount = Annotated[
    str,
    shaped(
        r"[a-z0-9][a-z0-9-]*@[a-z0-9.-]+\.gserviceaccount\.com",
        "the address of a service account, ending in .gserviceaccount.com",
    ),
]


class RunSettings(DeliveryCodeSettings, ShiftSettings, ServedSettings):
    """How delivery runs. What may be left out is None here; Cloud Run's own default or ours counts then."""

    own_delivery, of_own_delivery = "delivery on Cloud Run", _ON_CLOUD_RUN

    project_id: ProjectId | None = Field(
        default=None,
        description="project that delivery runs in, that pays for requests and that a new bucket belongs to; "
        "GOOGLE_CLOUD_PROJECT unless given",
    )
    run_region: tuple[RunRegion, ...] = Field(
        default=(), description="region that delivery runs in; may be repeated; that of the bucket unless given"
    )
    service_name: ServiceName | None = Field(
        default=None, description="name of the delivery service; mini-program-cloud-<environment> unless given"
    )
    service_account: ServiceAccount | None = Field(
        default=None, description="account that delivery runs as; the project's default one unless given"
    )
    base_image: BaseImage | None = Field(
        default=None, description="image that delivery runs in, kept current by Google; python313 unless given"
    )
    memory_mib: Annotated[MemoryMib, BeforeValidator(number)] | None = Field(
        default=None, description="MiB of memory of an instance; 512 unless given"
    )
    requests_at_once: Number | None = Field(
        default=None, ge=1, le=250, description="requests an instance answers at once; 80 unless given"
    )
    min_instances: Number | None = Field(
        default=None, ge=0, le=1000, description="instances that always run; none unless given"
    )
    max_instances: Number | None = Field(
        default=None, ge=1, le=1000, description="instances that may run at once; 20 unless given"
    )
    ingress: Literal["all", "load-balancer"] | None = Field(
        default=None,
        description="who reaches delivery: all, or only your load-balancer and your own network; all unless given",
    )
    label: Annotated[tuple[Label, ...], EachOnce] = Field(
        default=(), description="label of the delivery service, as NAME=VALUE; may be repeated"
    )
    enable_apis: Truth = Field(
        default=False, exclude=True, description="switch on the APIs that publishing and delivery need, now"
    )
