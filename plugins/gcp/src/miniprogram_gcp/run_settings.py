"""Settings of a delivery service on Cloud Run. A provider that has one inherits them."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from miniprogram.provider_kit.settings import Number, ServedSettings, Share, Truth, number

BASE_IMAGES = ("python311", "python312", "python313", "python314")
DEFAULT_BASE_IMAGE = "python313"
BaseImage = Literal["python311", "python312", "python313", "python314"]
MemoryMib = Literal[256, 512, 1024, 2048]


def _project_id(text: str) -> str:
    name = text.strip()
    if not re.fullmatch(r"(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]", name):
        raise ValueError("must be the id of a project, such as acme-prod-1234")
    return name


def _region(text: str) -> str:
    name = text.strip().lower()
    if not re.fullmatch(r"[a-z]+-[a-z]+[0-9]+", name):
        raise ValueError("must be a region of Cloud Run, such as europe-west1")
    return name


def _service_name(text: str) -> str:
    name = text.strip()
    if not re.fullmatch(r"[a-z]([a-z0-9-]{0,47}[a-z0-9])?", name):
        raise ValueError("must be at most 49 small letters, digits and hyphens, a letter first")
    return name


def _account(text: str) -> str:
    name = text.strip()
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*@[a-z0-9.-]+\.gserviceaccount\.com", name):
        raise ValueError("must be the address of a service account, ending in .gserviceaccount.com")
    return name


def _log_level(text: str) -> str:
    level = text.strip().upper()
    if level not in {"DEBUG", "INFO", "WARN", "ERROR"}:
        raise ValueError("must be DEBUG, INFO, WARN or ERROR")
    return level


def _label(text: str) -> str:
    name, found, value = text.partition("=")
    is_fit = re.fullmatch(r"[a-z][a-z0-9_-]{0,62}", name) and re.fullmatch(r"[a-z0-9_-]{0,63}", value)
    if not found or not is_fit or name.startswith(("goog", "miniprogram")):
        raise ValueError("must be NAME=VALUE of small letters, digits, _ and -, not beginning with goog")
    return text


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
)
ProjectId = Annotated[str, AfterValidator(_project_id)]
RunRegion = Annotated[str, AfterValidator(_region)]


class RunSettings(ServedSettings):
    """How delivery runs. What may be left out is None here; Cloud Run's own default or ours counts then."""

    has_own_delivery = True

    project_id: ProjectId | None = Field(
        default=None,
        description="project that delivery runs in, that pays for requests and that a new bucket belongs to; "
        "GOOGLE_CLOUD_PROJECT unless given",
    )
    run_region: tuple[RunRegion, ...] = Field(
        default=(), description="region that delivery runs in; may be repeated; that of the bucket unless given"
    )
    service_name: Annotated[str, AfterValidator(_service_name)] | None = Field(
        default=None, description="name of the delivery service; mini-program-cloud-<environment> unless given"
    )
    service_account: Annotated[str, AfterValidator(_account)] | None = Field(
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
    log_level: Annotated[str, AfterValidator(_log_level)] | None = Field(
        default=None, description="DEBUG, INFO, WARN or ERROR; INFO unless given"
    )
    log_sample: Share | None = Field(
        default=None,
        description="share of answered requests to log, from 0 to 1; refused ones always are; 1 unless given",
    )
    pointer_max_age_seconds: Number | None = Field(
        default=None,
        ge=0,
        le=300,
        description="seconds after which delivery looks up again what is published; 5 unless given",
    )
    delivery_policy: Literal["strict", "compatible"] | None = Field(
        default=None,
        description="whether delivery closes the gaps of the reference service; strict unless given",
    )
    label: tuple[Annotated[str, AfterValidator(_label)], ...] = Field(
        default=(), description="label of the delivery service, as NAME=VALUE; may be repeated"
    )
    enable_apis: Truth = Field(
        default=False, exclude=True, description="switch on the APIs that publishing and delivery need, now"
    )

    @model_validator(mode="after")
    def _nothing_is_set_in_vain(self) -> Self:
        if self.delivery == "self":
            vain = [name for name in _ON_CLOUD_RUN if getattr(self, name) not in (None, ())]
            reason = "is for delivery on Cloud Run"
        else:
            vain = [name for name in ("host", "port") if name in self.model_fields_set]
            reason = "is for a delivery server of yours: it needs --delivery self"
        if vain:
            raise ValueError(f"--{vain[0].replace('_', '-')} {reason}")
        return self
