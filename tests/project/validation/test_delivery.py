"""A whole workspace: what is looked at, in which order, and what cannot be read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from miniprogram.project.validation.delivery import validate_delivery
from miniprogram.project.validation.report import report_lines
from project.validation.workspaces import (
    AUTHORED,
    LATEST,
    MANIFEST,
    POLICY,
    POLICY_PATH,
    ROLLOUT_PATH,
    RULE,
    SECURE,
    SECURE_PATH,
    VERSION,
    Workspace,
    change,
    found,
    rules,
)


@pytest.mark.parametrize("program_id", ["shop", None], ids=["filtered", "all"])
@pytest.mark.parametrize("thorough", [False, True], ids=["rules", "thorough"])
def test_good_workspace_has_no_findings(workspace: Workspace, program_id: str | None, thorough: bool) -> None:
    report = workspace.validate(program_id, thorough=thorough)

    assert (found(report), report.ok) == ([], True)
    lines = list(report_lines(report, workspace.root, checked="shop in here"))
    assert lines == ["Checked shop in here", "0 errors, 0 warnings"]


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
