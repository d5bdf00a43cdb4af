"""The manifest of a version, as far as decisions ask it."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from miniprogram.delivery.evaluation.errors import BrokenDocument
from miniprogram.delivery.evaluation.versions.semver import VersionRange


class Manifest:
    """A version's manifest. `key` names it in complaints."""

    __slots__ = ("_range", "key", "members", "range_text")

    def __init__(self, key: str, members: dict[str, Any]) -> None:
        self.key = key
        self.members = members
        self.range_text = members.get("sdkVersionRange")
        self._range: VersionRange | None = None

    @property
    def required_capabilities(self) -> list[str]:
        """As stored, order and duplicates kept. Raises BrokenDocument when it is not a list."""
        value = self.members.get("requiredCapabilities")
        if value is None:
            return []
        if not isinstance(value, list):
            raise BrokenDocument(self.key, "requiredCapabilities must be a list")
        return [text for item in value if (text := stringified(item)) is not None]

    def sdk_range(self) -> VersionRange | None:
        """None when the manifest names none. Raises BrokenDocument when it cannot be read."""
        if self._range is None and self.range_text is not None:
            if not isinstance(self.range_text, str):
                raise BrokenDocument(self.key, "sdkVersionRange must be a string")
            if not self.range_text.strip():
                return None
            try:
                self._range = VersionRange.parse(self.range_text)
            except ValueError as error:
                raise BrokenDocument(self.key, f"sdkVersionRange: {error}") from None
        return self._range


ManifestT = TypeVar("ManifestT", bound=Manifest)


def stringified(value: Any) -> str | None:
    """A member's value as text: trimmed, blank and null as None, other types as JSON spells them."""
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value)
    return text.strip() or None
