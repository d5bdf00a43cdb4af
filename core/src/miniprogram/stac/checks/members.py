"""The keys of an object: each known one by its own check, unknown and missing ones reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from miniprogram.stac.catalog import OLD, Property
from miniprogram.stac.checks.legacy import advice_for, replacement_in
from miniprogram.stac.checks.ranges import ranged
from miniprogram.stac.checks.run import Check, Run, describe, quote
from miniprogram.stac.checks.scope import Scope
from miniprogram.stac.json_path import JsonPath


@dataclass(frozen=True, eq=False)
class Shape:
    """What an object of one type may and must hold."""

    name: str
    """As it stands in the catalogue: `text`, `navigate`, `boxDecoration`."""
    title: str
    """As it stands in a sentence: `the "text" widget`."""
    checks: Mapping[str, Check]
    needed: tuple[str, ...]
    passed_over: frozenset[str]
    """Keys that are no property and no mistake: the discriminator."""
    stands_anywhere: bool = True
    """Whether it can stand wherever such a node can, except among slivers."""
    caution: str | None = None
    """Why hosts of today may not show such a node at all."""


def check_members(run: Run, members: Mapping[str, Any], shape: Shape, path: JsonPath, scope: Scope) -> None:
    """Check every member of an object. Null counts as absent."""
    if shape.caution is not None:
        run.warn("newer_than_hosts", path, f"{shape.title} {shape.caution}")
    for key, value in members.items():
        if value is None:
            continue
        check = shape.checks.get(key)
        if check is not None:
            check(run, value, (path, key), scope)
        elif key not in shape.passed_over:
            _report_unknown(run, key, shape, path)
    for name in shape.needed:
        if members.get(name) is None:
            _report_missing(run, name, members, shape, path)


def _report_unknown(run: Run, key: Any, shape: Shape, path: JsonPath) -> None:
    if not isinstance(key, str):
        run.error("bad_key", path, f"keys are texts, and {describe(key)} is none")
        return
    if key.startswith(("_", "//")):  # how people write comments into JSON
        return
    legacy = advice_for(shape.name, key)
    if legacy is not None:
        run.warn("legacy_name", (path, key), f'{shape.title} ignores "{quote(key)}"', legacy)
        return
    advice = run.did_you_mean(key, shape.checks)
    run.warn("unknown_property", (path, key), f'{shape.title} ignores "{quote(key)}"', advice)


def _report_missing(run: Run, name: str, members: Mapping[str, Any], shape: Shape, path: JsonPath) -> None:
    written = replacement_in(shape.name, name, members)
    advice = f'rename "{written}" to "{name}"' if written else None
    run.error("missing_property", path, f'{shape.title} needs "{name}"; the node fails without it', advice)


def property_check(owner: str, field: Property, check: Check) -> Check:
    """`check` with the range of the property, and a warning in front when hosts of today do not read it."""
    check = ranged(owner, field, check)
    if field.is_current:
        return check
    code = "old_spelling" if field.versions == (OLD,) else "newer_than_hosts"
    message = f'only Stac {", ".join(field.versions)} reads "{field.name}"; hosts on 1.4 ignore it'
    advice = advice_for(owner, field.name)

    def warn_and_check(run: Run, value: Any, path: JsonPath, scope: Scope) -> None:
        run.warn(code, path, message, advice)
        check(run, value, path, scope)

    return warn_and_check
