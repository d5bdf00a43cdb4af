"""pubspec.yaml: what it says about the app, and the two dependencies embedding needs, added in place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from miniprogram.errors import DocumentError
from miniprogram_flutter.yaml_source import Entry, read_entries, read_yaml

WANTED = {"mini_program_sdk": "^0.3.5", "mini_program_contracts": "^0.1.1"}
"""The packages the generated code is written for, with their oldest releases that fit."""

SECTION = "dependencies"
_NULLS = ("", "~", "null", "Null", "NULL")
_VERSION = re.compile(r"(?:\^|>=\s*)?(\d+)\.(\d+)\.(\d+)\b.*")


@dataclass(frozen=True, slots=True)
class Pubspec:
    """What we read. Both texts are as written; None when they are not there."""

    name: str | None
    version: str | None


@dataclass(frozen=True, slots=True)
class PubspecEdit:
    """The new text, and sentences about what it replaced."""

    text: str
    notes: tuple[str, ...] = ()


def read_pubspec(text: str, *, name: str) -> Pubspec:
    """Raises DocumentError naming `name` when it is not YAML or no mapping."""
    scalars = {entry.key: entry.text for entry in read_entries(_without_mark(text), name=name)}
    return Pubspec(_given(scalars.get("name")), _given(scalars.get("version")))


def add_dependencies(text: str, *, name: str) -> PubspecEdit:
    """`text` with the wanted packages among its dependencies; every other character stays.

    A newer constraint that is there already stays too. Raises DocumentError naming `name` when this cannot be
    done without touching anything else.
    """
    mark = text[: len(text) - len(_without_mark(text))]
    source = _without_mark(text)
    before = read_yaml(source, name=name)
    notes = _override_notes(before, name)
    edited = source
    for package, constraint in WANTED.items():
        section = _section(edited, name)
        current = _find(section.entries, package) if section else None
        if current is not None and _is_enough(current, constraint):
            continue
        if current is not None and (source_of := _source(before, package)):
            notes.append(f"{name}: {package} stays {source_of}; it has to fit {constraint}.")
            continue
        if current is not None:
            notes.append(f"{name}: {package} was {_shown(before, package)} and is {constraint} now.")
        edited = _set(edited, section, current, f"{package}: {constraint}", name)
    _check(before, read_yaml(edited, name=name), name)
    return PubspecEdit(mark + edited, tuple(notes))


def _set(text: str, section: Entry | None, current: Entry | None, line: str, name: str) -> str:
    if current is not None:
        return text[: current.start] + line + text[current.end :]
    line_end = "\r\n" if "\r\n" in text else "\n"
    if section is None:
        gap = "" if not text or text.endswith("\n") else line_end
        return f"{text}{gap}{line_end}{SECTION}:{line_end}  {line}{line_end}"
    if section.style == "flow":
        opening = section.value_start + 1
        return text[:opening] + line + (", " if section.entries else "") + text[opening:]
    if section.style == "block" and section.entries:
        first = section.entries[0].start
        indent = text[text.rindex("\n", 0, first) + 1 : first]
        return _insert_line(text, section.end, indent + line, line_end)
    if section.style == "scalar" and section.text in _NULLS:
        emptied = text[: section.value_start] + text[section.end :]
        return _insert_line(emptied, section.value_start, "  " + line, line_end)
    raise DocumentError(f"{name}: {SECTION} must be a mapping of packages")


def _insert_line(text: str, after: int, line: str, line_end: str) -> str:
    """`line` as a line of its own below the one that holds the character before `after`."""
    if text[after - 1] == "\n":  # a block scalar ends with its line
        return text[:after] + line + line_end + text[after:]
    at = text.find("\n", after)
    if at < 0:
        return text + line_end + line
    return text[: at + 1] + line + line_end + text[at + 1 :]


def _section(text: str, name: str) -> Entry | None:
    section = _find(read_entries(text, name=name), SECTION)
    if section is not None and section.style == "alias":
        raise DocumentError(f"{name}: {SECTION} is an alias and cannot be added to")
    return section


def _find(entries: list[Entry], key: str) -> Entry | None:
    return next((entry for entry in entries if entry.key == key), None)


def _is_enough(entry: Entry, constraint: str) -> bool:
    """Whether a constraint starts at `constraint`'s version or later: going back would break what uses it."""
    there, wanted = _VERSION.fullmatch((entry.text or "").strip()), _VERSION.fullmatch(constraint)
    if there is None or wanted is None:
        return False
    return [int(number) for number in there.groups()] >= [int(number) for number in wanted.groups()]


def _check(before: Any, after: Any, name: str) -> None:
    """Nothing but the wanted packages may have changed, whatever the file was written like."""
    theirs, mine = (_packages(document) for document in (before, after))
    rest = [{key: value for key, value in document.items() if key != SECTION} for document in (before, after)]
    if rest[0] != rest[1] or theirs is None or mine is None or _others(theirs) != _others(mine):
        raise DocumentError(
            f"{name} is written in a way that cannot be edited safely",
            hint=f"Add {', '.join(f'{key}: {value}' for key, value in WANTED.items())} to {SECTION} yourself.",
        )


def _packages(document: Any) -> dict[str, Any] | None:
    section = document.get(SECTION)
    return {} if section is None else section if isinstance(section, dict) else None


def _others(packages: dict[str, Any]) -> dict[str, Any]:
    return {package: value for package, value in packages.items() if package not in WANTED}


def _override_notes(before: Any, name: str) -> list[str]:
    overrides = before.get("dependency_overrides") if isinstance(before, dict) else None
    if not isinstance(overrides, dict):
        return []
    return [
        f"{name}: dependency_overrides decides about {package}, not the entry in {SECTION}."
        for package in WANTED
        if package in overrides
    ]


def _source(before: Any, package: str) -> str | None:
    """Where a package comes from that is no release on a package server: a folder or a repository."""
    value = before[SECTION][package]
    kind = next((each for each in ("path", "git") if isinstance(value, dict) and each in value), None)
    return f"the one of {kind} {value[kind]!r}" if kind else None


def _shown(before: Any, package: str) -> str:
    value = before[SECTION][package]
    return "without a version" if value is None else repr(value)


def _given(text: str | None) -> str | None:
    return text.strip() or None if text else None


def _without_mark(text: str) -> str:
    return text.removeprefix("\ufeff")
