"""Where `publish` goes when nobody says."""

from __future__ import annotations

LOCAL = "local"
CLOUD = "cloud"


def default_target(active_environment: str | None) -> str:
    """`local` without an environment or with `local` active, else `cloud`."""
    return LOCAL if active_environment in (None, LOCAL) else CLOUD
