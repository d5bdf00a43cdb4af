"""What is known about a mini-program before it exists, and the defaults for what was not said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import get_args

from miniprogram.errors import ProjectError
from miniprogram.packages.manifest import Capability

CAPABILITIES: tuple[str, ...] = get_args(Capability)
LANGUAGES = {"python": "Python", "json": "JSON", "yaml": "YAML", "dart": "Dart"}
"""Languages screens can be created in, with their names."""

_PROGRAM_ID = re.compile(r"[a-z][a-z0-9_]*")
MAX_ID_LENGTH = 100


@dataclass(frozen=True, slots=True)
class NewProgram:
    """A mini-program to create. `capabilities` are in the order manifests list them."""

    program_id: str
    title: str
    description: str
    capabilities: tuple[str, ...]
    language: str = "python"
    backend_files: Mapping[PurePosixPath, bytes] = field(default_factory=dict)
    """A publisher backend that comes with it, by path below the root; empty for none."""

    @property
    def with_backend(self) -> bool:
        return bool(self.backend_files)


def require_program_id(program_id: str) -> str:
    """`program_id`, which must fit the contract's pattern. Raises ProjectError."""
    if len(program_id) > MAX_ID_LENGTH or not _PROGRAM_ID.fullmatch(program_id):
        raise ProjectError(
            f"{program_id!r} cannot be a mini-program id: start with a lower-case letter, then use lower-case "
            f"letters, digits and '_', {MAX_ID_LENGTH} characters at most"
        )
    return program_id


def parse_capabilities(text: str) -> tuple[str, ...]:
    """The comma list `text` without blanks and repeats, in the manifest's order. Raises ProjectError."""
    given = {part.strip() for part in text.split(",") if part.strip()}
    unknown = sorted(given - set(CAPABILITIES))
    if unknown:
        known = ", ".join(CAPABILITIES)
        raise ProjectError(f"there is no capability {', '.join(map(repr, unknown))}; there are {known}")
    if not given:
        raise ProjectError(f"name at least one capability of {', '.join(CAPABILITIES)}")
    return tuple(capability for capability in CAPABILITIES if capability in given)


def default_title(program_id: str) -> str:
    """`coupon_center` → `Coupon Center`."""
    return " ".join(part.capitalize() for part in program_id.split("_") if part)


def default_description(title: str) -> str:
    return f"{title}, a mini-program."


def camel_case(program_id: str) -> str:
    """`coupon_center` → `couponCenter`."""
    first, *rest = [part for part in program_id.split("_") if part]
    return first + "".join(part.capitalize() for part in rest)
