"""Versions and version ranges as Dart's pub reads them (delivery contract, section 5).

They differ from SemVer where hosts differ: build metadata takes part in the order, and `<2.0.0` excludes
`2.0.0-dev`.
"""

from __future__ import annotations

import re
from functools import lru_cache, total_ordering

_LARGEST_COMPONENT = 2**63 - 1
MAX_VERSION_CHARACTERS = 256
MAX_RANGE_CHARACTERS = 1_024
_IDENTIFIERS = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*"
_VERSION = rf"([0-9]+)\.([0-9]+)\.([0-9]+)(?:-({_IDENTIFIERS}))?(?:\+({_IDENTIFIERS}))?"
_whole_version = re.compile(_VERSION).fullmatch
_RANGE_PART = r"\s*(<=|>=|<|>)?\s*([0-9A-Za-z.+-]+)\s*"
"""Compiled with the first range: a function's cold start may do without."""

_Identifier = tuple[int, int, str]
_Key = tuple[int, int, int, bool, tuple[_Identifier, ...], tuple[_Identifier, ...]]


@total_ordering
class Version:
    """A release version. Equal versions may be spelt differently (`01.2.3`); `str()` gives the spelling."""

    __slots__ = ("build", "key", "prerelease", "text", "triple")

    def __init__(self, text: str, triple: tuple[int, int, int], prerelease: str, build: str) -> None:
        self.text = text
        self.triple = triple
        self.prerelease, self.build = prerelease, build
        self.key: _Key = (*triple, not prerelease, _identifiers(prerelease), _identifiers(build))
        """Sorts like the version: a pre-release before its release, no build before any build."""

    @classmethod
    def parse(cls, text: str) -> Version:
        """The version `text` spells, whole: `MAJOR.MINOR.PATCH[-pre][+build]`. Raises ValueError."""
        match = _whole_version(text)
        if match is None:
            raise ValueError(f"{text[:MAX_VERSION_CHARACTERS]!r} is not a version")
        return _from_groups(text, match.groups())

    @property
    def first_prerelease(self) -> Version:
        """The lowest version with the same triple."""
        return _version(*self.triple, "0")

    @property
    def next_breaking(self) -> Version:
        """The first release that may break users of this one."""
        major, minor, _ = self.triple
        return _version(0, minor + 1, 0) if major == 0 else _version(major + 1, 0, 0)

    def __eq__(self, other: object) -> bool:
        return self.key == other.key if isinstance(other, Version) else NotImplemented

    def __lt__(self, other: Version) -> bool:
        return self.key < other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Version({self.text!r})"


@lru_cache(maxsize=1024)
def parse_sent(text: str) -> Version:
    """`Version.parse` for what hosts send: few versions, over and over. Raises ValueError."""
    return Version.parse(text)


class _Bound:
    __slots__ = ("inclusive", "version")

    def __init__(self, version: Version, inclusive: bool) -> None:
        self.version, self.inclusive = version, inclusive


class VersionRange:
    """The versions between two optional bounds. One that contradicts itself allows nothing."""

    __slots__ = ("_above", "_at_least", "_at_most", "_below", "is_empty")

    def __init__(self, lower: _Bound | None, upper: _Bound | None) -> None:
        self.is_empty = lower is not None and upper is not None and _contradict(lower, upper)
        if upper is not None:
            upper = _without_prereleases(lower, upper)
        self._at_least = lower.version.key if lower is not None and lower.inclusive else None
        self._above = lower.version.key if lower is not None and not lower.inclusive else None
        self._at_most = upper.version.key if upper is not None and upper.inclusive else None
        self._below = upper.version.key if upper is not None and not upper.inclusive else None

    @classmethod
    def parse(cls, text: str) -> VersionRange:
        """The range `text` spells: `any`, `^V`, or parts like `V`, `<V`, `>=V`. Raises ValueError."""
        stripped = text.strip()
        if len(stripped) > MAX_RANGE_CHARACTERS:
            raise ValueError(
                f"{stripped[:40]!r}… is longer than a range may be, {MAX_RANGE_CHARACTERS} characters"
            )
        if stripped == "any":
            return cls(None, None)
        if stripped.startswith("^"):
            floor = Version.parse(stripped[1:].strip())
            return cls(_Bound(floor, True), _Bound(floor.next_breaking.first_prerelease, False))
        return cls(*_tightest(_bounds(stripped)))

    def allows(self, version: Version) -> bool:
        """Whether `version` lies in the range."""
        key = version.key
        return not (
            self.is_empty
            or (self._at_least is not None and key < self._at_least)
            or (self._above is not None and key <= self._above)
            or (self._at_most is not None and key > self._at_most)
            or (self._below is not None and key >= self._below)
        )


def _identifiers(text: str) -> tuple[_Identifier, ...]:
    """Sortable identifiers: digits by value and before everything else, the rest in ASCII order."""
    if not text:
        return ()
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in text.split("."))


def _from_groups(text: str, groups: tuple[str | None, ...]) -> Version:
    if len(text) > MAX_VERSION_CHARACTERS:
        limit = f"a version may have {MAX_VERSION_CHARACTERS} characters"
        raise ValueError(f"{text[:40]!r}… is longer than that: {limit}")
    major, minor, patch = (int(group or 0) for group in groups[:3])
    if max(major, minor, patch) > _LARGEST_COMPONENT:
        raise ValueError(f"{text!r} has a component beyond 63 bits")
    return Version(text, (major, minor, patch), groups[3] or "", groups[4] or "")


def _version(major: int, minor: int, patch: int, prerelease: str = "") -> Version:
    text = f"{major}.{minor}.{patch}" + (f"-{prerelease}" if prerelease else "")
    return Version(text, (major, minor, patch), prerelease, "")


def _bounds(text: str) -> list[tuple[str | None, Version]]:
    """Operator (None for an exact version) and version of every part. Raises ValueError."""
    parts: list[tuple[str | None, Version]] = []
    position, range_part = 0, re.compile(_RANGE_PART)
    while position < len(text):
        part = range_part.match(text, position)
        version = None if part is None else _whole_version(part[2])
        if part is None or version is None:
            raise ValueError(f"{text!r} is not a version range")
        parts.append((part[1], _from_groups(part[2], version.groups())))
        position = part.end()
    if not parts:
        raise ValueError("a version range must not be empty")
    return parts


def _tightest(parts: list[tuple[str | None, Version]]) -> tuple[_Bound | None, _Bound | None]:
    """The highest lower and the lowest upper bound; of equal ones the exclusive one."""
    lower: _Bound | None = None
    upper: _Bound | None = None
    for operator, version in parts:
        bound = _Bound(version, operator not in {"<", ">"})
        if operator in {None, ">", ">="} and (lower is None or _is_tighter(bound, lower, higher=True)):
            lower = bound
        if operator in {None, "<", "<="} and (upper is None or _is_tighter(bound, upper, higher=False)):
            upper = bound
    return lower, upper


def _is_tighter(bound: _Bound, than: _Bound, *, higher: bool) -> bool:
    if bound.version == than.version:
        return not bound.inclusive
    return (bound.version > than.version) is higher


def _contradict(lower: _Bound, upper: _Bound) -> bool:
    if lower.version == upper.version:
        return not (lower.inclusive and upper.inclusive)
    return lower.version > upper.version


def _without_prereleases(lower: _Bound | None, upper: _Bound) -> _Bound:
    """`<2.0.0` means "before 2.0.0's first pre-release", unless the range starts among those pre-releases."""
    limit = upper.version
    if upper.inclusive or limit.prerelease or limit.build:
        return upper
    if lower is not None and lower.version.prerelease and lower.version.triple == limit.triple:
        return upper
    return _Bound(limit.first_prerelease, False)
