"""Rollout rules: each with the smallest document that breaks it."""

from __future__ import annotations

from typing import Any

import pytest

from project.validation.workspaces import ROLLOUT, ROLLOUT_PATH, RULE, Workspace, change, found, rules


@pytest.mark.parametrize(
    ("code", "document", "place"),
    [
        ("rollout_missing_mini_program_id", change(ROLLOUT, miniProgramId=" "), ""),
        ("rollout_filename_mismatch", change(ROLLOUT, miniProgramId="other"), ""),
        ("rollout_unknown_mini_program", change(ROLLOUT, miniProgramId="other"), ""),
        ("rollout_missing_default_version", change(ROLLOUT, defaultVersion=...), ""),
        ("rollout_invalid_default_version", change(ROLLOUT, defaultVersion="one"), ""),
        ("rollout_default_version_not_published", change(ROLLOUT, defaultVersion="9.0.0"), ""),
        ("rollout_rules_not_list", change(ROLLOUT, rules=..., hostRules=[RULE]), ""),
        ("rollout_rule_not_object", rules(RULE, 5), "#rules[1]"),
        ("rollout_rule_missing_id", rules(change(RULE, id=..., ruleId="r")), "#rules[0]"),
        ("rollout_rule_duplicate_id", rules(RULE, RULE), "#rules[1]"),
        ("rollout_rule_missing_version", rules(change(RULE, version=None)), "#rules[0]"),
        ("rollout_rule_invalid_version", rules(change(RULE, version="1.0")), "#rules[0]"),
        ("rollout_rule_version_not_published", rules(change(RULE, version="1.0")), "#rules[0]"),
        ("rollout_rule_invalid_host_version_range", rules(change(RULE, hostVersionRange="1.x")), "#rules[0]"),
        ("rollout_rule_blank_hostApp", rules(change(RULE, hostApp=" ")), "#rules[0]"),
        ("rollout_rule_blank_platform", rules(change(RULE, platform=None)), "#rules[0]"),
        ("rollout_rule_blank_locale", rules(change(RULE, locale="")), "#rules[0]"),
        ("rollout_rule_blank_tenantId", rules(change(RULE, tenantId="")), "#rules[0]"),
        ("rollout_rule_invalid_enabled", rules(change(RULE, enabled="yes")), "#rules[0]"),
    ],
    ids=lambda value: value if isinstance(value, str) and value[:1] == "r" else "",
)
def test_rollout_rules(workspace: Workspace, code: str, document: dict[str, Any], place: str) -> None:
    workspace.write(ROLLOUT_PATH, document)

    report = workspace.validate()

    assert (code, ROLLOUT_PATH + place) in found(report)
    assert not report.ok


def test_stopped_rollout_says_nothing_more(workspace: Workspace) -> None:
    workspace.write(ROLLOUT_PATH, {})

    assert found(workspace.validate()) == [("rollout_missing_mini_program_id", ROLLOUT_PATH)]


def test_rules_that_differ_do_not_shadow_each_other(workspace: Workspace) -> None:
    workspace.write(
        ROLLOUT_PATH, rules(RULE, change(RULE, id="s", hostApp="b"), change(RULE, id="t", hostApp=...))
    )

    assert found(workspace.validate(thorough=True)) == []
