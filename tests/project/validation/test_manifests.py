"""Manifests, authored and published: each rule with the smallest document that breaks it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from project.validation.workspaces import AUTHORED, LATEST, MANIFEST, VERSION, Workspace, change, found

MANIFEST_CASES: list[tuple[str, dict[str, Any]]] = [
    ("manifest_invalid_contract_version", {"contractVersion": "1"}),
    ("manifest_invalid_sdk_version_range", {"sdkVersionRange": "~1.0"}),
    ("manifest_host_route_fallback_missing_route", {"fallback": {"strategy": "hostRoute", "route": " "}}),
    ("secure_api_entry_screen_must_not_cache", {"requiredCapabilities": ["secure_api"]}),
    ("manifest_parse_failed", {"requiredCapabilities": ["flying"]}),
    ("manifest_parse_failed", {"cachePolicy": {"entryScreen": {"maxStaleSeconds": -1}}}),
]


@pytest.mark.parametrize(("code", "changes"), MANIFEST_CASES, ids=lambda value: str(value)[:40])
def test_manifest_rules_hold_wherever_a_manifest_is(
    workspace: Workspace, code: str, changes: dict[str, Any]
) -> None:
    for path in (AUTHORED, LATEST, VERSION):
        workspace.write(path, change(MANIFEST, **changes))

    assert {(code, path) for path in (AUTHORED, LATEST, VERSION)} <= set(found(workspace.validate()))


def test_version_and_entry_rules(workspace: Workspace) -> None:
    workspace.write(AUTHORED, change(MANIFEST, version="1.0", entry=" "))

    assert found(workspace.validate()) == [
        ("manifest_invalid_version", AUTHORED),
        ("manifest_blank_entry", AUTHORED),
        ("authored_manifest_not_published", AUTHORED),
    ]


def test_authored_rules(workspace: Workspace) -> None:
    workspace.write(AUTHORED, change(MANIFEST, id="store", version="2.0.0"))

    codes = [code for code, _ in found(workspace.validate())]

    assert codes[:2] == ["manifest_directory_mismatch", "authored_manifest_not_published"]


@pytest.mark.parametrize(
    ("code", "severity", "path", "break_it"),
    [
        ("latest_manifest_missing", "warning", LATEST, lambda it: it.remove(LATEST)),
        (
            "published_manifest_id_mismatch",
            "error",
            LATEST,
            lambda it: it.write(LATEST, change(MANIFEST, id="other")),
        ),
        (
            "published_manifest_version_mismatch",
            "error",
            VERSION,
            lambda it: it.write(VERSION, change(MANIFEST, version="1.0.1")),
        ),
        (
            "entry_screen_missing",
            "error",
            VERSION,
            lambda it: it.remove("backend/api/screens/shop/1.0.0/home.json"),
        ),
        (
            "entry_screen_missing",
            "error",
            VERSION,
            lambda it: it.write(VERSION, change(MANIFEST, entry="../../../../../mini_programs/shop/manifest")),
        ),
    ],
    ids=["latest", "id", "version", "entry", "entry escapes"],
)
def test_published_rules(
    workspace: Workspace, code: str, severity: str, path: str, break_it: Callable[[Workspace], None]
) -> None:
    break_it(workspace)

    assert (severity, code, path) in [(m.severity, m.code, m.path) for m in workspace.validate().messages]


def test_program_without_versions_is_not_looked_at_further(workspace: Workspace) -> None:
    workspace.remove(VERSION)
    (workspace.root / VERSION).parent.rmdir()

    codes = [code for code, _ in found(workspace.validate())]

    assert "manifest_versions_missing" in codes
    assert "rollout_default_version_not_published" in codes, "a version only latest.json names cannot be served"
