"""The JSON schema of audiences, made of the engine's own tables. `conditions.parse` is what decides."""

from __future__ import annotations

from typing import Annotated, Any, Union

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType

from miniprogram.delivery.evaluation.conditions.model import ATTRIBUTES, MAX_CONDITIONS, MAX_DEPTH
from miniprogram.delivery.evaluation.conditions.operators import CASE_SENSITIVE, MAX_VALUES, NUMERIC, OPERATORS

_NAMES = "|".join(ATTRIBUTES)
_ONE = {"maxItems": 1}
_TIMES = frozenset({"date_after", "date_before"})


def _kinds() -> list[tuple[frozenset[str], dict[str, Any]]]:
    """What operators want of other members, beside what all do."""
    text: dict[str, Any] = {"items": {"type": "string"}}
    single = NUMERIC | {name for name in OPERATORS if name.startswith(("date_", "semver_"))}
    ranges = frozenset(name for name in OPERATORS if name.endswith("_range") and name not in single)
    return [
        (NUMERIC, {"values": {"items": {"type": ["string", "number"]}}}),
        (frozenset(OPERATORS) - NUMERIC | {"segment"}, {"values": text}),
        (single, {"values": _ONE}),
        (ranges, {"values": {"minItems": 2, "maxItems": 2}}),
        (CASE_SENSITIVE | {"segment"}, {"caseInsensitive": {"const": False}}),
        (frozenset(OPERATORS) - NUMERIC - _TIMES | {"segment"}, {"attribute": {"not": {"const": "now"}}}),
    ]


def _by_operator(schema: dict[str, Any]) -> None:
    """Adds to the schema of a condition what depends on its operator."""
    schema["allOf"] = [
        {"if": {"properties": {"operator": {"enum": sorted(names)}}}, "then": {"properties": members}}
        for names, members in _kinds()
    ]


class _Node(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Condition(_Node):
    """What one attribute of the request must be. What a request lacks never matches."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_by_operator)

    attribute: str = Field(
        pattern=rf"^({_NAMES}|custom\.[A-Za-z0-9_.-]{{1,64}})$",
        description="What hosts send about somebody, `now`, or one of the host's own as custom.NAME.",
    )
    operator: str = Field(json_schema_extra={"enum": [*OPERATORS, "segment"]})
    values: list[str | float] = Field(
        min_length=1,
        max_length=MAX_VALUES,
        description="What it is compared with; of `segment` names of segments.",
    )
    caseInsensitive: bool = False  # noqa: N815 - the name it has in JSON
    inverted: bool = Field(default=False, description="Whether it holds where it would not.")


class AllOf(_Node):
    """Every one of these holds; of none at all: yes."""

    all: list[Audience]


class AnyOf(_Node):
    """At least one of these holds; of none at all: no."""

    any: list[Audience]


class Negation(_Node):
    """This does not hold."""

    not_: Audience = Field(alias="not")


Audience = TypeAliasType(
    "Audience",
    Annotated[
        Union[Condition, AllOf, AnyOf, Negation],  # noqa: UP007 - a forward reference needs it
        Field(
            description=f"A condition, or a tree of conditions: nested {MAX_DEPTH} levels at most, "
            f"{MAX_CONDITIONS} conditions at most."
        ),
    ],
)
