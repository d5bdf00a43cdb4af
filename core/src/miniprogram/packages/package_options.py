"""What is to be stored beside a version for hosts that load packages."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_DELTAS = 5


@dataclass(frozen=True, slots=True)
class PackageOptions:
    """From which other versions deltas lead to a version that gets a package."""

    deltas: int = DEFAULT_DELTAS
    """From so many other versions: the served one and the highest others."""
    bases: tuple[str, ...] = ()
    """And from these: versions that hosts have embedded. Later versions keep deltas from them by themselves."""
    no_longer: tuple[str, ...] = ()
    """Versions that no host has embedded any more."""
