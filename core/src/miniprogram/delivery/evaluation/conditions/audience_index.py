"""Finding, among many audiences, the few that a context can match at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

_Required = Mapping[str, frozenset[str]]


class AudienceIndex:
    """Positions by the values that conditions insist on.

    Of all the attributes an audience insists on, the one whose values are rarest among its neighbours is used:
    a thousand audiences for the same platform but for a thousand tenants are told apart by tenant.
    """

    __slots__ = ("_always", "_by_attribute")

    def __init__(self, requirements: Sequence[_Required]) -> None:
        """`requirements` by position: attribute → values one of which the context must have."""
        crowds = Counter(
            (name, value) for required in requirements for name, values in required.items() for value in values
        )
        always: list[int] = []
        by_attribute: dict[str, dict[str, list[int]]] = {}
        for position, required in enumerate(requirements):
            if not required:
                always.append(position)
                continue
            name = min(required, key=lambda name: (sum(crowds[name, value] for value in required[name]), name))
            by_value = by_attribute.setdefault(name, {})
            for value in required[name]:
                by_value.setdefault(value, []).append(position)
        self._always = always
        self._by_attribute = tuple(by_attribute.items())

    def candidates(self, context: Mapping[str, Any]) -> list[int]:
        """Ascending positions that may match; all others cannot."""
        if not self._by_attribute:
            return self._always
        found = list(self._always)
        for name, by_value in self._by_attribute:
            value = context.get(name)
            if value is not None:
                found += by_value.get(value, ())
        found.sort()
        return found
