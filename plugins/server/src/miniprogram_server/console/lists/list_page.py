"""A list on a page: searched, narrowed, in an order, a page at a time, all of it said in the address.

A list says what it can be asked (`ListSpec`), its view finds what fits, and templates draw the rest from a
`ListPage`. Addresses can be kept and sent: whatever is asked stands in them, and nothing else does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlencode

T = TypeVar("T")

MAX_TEXT = 240
"""Characters of a search that count."""
MOST_DIGITS = 7
ANY = ""
"""The choice of a filter that asks nothing."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list can be narrowed by. `options` are pairs of a value and its text; without any, text is typed."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...] = ()
    kind: str = "choice"
    """`choice`, `text` or `time`."""

    def problem(self, value: str) -> str:
        """Why the value is none; blank when it is one."""
        if self.kind == "choice" and value not in {each for each, _ in self.options}:
            known = ", ".join(text for _, text in self.options) or "none"
            return f"{self.label}: “{value}” is no choice; there are {known}."
        return ""


@dataclass(frozen=True, slots=True)
class ListSpec:
    """What a list can be asked. The first of `orders` is the usual one."""

    searches: str = ""
    """What is searched, for people; blank for a list without a search."""
    filters: tuple[Filter, ...] = ()
    orders: tuple[tuple[str, str], ...] = ()
    size: int = 50
    """Rows of a page."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """What an address asks of a list, and after `of` how much there is."""

    spec: ListSpec
    path: str
    values: Mapping[str, str] = field(default_factory=dict)
    """Search, filters and order that are asked for, by name; what is not asked is not there."""
    carried: Mapping[str, str] = field(default_factory=dict)
    """Parts of the address that are not about the list and stay."""
    number: int = 1
    total: int = 0
    problems: tuple[str, ...] = ()
    """What the address asks that the list does not know: it is not asked, and people are told."""

    @property
    def search(self) -> str:
        return self.values.get("search", "")

    def asked(self, name: str) -> str:
        """The value of a filter; blank when it asks nothing."""
        return self.values.get(name, ANY)

    @property
    def order(self) -> str:
        usual = self.spec.orders[0][0] if self.spec.orders else ""
        return self.values.get("order", usual)

    @property
    def is_narrowed(self) -> bool:
        return any(name != "order" for name in self.values)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.spec.size))

    @property
    def start(self) -> int:
        """How many rows stand before this page."""
        return (self.number - 1) * self.spec.size

    @property
    def stop(self) -> int:
        return min(self.start + self.spec.size, self.total)

    def of(self, total: int) -> ListPage:
        """The page, of a list with so many rows. One after the last is the last."""
        pages = max(1, -(-total // self.spec.size))
        return ListPage(
            self.spec, self.path, self.values, self.carried, min(self.number, pages), total, self.problems
        )

    def cut(self, rows: Sequence[T]) -> Sequence[T]:
        """The rows of this page."""
        return rows[self.start : self.stop]

    def address(self, **changes: str | int) -> str:
        """Of this list with something else asked; whoever asks for something else begins on the first page."""
        asked = {**self.carried, **self.values, **{name: str(value) for name, value in changes.items()}}
        said = {name: value for name, value in asked.items() if value and (name, value) != ("page", "1")}
        return f"{self.path}?{urlencode(said)}" if said else self.path

    def numbers(self) -> Iterator[int | None]:
        """Pages to link to: the first, the last and those around this one; None where some are left out."""
        shown = sorted({1, self.pages, *range(max(1, self.number - 1), min(self.pages, self.number + 1) + 1)})
        for before, number in zip([0, *shown], shown, strict=False):
            if number - before > 1:
                yield None
            yield number


def asked_of(spec: ListSpec, path: str, query: Mapping[str, str], *, keep: Sequence[str] = ()) -> ListPage:
    """What the query of an address asks of a list at `path`. `keep` names parts that are not about the list."""
    values: dict[str, str] = {}
    problems: list[str] = []
    search = query.get("search", "").strip()[:MAX_TEXT]
    if spec.searches and search:
        values["search"] = search
    for each in spec.filters:
        value = query.get(each.name, "").strip()[:MAX_TEXT]
        problem = each.problem(value) if value else ""
        if problem:
            problems.append(problem)
        elif value:
            values[each.name] = value
    order = query.get("order", "")
    if order and order in {name for name, _ in spec.orders[1:]}:
        values["order"] = order
    number = query.get("page", "")
    is_number = number.isascii() and number.isdecimal() and len(number) <= MOST_DIGITS
    carried = {name: query[name] for name in keep if query.get(name)}
    return ListPage(spec, path, values, carried, max(1, int(number)) if is_number else 1, problems=tuple(problems))


def holds(search: str, *texts: str) -> bool:
    """Whether one of the texts has the search in it; upper and lower case are the same."""
    wanted = search.casefold()
    return any(wanted in text.casefold() for text in texts)
