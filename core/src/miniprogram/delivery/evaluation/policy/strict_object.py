"""JSON objects of the delivery policy, read member by member. What is not asked for is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from miniprogram.delivery.evaluation.conditions.operators import epoch_ms
from miniprogram.delivery.evaluation.versions.semver import Version

Item = TypeVar("Item")


class PolicyError(ValueError):
    """A policy is not what it must be. `path` names the member: `policy.targets[0].hostApp`."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class StrictObject:
    """One object. Each method reads a member and raises PolicyError when it is not of the kind.

    A member with a `default` may be absent or null; `done` refuses members nobody read.
    """

    def __init__(self, value: Any, path: str) -> None:
        if not isinstance(value, dict):
            raise PolicyError(path, "must be an object")
        self.path = path
        self._members = value
        self._read: set[str] = set()

    def done(self) -> None:
        unread = sorted(str(name) for name in self._members if name not in self._read)
        if unread:
            raise PolicyError(self.member_path(unread[0]), "is not known here")

    def member_path(self, name: str) -> str:
        return f"{self.path}.{name}"

    def error(self, name: str, reason: str) -> PolicyError:
        return PolicyError(self.member_path(name), reason)

    def raw(self, name: str) -> Any:
        """The member as it stands; None when absent."""
        self._read.add(name)
        return self._members.get(name)

    def has(self, name: str) -> bool:
        return self.raw(name) is not None

    def text(self, name: str, default: str | None = None) -> str:
        value = self.raw(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not value.strip():
            raise self.error(name, "must be a text that is not blank")
        return value

    def choice(self, name: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        value = self.text(name, default)
        if value not in allowed:
            raise self.error(name, f"{value!r} is not one of {', '.join(allowed)}")
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.raw(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.error(name, "must be true or false")
        return value

    def whole(self, name: str, least: int, most: int, default: int | None = None) -> int:
        value = self.raw(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.error(name, f"must be a whole number from {least} to {most}")
        return value

    def time_ms(self, name: str) -> int:
        """A time as milliseconds since the epoch."""
        text = self.text(name)
        instant_ms = epoch_ms(text) if "T" in text else None
        if instant_ms is None:
            raise self.error(name, f"{text!r} is not a time like 2026-03-01T08:00:00Z")
        return instant_ms

    def version(self, name: str) -> Version:
        return parse_version(self.text(name), self.member_path(name))

    def texts(self, name: str) -> list[str]:
        """A list of texts; empty when absent."""
        return [text for text, _ in self.items(name, _text)]

    def versions(self, name: str) -> list[Version]:
        return [version for version, _ in self.items(name, _version)]

    def items(self, name: str, read: Callable[[Any, str], Item]) -> Iterator[tuple[Item, str]]:
        """Each item of a list member as `read(item, path)` gives it, with its path."""
        value = self.raw(name)
        if value is None:
            return
        if not isinstance(value, list):
            raise self.error(name, "must be a list")
        for index, item in enumerate(value):
            path = f"{self.member_path(name)}[{index}]"
            yield read(item, path), path

    def named(self, name: str) -> Iterator[tuple[str, Any, str]]:
        """Name, value and path of each member of an object member."""
        value = self.raw(name)
        if value is None:
            return
        if not isinstance(value, dict):
            raise self.error(name, "must be an object")
        for key, item in value.items():
            yield key, item, f"{self.member_path(name)}.{key}"


def parse_version(text: str, path: str) -> Version:
    try:
        return Version.parse(text)
    except ValueError as error:
        raise PolicyError(path, str(error)) from None


def _text(value: Any, path: str) -> str:
    if not isinstance(value, str):
        raise PolicyError(path, "must be a text")
    return value


def _version(value: Any, path: str) -> Version:
    return parse_version(_text(value, path), path)
