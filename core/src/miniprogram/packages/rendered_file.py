"""A file of a bundle as a target stores it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RenderedFile:
    """A file as it is stored. `path` and `sha256` are the bundle's; `filled` when the bytes are not."""

    path: str
    body: bytes = field(repr=False)
    sha256: str
    size: int
    filled: bool = False
