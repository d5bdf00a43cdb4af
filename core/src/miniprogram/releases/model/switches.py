"""Switches: a key whose value depends on who asks."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field, field_validator, model_validator

from miniprogram.json_values import why_not_storable
from miniprogram.models import Flag, FrozenModel, Whole
from miniprogram.names import HostAppName, SwitchKey
from miniprogram.person_text import PersonLines
from miniprogram.releases.model.configuration import AudienceTree, check_audience
from miniprogram.strict_json import to_canonical_json
from miniprogram.targets import Stage

MAX_DESCRIPTION = 2_000
MAX_VALUE_BYTES = 16 * 1024
"""Of one value as compact JSON: it travels with every decision."""

SwitchType = Literal["boolean", "string", "number", "json"]

_TYPES: dict[str, tuple[type, ...]] = {"boolean": (bool,), "string": (str,), "number": (int, float)}


def values_by_type(schema: dict[str, Any]) -> None:
    """Adds to a schema with `type`, `default` and `rules` that values are of the type; of `json` any."""
    typed = [
        {
            "if": {"properties": {"type": {"const": kind}}},
            "then": {
                "required": ["default"],
                "properties": {
                    "default": {"type": kind},
                    "rules": {"items": {"required": ["value"], "properties": {"value": {"type": kind}}}},
                },
            },
        }
        for kind in _TYPES
    ]
    schema["allOf"] = typed


class SwitchRule(FrozenModel):
    """Who gets `value`: an audience, a percentage in basis points, or both. The first rule that holds wins."""

    value: Any = None
    """JSON; of the type of its switch."""
    audience: AudienceTree | None = None
    basis_points: Whole | None = Field(default=None, ge=0, le=10_000)
    salt: str | None = None

    @field_validator("audience")
    @classmethod
    def _is_condition(cls, value: dict[str, Any] | None) -> dict[str, Any] | None:
        return check_audience(value)


class Switch(FrozenModel):
    """A switch. Off (`enabled` false) means that everybody gets `default`."""

    model_config = ConfigDict(json_schema_extra=values_by_type)

    key: SwitchKey
    type: SwitchType
    default: Any = None
    enabled: Flag = True
    description: PersonLines = Field(default="", max_length=MAX_DESCRIPTION)
    host_app: HostAppName | None = None
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
    problem = why_not_storable(value, path)
    if problem is not None:
        raise ValueError(problem)
    size = len(to_canonical_json(value))
    if size > MAX_VALUE_BYTES:
        raise ValueError(f"{path} has {size} bytes as JSON; a value may have {MAX_VALUE_BYTES}")
    allowed = _TYPES.get(kind)
    if allowed is not None and (not isinstance(value, allowed) or (kind == "number" and isinstance(value, bool))):
        raise ValueError(f"{path} must be a {kind}")
