"""Settings that every environment has, wherever it is. A provider's model inherits them and adds its own.

    class AcmeSettings(ServedSettings):
        bucket: str = Field(description="bucket that holds everything published")

Each field is an option of `env configure --provider acme`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from miniprogram.delivery.documents.outage import MAX_STALE_IF_ERROR_S
from miniprogram.models import CamelModel
from miniprogram.seams.cloud_provider import StoreAddress
from miniprogram.seams.setting_texts import absolute_url, ip_address, object_prefix, truth

DEFAULT_PORT = 8787


def number(value: Any) -> Any:
    """A whole number, also from text: older tools store numbers so."""
    return int(value) if isinstance(value, str) and value.strip().isdecimal() else value


def _number_or_text(value: Any) -> Any:
    """A number, also from text."""
    try:
        return float(value)
    except (TypeError, ValueError):
        raise ValueError("must be a number from 0 to 1") from None


def shaped(
    pattern: str, described: str, *, lower: bool = False, also: Callable[[str], bool] = bool
) -> AfterValidator:
    """For text without blanks around it that is all `pattern`, and that `also` says yes to; in small letters first
    if `lower`. Anything else "must be" as `described`:

        BucketName = Annotated[str, shaped(r"[a-z0-9-]{3,63}", "3 to 63 small letters, digits and hyphens")]
    """

    def check(text: str) -> str:
        value = text.strip().lower() if lower else text.strip()
        if not re.fullmatch(pattern, value) or not also(value):
            raise ValueError(f"must be {described}")
        return value

    return AfterValidator(check)


def named_value(name: str, value: str, described: str) -> AfterValidator:
    """For text of the form NAME=VALUE: all of its name matches `name`, all of its value `value`. Anything else
    "must be" as `described`. `values_by_name` takes such texts apart:

        Tag = Annotated[str, named_value(r"[a-z]{1,63}", r"[a-z0-9]{0,63}", "NAME=VALUE of small letters")]
    """

    def check(text: str) -> str:
        found = text.partition("=")
        if not found[1] or not re.fullmatch(name, found[0]) or not re.fullmatch(value, found[2]):
            raise ValueError(f"must be {described}")
        return text

    return AfterValidator(check)


def _each_once(texts: tuple[str, ...]) -> tuple[str, ...]:
    names = [text.partition("=")[0] for text in texts]
    again = next((name for name in names if names.count(name) > 1), None)
    if again is not None:
        raise ValueError(f"must name {again} once")
    return texts


EachOnce = AfterValidator(_each_once)
"""For a tuple of texts NAME=VALUE: no name may come twice."""


def values_by_name(texts: Iterable[str]) -> dict[str, str]:
    """The values of texts of the form NAME=VALUE."""
    return {name: value for name, _, value in (text.partition("=") for text in texts)}


def _log_level(text: str) -> str:
    level = text.strip().upper()
    if level not in {"DEBUG", "INFO", "WARN", "ERROR"}:
        raise ValueError("must be DEBUG, INFO, WARN or ERROR")
    return level


def _rising(steps: tuple[int, ...]) -> tuple[int, ...]:
    if list(steps) != sorted(set(steps)):
        raise ValueError("must rise from step to step, such as 10 and then 50")
    return steps


Url = Annotated[str, BeforeValidator(absolute_url)]
Prefix = Annotated[str, BeforeValidator(object_prefix)]
Truth = Annotated[bool, BeforeValidator(truth)]
Number = Annotated[int, BeforeValidator(number)]
Share = Annotated[float, BeforeValidator(_number_or_text), Field(ge=0, le=1)]
LogLevel = Annotated[str, AfterValidator(_log_level)]
Percent = Annotated[Number, Field(ge=1, le=99)]

Delivery = Literal["cloud", "self"]
"""Who runs the delivery service: the provider's cloud, or a server on a machine of yours."""


class CloudSettings(CamelModel):
    """What every environment says. Source: `values` of its entry in env.json. Unknown keys are ignored.

    What may be left out is None here; what counts then is decided by whoever needs it.
    """

    artifacts_prefix: Prefix = Field(
        default="artifacts",
        description="start of the keys of artifacts",
        json_schema_extra={"always_stored": True},
    )
    metadata_prefix: Prefix = Field(
        default="metadata", description="start of the keys of metadata", json_schema_extra={"always_stored": True}
    )
    api_base_url: Url | None = Field(
        default=None, description="absolute delivery API base URL that hosts are given"
    )
    require_access_keys: Truth = Field(
        default=False,
        description="refuse every mini-program that has no access keys",
        json_schema_extra={"negatable": True},
    )
    stale_if_error_seconds: Number | None = Field(
        default=None,
        ge=0,
        le=int(MAX_STALE_IF_ERROR_S),
        description="seconds delivery goes on with what it knows while its store fails; 3600 unless given",
    )

    def store_address(self, bucket: str, region: str, public_base_url: str | None = None) -> StoreAddress:
        """How documents name the store. `public_base_url` is that of a CDN in front of it."""
        return StoreAddress(
            bucket=bucket,
            region=region,
            artifacts_prefix=self.artifacts_prefix,
            metadata_prefix=self.metadata_prefix,
            public_base_url=public_base_url,
        )


class ServedSettings(CloudSettings):
    """Settings of an environment that a delivery server on a machine of yours can serve.

    A provider with a delivery service of its own says in `own_delivery` what that is, in `of_own_delivery` which
    settings are for it alone, and sets the default of `delivery`. What would be set in vain is refused.
    """

    own_delivery: ClassVar[str] = ""
    """Such as `delivery by a function`; blank where there is none."""
    of_own_delivery: ClassVar[tuple[str, ...]] = ()

    delivery: Delivery = Field(
        default="self",
        description="where delivery runs: cloud, or self for a server on a machine of yours",
    )
    host: Annotated[str, BeforeValidator(ip_address)] = Field(
        default="127.0.0.1",
        description="IP address the delivery server listens on; 0.0.0.0 opens it to the network",
    )
    port: Number = Field(default=DEFAULT_PORT, ge=1, le=65535, description="port the delivery server listens on")

    @field_validator("delivery")
    @classmethod
    def _delivery_exists(cls, value: Delivery) -> Delivery:
        if value == "cloud" and not cls.own_delivery:
            raise ValueError("must be self: this provider has no delivery service of its own")
        return value

    @model_validator(mode="after")
    def _suits_the_delivery(self) -> Self:
        if self.delivery == "self":
            self.refuse_in_vain(self.of_own_delivery, f"is for {self.own_delivery}")
            return self
        told = [name for name in ("host", "port") if name in self.model_fields_set]
        if told:
            raise ValueError(f"--{told[0]} is for a delivery server of yours: it needs --delivery self")
        return self

    def refuse_in_vain(self, names: Iterable[str], reason: str) -> None:
        """Raises ValueError, naming the option and why, when one of the fields `names` is not its default."""
        for name in names:
            if getattr(self, name) != type(self).model_fields[name].default:
                raise ValueError(f"--{name.replace('_', '-')} {reason}")


class DeliveryCodeSettings(CamelModel):
    """How our delivery code does where a cloud runs it. What may be left out is None; then the code decides."""

    log_level: LogLevel | None = Field(default=None, description="DEBUG, INFO, WARN or ERROR; INFO unless given")
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


class ShiftSettings(CamelModel):
    """How new code of a delivery function comes to hosts, where its provider can shift it gradually."""

    shift_step: Annotated[tuple[Percent, ...], AfterValidator(_rising)] = Field(
        default=(),
        description="percent of requests that new code gets at first; may be repeated, such as 10 and then 50; "
        "all at once unless given",
    )
    shift_minutes: Annotated[Number, Field(ge=1, le=60)] | None = Field(
        default=None, description="minutes that each --shift-step lasts; 5 unless given"
    )

    @model_validator(mode="after")
    def _has_steps_to_make(self) -> Self:
        if self.shift_minutes is not None and not self.shift_step:
            raise ValueError("--shift-minutes is for a gradual shift: it needs --shift-step")
        return self


class AlarmedShift(ShiftSettings):
    """The same where the cloud has alarms to stop a shift by."""

    shift_alarm: tuple[Annotated[str, Field(min_length=1, max_length=255)], ...] = Field(
        default=(),
        description="name of an alarm that takes new code back while it shifts; may be repeated",
    )

    @model_validator(mode="after")
    def _has_steps_to_stop(self) -> Self:
        if self.shift_alarm and not self.shift_step:
            raise ValueError("--shift-alarm is for a gradual shift: it needs --shift-step")
        return self
