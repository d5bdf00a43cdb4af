"""How strict decisions are about gaps that the reference leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Strictness(NamedTuple):
    """Which gaps of the reference stay closed. All True is the default; all False is the reference."""

    pins_obey_rules: bool = True
    """`pinnedVersion` does not get round disabled programs, disabled rules and host restrictions."""
    direct_reads_obey_rules: bool = True
    """Neither do versioned manifests, screens and assets, as far as such a request can tell."""
    hosts_must_be_declared: bool = True
    """Where rules name hosts and none matched, a request without `hostApp` is refused like an unknown host."""
    hides_protected_programs: bool = True
    """Discovery lists a protected program only to callers that send its key."""
    documents_must_agree: bool = True
    """A manifest that carries another id or version than the one decided on is broken, not served."""
    skips_broken_programs: bool = True
    """Discovery leaves a program with broken documents out instead of failing for all."""
    hides_allow_lists: bool = True
    """The secure route does not tell a refused host which hosts would be allowed."""


STRICT = Strictness()
COMPATIBLE = Strictness(*(False for _ in Strictness._fields))
STRICTNESS: Mapping[str, Strictness] = {"strict": STRICT, "compatible": COMPATIBLE}
"""The delivery policies by the names settings give them."""
