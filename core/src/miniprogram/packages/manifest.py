"""The manifest as the contract's schema reads it.

Source: `manifest.json` of a mini-program and every served manifest. Unknown members are kept by publishers,
who copy the file byte for byte, and ignored here.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from miniprogram.models import CamelModel

Capability = Literal["auth", "analytics", "secure_api", "native_navigation"]
"""What a mini-program may need of its host, in the order manifests list them."""

CacheMode = Literal["staleWhileError", "noCache"]


class _Part(CamelModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class CacheRule(_Part):
    """How long a stored copy may stand in when the network fails."""

    mode: Annotated[CacheMode, BeforeValidator(lambda value: value or "staleWhileError")] = "staleWhileError"
    max_stale_seconds: Annotated[float, Field(gt=0, strict=False)] | None = None
    """Seconds; 3600 when absent."""


def _cache_rule(value: Any) -> Any:
    """A bare text is the older spelling of a rule; null is the default one."""
    if value is None:
        return {}
    return {"mode": value} if isinstance(value, str) else value


Rule = Annotated[CacheRule, BeforeValidator(_cache_rule)]


class CachePolicy(_Part):
    manifest: Rule = CacheRule()
    entry_screen: Rule = CacheRule()


class Fallback(_Part):
    """What a host shows when the program cannot be loaded."""

    strategy: Literal["errorView", "hostRoute", "messageOnly"]
    route: str | None = None
    message: str | None = None


class Manifest(_Part):
    """`manifest.json`. Versions and ranges are plain text here; their grammar is a validation rule."""

    id: str
    version: str
    entry: str
    contract_version: str
    sdk_version_range: str
    required_capabilities: tuple[Capability, ...] = Field(strict=False)
    feature_flags: Annotated[
        tuple[str, ...], Field(strict=False), BeforeValidator(lambda value: [] if value is None else value)
    ] = ()
    cache_policy: Annotated[CachePolicy, BeforeValidator(lambda value: {} if value is None else value)] = (
        CachePolicy()
    )
    fallback: Fallback | None = None
    title: str | None = None
    """Display title. Not part of the wire contract, tolerated by every reader."""
    host_widgets: tuple[str, ...] = Field((), strict=False)
    """Types of widgets that its hosts register themselves. Read by the checker only, as `host_actions` is."""
    host_actions: tuple[str, ...] = Field((), strict=False)
