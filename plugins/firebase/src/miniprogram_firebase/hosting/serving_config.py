"""How Hosting serves what we publish: headers by path, made from the map of the store.

A path has one cache header only: Hosting does not promise which rule wins where several match.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from miniprogram.delivery.documents.kinds import KINDS, DocumentKind

ANY_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Type, X-Mini-Program-Access-Key",
}
"""Web hosts load from another origin than this one."""
EVERYTHING = "**"
_FIELDS = {"version": r"[0-9][^/]*", "path": r".+"}
"""A version begins with a digit, which keeps `latest.json` out of the paths of versions."""
_ANY_NAME = r"[^/]+"
_SPECIAL = re.compile(r"[.*+?^${}()|\[\]\\]")
"""What a text in an expression must not hold as it is. More escapes than these are refused by JavaScript, which
the emulator and people's tools read rules with."""


def header_rules() -> list[dict[str, Any]]:
    """The rules of our paths, as `config.headers` of a version holds them."""
    rules: list[dict[str, Any]] = [{"glob": EVERYTHING, "headers": dict(ANY_ORIGIN)}]
    for kind in KINDS:
        cache = kind.headers()["cache_control"] if kind.static else None
        if cache is not None:
            rules.append({"regex": _pattern(kind), "headers": {"Cache-Control": cache}})
    return rules


def with_our_headers(config: Mapping[str, Any]) -> dict[str, Any]:
    """`config` of the version that is served, with our rules in place of older ones of ours.

    Rewrites, redirects and the rules of others stay as they are.
    """
    ours = header_rules()
    patterns = {pattern_of(rule) for rule in ours}
    others = [rule for rule in config.get("headers", []) if pattern_of(rule) not in patterns]
    theirs = next((rule for rule in config.get("headers", []) if rule.get("glob") == EVERYTHING), None)
    if theirs is not None:
        ours[0]["headers"] = {**theirs.get("headers", {}), **ours[0]["headers"]}
    return {**config, "headers": [*others, *ours]}


def has_our_headers(config: Mapping[str, Any]) -> bool:
    """Whether every rule of ours is there, whatever else is."""
    present = {
        (rule.get("glob"), rule.get("regex")): rule.get("headers", {}) for rule in config.get("headers", [])
    }
    return all(
        rule["headers"].items() <= present.get((rule.get("glob"), rule.get("regex")), {}).items()
        for rule in header_rules()
    )


def pattern_of(rule: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """What tells rules apart, of a version or of the Firebase CLI. Earlier versions of ours had an escape more."""
    regex = rule.get("regex")
    return rule.get("source", rule.get("glob")), regex.replace("\\-", "-") if isinstance(regex, str) else None


def _pattern(kind: DocumentKind) -> str:
    """The paths of a kind, as a regular expression over the whole path."""
    parts = re.split(r"\{(\w+)[^}]*\}", kind.static)
    words = (
        _SPECIAL.sub(r"\\\g<0>", part) if index % 2 == 0 else _FIELDS.get(part, _ANY_NAME)
        for index, part in enumerate(parts)
    )
    return f"^/{''.join(words)}$"
