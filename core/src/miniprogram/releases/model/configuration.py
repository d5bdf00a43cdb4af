"""What a developer says about a release before it is reviewed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from miniprogram.delivery.evaluation.conditions.model import ConditionError
from miniprogram.delivery.evaluation.conditions.operators import epoch_ms
from miniprogram.delivery.evaluation.conditions.parse import parse_condition
from miniprogram.delivery.evaluation.versions.semver import Version
from miniprogram.json_schema import SchemaOf
from miniprogram.json_values import why_not_storable
from miniprogram.models import FrozenModel, Whole
from miniprogram.person_text import PersonLines, PersonText
from miniprogram.refusals import unacceptable

MAX_DOMAINS = 30
MAX_TITLE = 200
MAX_DESCRIPTION = 10_000

MAX_DOMAIN_NAME = 253
MAX_PORT = 65_535

_domain = re.compile(
    r"https://(?P<name>(?:\*\.)?[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+)"
    r"(?::(?P<port>[0-9]{1,5}))?"
).fullmatch


def _audience_schema() -> Any:
    from miniprogram.releases.model.audience_schema import Audience  # deferred: few runs ask for a schema

    return Audience


AudienceTree = Annotated[dict[str, Any], SchemaOf(_audience_schema)]
"""A condition tree as JSON (docs/reference/delivery-policy.md). `check_audience` says whether it is one."""


class UpgradePolicy(FrozenModel):
    """How hosts move to the release."""

    mode: Literal["silent", "prompt_once", "prompt_always", "forced"] = "silent"
    network: Literal["any", "wifi"] = "any"
    minimum_version: str | None = None
    """Whoever has less must upgrade."""

    @field_validator("minimum_version")
    @classmethod
    def _is_version(cls, value: str | None) -> str | None:
        return value if value is None else Version.parse(value).text


class Window(FrozenModel):
    """First come, first admitted: at most `max_users` from `start` until before `end` (ISO 8601 with a zone)."""

    start: str
    end: str
    max_users: Whole = Field(ge=1, le=2**53)
    on_end: Literal["stop", "promote", "revert"] = "stop"

    @model_validator(mode="after")
    def _is_a_span(self) -> Window:
        start, end = _instant_ms(self.start), _instant_ms(self.end)
        if end <= start:
            raise ValueError("a window must end after it starts")
        return self


def is_domain(text: str) -> bool:
    """Whether `text` is https and the name of a host, not its address, with a port there is."""
    found = _domain(text)
    if found is None or len(found["name"]) > MAX_DOMAIN_NAME:
        return False
    return found["name"].rpartition(".")[2][0].isalpha() and 0 < int(found["port"] or 443) <= MAX_PORT


class Configuration(FrozenModel):
    """Everything a reviewer is shown beside the package. `server_domains` None means that nobody has said yet."""

    title: PersonText = Field(default="", max_length=MAX_TITLE)
    description: PersonLines = Field(default="", max_length=MAX_DESCRIPTION)
    server_domains: tuple[str, ...] | None = None
    webview_domains: tuple[str, ...] = ()
    upgrade: UpgradePolicy = UpgradePolicy()
    audience: AudienceTree | None = None
    """None is everybody."""
    window: Window | None = None

    @field_validator("server_domains", "webview_domains")
    @classmethod
    def _are_domains(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if value is None:
            return None
        if len(value) > MAX_DOMAINS:
            raise ValueError(f"at most {MAX_DOMAINS} domains, not {len(value)}")
        wrong = next((text for text in value if _domain(text) is None), None)
        if wrong is not None:
            raise ValueError(f"{wrong!r} is not a domain such as https://api.example.com")
        return tuple(dict.fromkeys(value))

    @field_validator("audience")
    @classmethod
    def _is_condition(cls, value: dict[str, Any] | None) -> dict[str, Any] | None:
        return check_audience(value)

    def missing(self) -> tuple[str, ...]:
        """What must still be said before the release can be applied for."""
        wanted = (("title", bool(self.title)), ("description", bool(self.description)),
                  ("server domains", self.server_domains is not None))  # fmt: skip
        return tuple(name for name, said in wanted if not said)


def checked_configuration(members: Mapping[str, Any]) -> Configuration:
    """Raises Unacceptable naming the first member that does not fit."""
    try:
        return Configuration.model_validate(dict(members))
    except ValidationError as error:
        raise unacceptable(error) from None


def check_audience(tree: dict[str, Any] | None) -> dict[str, Any] | None:
    """`tree`, which must be a condition. Segments are taken to exist. Raises ValueError naming where."""
    if tree is not None:
        problem = why_not_storable(tree, "audience")
        if problem is not None:
            raise ValueError(problem)
        try:
            parse_condition(tree, lambda _name: lambda _text: False)
        except ConditionError as error:
            raise ValueError(f"audience {error}") from None
    return tree


def segments_in(tree: Any) -> frozenset[str]:
    """Names of the segments a condition tree asks."""
    if isinstance(tree, list):
        return frozenset().union(*(segments_in(node) for node in tree))
    if not isinstance(tree, dict):
        return frozenset()
    if tree.get("operator") == "segment":
        return frozenset(tree.get("values", ()))
    return frozenset().union(*(segments_in(node) for node in tree.values()))


def _instant_ms(text: str) -> int:
    instant_ms = epoch_ms(text) if "T" in text else None
    if instant_ms is None:
        raise ValueError(f"{text!r} is not a time such as 2030-03-01T08:00:00Z")
    return instant_ms
