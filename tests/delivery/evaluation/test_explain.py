"""Decisions in sentences."""

from __future__ import annotations

import json

import pytest

from miniprogram.delivery.evaluation.explain import explain

CASES = {
    "local/rules?hostApp=host_a&locale=zh": (
        "rules 2.0.0: rule zh-pilot matched first.",
        "[match] zh-pilot -> 2.0.0",
    ),
    "local/rules?hostApp=host_b": ("rules 1.1.0: rule without an id matched first.", "[match] rule -> 1.1.0"),
    "local/rules?hostApp=host_a": ("no rule matched, and it is the default version", "(hostVersion_missing)"),
    "local/rules?hostApp=host_off": ("refused with 412 host_not_enabled", "blocked-host -> 1.1.0 (switched off)"),
    "local/plain?": ("plain 1.1.0: it is the published version", ""),
    "cloud/plain?": ("plain 1.1.0: it is the version the catalog points at.", ""),
    "cloud/plain?pinnedVersion=1.0.0": ("plain 1.0.0: the request pins it.", ""),
}


@pytest.mark.parametrize("asked", CASES)
def test_the_reason_is_told(serve, asked: str) -> None:
    profile, _, rest = asked.partition("/")
    program, _, query = rest.partition("?")
    response = serve(profile).get(f"/api/debug/manifests/{program}/decision?{query}")

    lines = list(explain(json.loads(response.body)))

    outcome, rule = CASES[asked]
    assert outcome in lines[0]
    assert any(rule in line for line in lines)
