"""`all`, `any` and `not` over compiled conditions."""

from __future__ import annotations

from collections.abc import Mapping

from miniprogram.delivery.evaluation.conditions.model import Clause, Condition, Context, below


def negation(part: Condition) -> Condition:
    inner = part.matches

    def explain(context: Context, path: str) -> Clause:
        clause = part.explain(context, below(path, "not"))
        return clause._replace(text=f"not {clause.text}", matched=not clause.matched)

    return Condition(lambda context: not inner(context), explain, {})


def all_of(parts: list[Condition]) -> Condition:
    tests = tuple(part.matches for part in parts)

    def matches(context: Context) -> bool:
        for test in tests:  # noqa: SIM110 - all() over a generator takes twice as long
            if not test(context):
                return False
        return True

    def explain(context: Context, path: str) -> Clause:
        for index, part in enumerate(parts):
            clause = part.explain(context, f"{below(path, 'all')}[{index}]")
            if not clause.matched:
                return clause
        return Clause(below(path, "all"), f"all {len(parts)} hold", True)

    if len(parts) == 1:
        return Condition(tests[0], explain, parts[0].required, holds_at="all")
    required: dict[str, frozenset[str]] = {}
    for part in parts:
        for name, values in part.required.items():
            required[name] = values if name not in required else required[name] & values
    return Condition(matches, explain, required, holds_at="all")


def any_of(parts: list[Condition]) -> Condition:
    tests = tuple(part.matches for part in parts)

    def matches(context: Context) -> bool:
        for test in tests:  # noqa: SIM110 - as above
            if test(context):
                return True
        return False

    def explain(context: Context, path: str) -> Clause:
        first: Clause | None = None
        for index, part in enumerate(parts):
            clause = part.explain(context, f"{below(path, 'any')}[{index}]")
            if clause.matched:
                return clause
            first = first or clause
        return first or Clause(below(path, "any"), "any of nothing", False)

    if len(parts) == 1:
        return Condition(tests[0], explain, parts[0].required)
    return Condition(matches, explain, _common_requirements(parts))


def _common_requirements(parts: list[Condition]) -> Mapping[str, frozenset[str]]:
    """What every alternative asks for, values joined."""
    names = set.intersection(*(set(part.required) for part in parts)) if parts else set()
    return {name: frozenset().union(*(part.required[name] for part in parts)) for name in names}
