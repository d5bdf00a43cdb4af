"""Every rule of the delivery validator, each with the smallest document that breaks it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from miniprogram.project.validation.delivery import validate_delivery
from miniprogram.project.validation.report import ValidationReport, report_lines

MANIFEST = {
    "id": "shop",
    "version": "1.0.0",
    "entry": "home",
    "contractVersion": "1.0.0",
    "sdkVersionRange": ">=1.0.0 <2.0.0",
    "requiredCapabilities": ["analytics"],
}
RULE = {"id": "r", "version": "1.0.0", "hostApp": "a"}
ROLLOUT = {"miniProgramId": "shop", "defaultVersion": "1.0.0", "rules": [RULE]}
POLICY = {
    "miniProgramId": "shop",
    "requireContextForLatest": True,
    "enforceManifestCapabilities": True,
    "requiredQueryParameters": ["hostApp", "capabilities"],
}
SECURE = {
    "endpoint": "feedback/submit",
    "allowedMethods": ["post"],
    "allowedHosts": ["app"],
    "allowedSources": ["shop"],
    "minimumMessageLength": 12,
}
LATEST = "backend/api/manifests/shop/latest.json"
VERSION = "backend/api/manifests/shop/versions/1.0.0.json"
ROLLOUT_PATH = "backend/api/rollout-rules/shop.json"
POLICY_PATH = "backend/api/capability-policies/shop.json"
SECURE_PATH = "backend/api/secure-api-policies/feedback_submit.json"
AUTHORED = "mini_programs/shop/manifest.json"


class Workspace:
    """A monorepo that is its own backend: one program, authored and published, with every kind of document."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for path in (AUTHORED, LATEST, VERSION):
            self.write(path, MANIFEST)
        self.write("backend/api/screens/shop/1.0.0/home.json", {"type": "text", "data": "x"})
        self.write(ROLLOUT_PATH, ROLLOUT)
        self.write(POLICY_PATH, POLICY)
        self.write(SECURE_PATH, SECURE)

    def write(self, path: str, content: object) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        target.write_bytes(body)

    def remove(self, path: str) -> None:
        (self.root / path).unlink()

    def validate(self, program_id: str | None = "shop", *, thorough: bool = False) -> ValidationReport:
        return validate_delivery(None, self.root, program_id, thorough=thorough)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def found(report: ValidationReport) -> list[tuple[str, str]]:
    return [(message.code, message.path) for message in report.messages]


@pytest.mark.parametrize("program_id", ["shop", None], ids=["filtered", "all"])
@pytest.mark.parametrize("thorough", [False, True], ids=["rules", "thorough"])
def test_good_workspace_has_no_findings(workspace: Workspace, program_id: str | None, thorough: bool) -> None:
    report = workspace.validate(program_id, thorough=thorough)

    assert (found(report), report.ok) == ([], True)
    lines = list(report_lines(report, workspace.root, checked="shop in here"))
    assert lines == ["Checked shop in here", "0 errors, 0 warnings"]


def change(document: dict[str, Any], **changes: object) -> dict[str, Any]:
    """`document` with members changed; `...` removes one."""
    return {key: value for key, value in {**document, **changes}.items() if value is not ...}


def rules(*given: object) -> dict[str, Any]:
    return change(ROLLOUT, rules=list(given))


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


UNREADABLE = [
    ("json_decode_failed", b"{"),
    ("json_decode_failed", b'{"id": 1, "id": 2}'),
    ("json_decode_failed", b"\xff"),
    ("json_decode_failed", b"[" * 100_000),
    ("json_object_required", b"[]"),
    ("file_read_failed", b" " * (8 * 1024 * 1024 + 1)),
]


@pytest.mark.parametrize(("code", "body"), UNREADABLE, ids=["cut", "twice", "encoding", "deep", "list", "huge"])
@pytest.mark.parametrize("path", [AUTHORED, VERSION, ROLLOUT_PATH, POLICY_PATH, SECURE_PATH])
def test_unreadable_documents_are_skipped_and_named(
    workspace: Workspace, path: str, code: str, body: bytes
) -> None:
    workspace.write(path, body)

    assert (code, path) in found(workspace.validate())


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


def test_unknown_program_is_not_found(workspace: Workspace) -> None:
    assert found(workspace.validate("gone")) == [("mini_program_not_found", "mini_programs/gone")]


def test_missing_roots_stop_everything(tmp_path: Path) -> None:
    backend, program = tmp_path / "b", tmp_path / "p"
    (backend / "backend" / "api").mkdir(parents=True)
    program.mkdir()

    assert found(validate_delivery(None, backend, None)) == [("missing_mini_programs_root", "mini_programs")]
    assert found(validate_delivery(program, tmp_path, "shop")) == [("missing_backend_api_root", "backend/api")]


def test_program_outside_of_the_backend_is_shown_by_its_absolute_path(
    workspace: Workspace, tmp_path: Path
) -> None:
    program = tmp_path / "elsewhere" / "shop"
    missing = validate_delivery(program, workspace.root, "shop")
    program.mkdir(parents=True)
    empty = validate_delivery(program, workspace.root, "shop")
    (program / "manifest.json").write_text(json.dumps(change(MANIFEST, entry="")), "utf-8")
    blank = validate_delivery(program, workspace.root, "shop")

    assert found(missing)[0] == ("external_mini_program_root_missing", str(program))
    assert found(empty)[0] == ("external_manifest_missing", str(program / "manifest.json"))
    assert found(blank) == [("manifest_blank_entry", str(program / "manifest.json"))]


def test_order_is_the_contracts(workspace: Workspace) -> None:
    workspace.write(SECURE_PATH, change(SECURE, endpoint=...))
    workspace.write(POLICY_PATH, change(POLICY, miniProgramId=...))
    workspace.write(ROLLOUT_PATH, {})
    workspace.write(LATEST, b"{")
    workspace.write(AUTHORED, change(MANIFEST, contractVersion="1"))

    assert [path for _, path in found(workspace.validate())] == [
        AUTHORED,
        LATEST,
        ROLLOUT_PATH,
        POLICY_PATH,
        SECURE_PATH,
    ]


@pytest.mark.parametrize(
    ("code", "break_it"),
    [
        ("latest_manifest_differs", lambda it: it.write(LATEST, change(MANIFEST, title="New"))),
        ("latest_manifest_not_servable", lambda it: it.write(LATEST, change(MANIFEST, version="3.0.0"))),
        (
            "latest_manifest_not_newest",
            lambda it: it.write(VERSION.replace("1.0.0", "1.1.0"), change(MANIFEST, version="1.1.0")),
        ),
        (
            "rollout_newest_version_not_selected",
            lambda it: it.write(VERSION.replace("1.0.0", "1.1.0"), change(MANIFEST, version="1.1.0")),
        ),
        ("screens_orphaned", lambda it: it.write("backend/api/screens/shop/0.9.0/home.json", {})),
        ("published_screen_unreadable", lambda it: it.write("backend/api/screens/shop/1.0.0/two.json", b"{")),
        (
            "rollout_rule_unreachable",
            lambda it: it.write(ROLLOUT_PATH, rules(RULE, change(RULE, id="s", locale="de"))),
        ),
        (
            "rollout_rule_matches_nothing",
            lambda it: it.write(ROLLOUT_PATH, rules(change(RULE, hostVersionRange=">2.0.0 <1.0.0"))),
        ),
        ("manifest_unreachable_version", lambda it: it.write(AUTHORED, change(MANIFEST, version="1.0.0+5"))),
        ("manifest_unsafe_entry", lambda it: it.write(AUTHORED, change(MANIFEST, entry="a/b"))),
        ("manifest_blank_feature_flag", lambda it: it.write(AUTHORED, change(MANIFEST, featureFlags=[""]))),
        (
            "manifest_duplicate_capability",
            lambda it: it.write(AUTHORED, change(MANIFEST, requiredCapabilities=["auth", "auth"])),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_legal_and_cannot_work_is_a_warning(
    workspace: Workspace, code: str, break_it: Callable[[Workspace], None]
) -> None:
    break_it(workspace)

    found_here = {message.code: message.severity for message in workspace.validate(thorough=True).messages}

    assert found_here.get(code) == "warning"


def test_rules_that_differ_do_not_shadow_each_other(workspace: Workspace) -> None:
    workspace.write(
        ROLLOUT_PATH, rules(RULE, change(RULE, id="s", hostApp="b"), change(RULE, id="t", hostApp=...))
    )

    assert found(workspace.validate(thorough=True)) == []
