"""Switches: a key whose value depends on who asks."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from miniprogram.models import FrozenModel
from miniprogram.releases.model.configuration import check_audience
from miniprogram.targets import Stage

SwitchType = Literal["boolean", "string", "number", "json"]

_TYPES: dict[str, tuple[type, ...]] = {"boolean": (bool,), "string": (str,), "number": (int, float)}


class SwitchRule(FrozenModel):
    """Who gets `value`: an audience, a percentage in basis points, or both. The first rule that holds wins."""

    value: Any = None
    audience: dict[str, Any] | None = None
    basis_points: int | None = Field(default=None, ge=0, le=10_000)
    salt: str | None = None

    @field_validator("audience")
    @classmethod
    def _is_condition(cls, value: dict[str, Any] | None) -> dict[str, Any] | None:
        return check_audience(value)


class Switch(FrozenModel):
    """A switch. Off (`enabled` false) means that everybody gets `default`."""

    key: str = Field(pattern=r"^[A-Za-z0-9._-]{1,128}$")
    type: SwitchType
    default: Any = None
    enabled: bool = True
    description: str = ""
    host_app: str | None = None
    environment: Stage | None = None
    rules: tuple[SwitchRule, ...] = Field(default=(), max_length=200)

    @model_validator(mode="after")
    def _values_fit(self) -> Switch:
        check_value(self.type, self.default, "default")
        for index, rule in enumerate(self.rules):
            check_value(self.type, rule.value, f"rules[{index}].value")
        return self


def check_value(kind: str, value: Any, path: str) -> None:
    """Raises ValueError when `value` is not of the switch's type."""
    allowed = _TYPES.get(kind)
    if allowed is not None and (not isinstance(value, allowed) or (kind == "number" and isinstance(value, bool))):
        raise ValueError(f"{path} must be a {kind}")
