"""Policies of capabilities and of the secure API: each rule with the smallest document that breaks it."""

from __future__ import annotations

from typing import Any

import pytest

from project.validation.workspaces import POLICY, POLICY_PATH, SECURE, SECURE_PATH, Workspace, change, found


@pytest.mark.parametrize(
    ("code", "document", "place"),
    [
        ("capability_policy_missing_mini_program_id", change(POLICY, miniProgramId=...), ""),
        ("capability_policy_filename_mismatch", change(POLICY, miniProgramId="other"), ""),
        ("capability_policy_missing_authored_manifest", change(POLICY, miniProgramId="other"), ""),
        ("capability_policy_invalid_require_context", change(POLICY, requireContextForLatest="yes"), ""),
        ("capability_policy_invalid_enforce_capabilities", change(POLICY, enforceManifestCapabilities=1), ""),
        ("capability_policy_required_query_parameters_not_list", change(POLICY, requiredQueryParameters=...), ""),
        (
            "capability_policy_blank_required_parameter",
            change(POLICY, requiredQueryParameters=["capabilities", " "]),
            "#requiredQueryParameters[1]",
        ),
        (
            "capability_policy_duplicate_required_parameter",
            change(POLICY, requiredQueryParameters=["capabilities", "capabilities"]),
            "#requiredQueryParameters[1]",
        ),
        (
            "capability_policy_unknown_required_parameter",
            change(POLICY, requiredQueryParameters=["capabilities", "mood"]),
            "#requiredQueryParameters[1]",
        ),
        ("capability_policy_missing_required_parameters", change(POLICY, requiredQueryParameters=["mood"]), ""),
        (
            "capability_policy_missing_capabilities_parameter",
            change(POLICY, requiredQueryParameters=["locale"]),
            "",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and value[:1] == "c" else "",
)
def test_capability_policy_rules(workspace: Workspace, code: str, document: dict[str, Any], place: str) -> None:
    workspace.write(POLICY_PATH, document)

    assert (code, POLICY_PATH + place) in found(workspace.validate())


@pytest.mark.parametrize(
    ("code", "document", "place"),
    [
        ("secure_api_policy_missing_endpoint", change(SECURE, endpoint=...), ""),
        ("secure_api_policy_invalid_endpoint", change(SECURE, endpoint="/feedback/submit"), ""),
        ("secure_api_policy_invalid_endpoint", change(SECURE, endpoint="feedback/../submit"), ""),
        ("secure_api_policy_filename_mismatch", change(SECURE, endpoint="feedback/send"), ""),
        ("allowedMethods_missing", change(SECURE, allowedMethods=...), ""),
        ("allowedHosts_missing", change(SECURE, allowedHosts=None), ""),
        ("allowedSources_not_list", change(SECURE, allowedSources="shop"), ""),
        ("blockedUserIds_not_list", change(SECURE, blockedUserIds="x"), ""),
        (
            "expiredAccessTokenPrefixes_blank",
            change(SECURE, expiredAccessTokenPrefixes=[""]),
            "#expiredAccessTokenPrefixes[0]",
        ),
        ("allowedMethods_duplicate", change(SECURE, allowedMethods=["POST", "post"]), "#allowedMethods[1]"),
        ("allowedMethods_invalid_value", change(SECURE, allowedMethods=["POST", "HEAD"]), "#allowedMethods[1]"),
        ("allowedHosts_empty", change(SECURE, allowedHosts=[]), ""),
        ("allowedMethods_empty", change(SECURE, allowedMethods=["HEAD"]), ""),
        ("secure_api_policy_missing_minimum_message_length", change(SECURE, minimumMessageLength=None), ""),
        ("secure_api_policy_invalid_minimum_message_length", change(SECURE, minimumMessageLength=0), ""),
        ("secure_api_policy_invalid_minimum_message_length", change(SECURE, minimumMessageLength=1.5), ""),
        ("secure_api_policy_invalid_minimum_message_length", change(SECURE, minimumMessageLength=True), ""),
    ],
    ids=lambda value: value if isinstance(value, str) and "_" in value and "#" not in value else "",
)  # fmt: skip
def test_secure_policy_rules(workspace: Workspace, code: str, document: dict[str, Any], place: str) -> None:
    workspace.write(SECURE_PATH, document)

    assert (code, SECURE_PATH + place) in found(workspace.validate())


def test_unknown_sources_are_only_tested_for_the_wanted_program(workspace: Workspace) -> None:
    workspace.write(SECURE_PATH, change(SECURE, allowedSources=["shop", "gone"]))
    unknown = ("secure_api_policy_unknown_source", f"{SECURE_PATH}#allowedSources[1]")

    assert unknown not in found(workspace.validate("shop"))
    assert unknown in found(workspace.validate(None))
