"""The two server profiles, and how strict they are about the reference's gaps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from miniprogram.delivery.documents.layouts.layout import CloudLayout, Layout, LocalLayout
from miniprogram.delivery.evaluation.rules.strictness import STRICT, STRICTNESS, Strictness


class Profile(NamedTuple):
    """How one kind of server answers. Make one with `local_profile` or `cloud_profile`."""

    name: Literal["local", "cloud"]
    service: str
    """What `/health` calls it."""
    trace_prefix: str
    trace_unit_ns: int
    """New trace ids count this many nanoseconds."""
    layout: Layout
    strictness: Strictness = STRICT
    requires_access_keys: bool = False
    """Whether programs without a key policy are closed."""
    protects_assets: bool = False
    """Whether assets of protected programs need the key too. Image widgets send none, so they then stay blank."""
    versions_are_immutable: bool = True
    """Whether clients may keep versioned files for a year without asking again."""

    @property
    def is_local(self) -> bool:
        return self.name == "local"


def local_profile(
    *,
    strictness: Strictness = STRICT,
    requires_access_keys: bool = False,
    protects_assets: bool = False,
    versions_are_immutable: bool = True,
) -> Profile:
    """A server over `backend/api/` of a workspace."""
    return Profile(
        "local",
        "local_backend_service",
        "lb_",
        1_000,
        LocalLayout(),
        strictness,
        requires_access_keys,
        protects_assets,
        versions_are_immutable,
    )


def cloud_profile(
    *,
    artifacts_prefix: str = "artifacts",
    metadata_prefix: str = "metadata",
    strictness: Strictness = STRICT,
    requires_access_keys: bool = False,
    protects_assets: bool = False,
) -> Profile:
    """A stateless function over an object store. Raises ValueError for a blank prefix."""
    layout = CloudLayout(
        _prefix("artifacts_prefix", artifacts_prefix), _prefix("metadata_prefix", metadata_prefix)
    )
    return Profile(
        "cloud",
        "mini_program_cloud_api",
        "aws_lb_",
        1_000_000,
        layout,
        strictness,
        requires_access_keys,
        protects_assets,
    )


def cloud_profile_from(environ: Mapping[str, str]) -> Profile:
    """The profile a cloud function's environment variables ask for.

    Raises ValueError for a blank prefix, or a DELIVERY_POLICY that is neither strict nor compatible.
    """
    required = environ.get("REQUIRE_MINI_PROGRAM_ACCESS_KEYS", "false").strip().lower()
    return cloud_profile(
        artifacts_prefix=environ.get("ARTIFACTS_PREFIX", "artifacts"),
        metadata_prefix=environ.get("METADATA_PREFIX", "metadata"),
        strictness=_strictness(environ.get("DELIVERY_POLICY", "")),
        requires_access_keys=required in {"1", "true", "yes", "y", "on"},
    )


def _strictness(text: str) -> Strictness:
    found = STRICTNESS.get(text.strip().lower() or "strict")
    if found is None:
        raise ValueError(f"DELIVERY_POLICY must be one of {', '.join(STRICTNESS)}")
    return found


def _prefix(name: str, text: str) -> str:
    cleaned = text.strip().replace("\\", "/").strip("/")
    if not cleaned:
        raise ValueError(f"{name} must not be blank")
    return cleaned
