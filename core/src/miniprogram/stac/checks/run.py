"""The state of checking one document: what may be referred to, and what was found so far."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from miniprogram.stac.checks.scope import Scope
from miniprogram.stac.findings import Finding, Severity
from miniprogram.stac.json_path import JsonPath, steps_of, write_steps
from miniprogram.suggestions import did_you_mean

Check: TypeAlias = "Callable[[Run, Any, JsonPath, Scope], None]"
"""Looks at one value at one place and reports to the run."""


@dataclass(frozen=True, slots=True)
class PlacedNode:
    """A widget or an action where it stands."""

    members: dict[str, Any]
    path: JsonPath
    scope: Scope


Rule: TypeAlias = "Callable[[Run, PlacedNode], None]"
"""What must hold between the members of one node; reports to the run."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """The checks that others look up by name, since nodes, values and rules contain each other."""

    named: Mapping[str, Check]
    """Checks of values by their catalogue type, for types that are no plain object."""
    widget_rules: Mapping[str, tuple[Rule, ...]]
    action_rules: Mapping[str, tuple[Rule, ...]]


@dataclass(frozen=True, slots=True)
class Declared:
    """Types that the hosts of a mini-program register themselves, as its manifest declares them."""

    widgets: Collection[str] = ()
    actions: Collection[str] = ()


NOTHING_DECLARED = Declared()
MAX_FINDINGS = 200
"""After so many nobody reads on; the last one says that there are more."""
MAX_SUGGESTIONS = 50
"""Spelling comparisons per document: they are the slow part of a document full of mistakes."""


@dataclass
class Run:
    """One pass over one document."""

    grammar: Grammar
    screens: Container[str]
    assets: Container[str]
    capabilities: Container[str] | None
    declared: Declared = NOTHING_DECLARED
    findings: list[Finding] = field(default_factory=list)
    bindings: list[tuple[JsonPath, str, Scope]] = field(default_factory=list)
    """Texts with placeholders, to be looked at when every request id is known."""
    stored_names: set[str] = field(default_factory=set)
    """Variables that `setValue` widgets and actions of this document store."""
    requests: dict[str, str] = field(default_factory=dict)
    """Endpoint by request id, of backend builders and queries."""
    form_values: list[JsonPath] = field(default_factory=list)
    """Where `getFormValue` stands as data, to be compared with what requests run."""
    run_in_requests: set[JsonPath] = field(default_factory=set)
    """Actions in bodies of requests that hosts run before they send them."""
    is_full: bool = False
    """Whether there are so many findings that nobody looks for more."""
    _suggested: int = 0

    def error(self, code: str, path: JsonPath, message: str, suggestion: str | None = None) -> None:
        self._report("error", code, path, message, suggestion)

    def warn(self, code: str, path: JsonPath, message: str, suggestion: str | None = None) -> None:
        self._report("warning", code, path, message, suggestion)

    def bad_type(self, path: JsonPath, wanted: str, value: Any, suggestion: str | None = None) -> None:
        self.error("bad_type", path, f"{wanted} is wanted here, not {describe(value)}", suggestion)

    def did_you_mean(self, word: str, candidates: Iterable[str]) -> str | None:
        if self._suggested >= MAX_SUGGESTIONS:
            return None
        self._suggested += 1
        return did_you_mean(word, candidates)

    def did_you_mean_one_of(self, word: str, known: Container[str]) -> str | None:
        """As `did_you_mean`, when `known` can be listed."""
        return self.did_you_mean(word, known) if isinstance(known, Collection) else None

    def _report(self, severity: Severity, code: str, path: JsonPath, message: str, suggestion: str | None) -> None:
        if len(self.findings) < MAX_FINDINGS:
            steps = steps_of(path)
            self.findings.append(Finding(severity, code, write_steps(steps), message, suggestion, steps))
        elif len(self.findings) == MAX_FINDINGS:
            message = f"there are more than {MAX_FINDINGS} findings; the rest is not listed"
            self.findings.append(Finding("error", "too_many_findings", "$", message))
            self.is_full = True


_NAMES: dict[type, str] = {dict: "an object", list: "a list", bool: "true or false", type(None): "null"}


def describe(value: Any) -> str:
    """`the text "abc"`, `the number 3`, `a list`: how findings call a value. Long texts are cut."""
    if isinstance(value, str):
        return f'the text "{quote(value)}"'
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"the number {_cut(repr(value) if abs(value) < 10**15 else f'{float_text(value)}')}"
    return _NAMES.get(type(value), type(value).__name__)


def float_text(value: float) -> str:
    """A large number in few characters. Integers beyond the float range are named, not printed."""
    try:
        return f"{float(value):g}"
    except OverflowError:
        return "beyond 1e308"


def quote(text: str) -> str:
    """`text` for one line of a message: control characters escaped, at most 60 characters."""
    return _cut(text.encode("unicode_escape").decode("ascii") if not text.isprintable() else text)


def _cut(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
