"""Which backend features a mini-program's sources use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from miniprogram.workflow.backend_usage import backend_usage

HELPERS = """
StacAction miniProgramBackendAction({required String requestId}) => StacAction(jsonData: {});
StacAction miniProgramBackendQueryAction({required String requestId}) => StacAction(jsonData: {});
StacWidget miniProgramBackendBuilder({required String requestId}) => StacWidget.fromJson({});
"""


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_the_scaffold_s_own_helpers_are_no_use(tmp_path: Path) -> None:
    write(tmp_path, "lib/host_action_helpers.dart", HELPERS)
    usage = backend_usage(tmp_path)
    assert not usage.uses_publisher_backend
    assert usage.request_ids == ()


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("stac/a.dart", "miniProgramBackendAction(requestId: 'r1')", "action"),
        ("stac/a.dart", "miniProgramBackendQueryAction(\n  requestId: 'r1')", "query"),
        ("stac/a.dart", 'miniProgramBackendBuilder(requestId: "r1")', "builder"),
        ("stac/a.py", 'actions.backend_query(request_id="r1", endpoint="x")', "query"),
        (
            "stac/a.json",
            json.dumps({"child": [{"actionType": "miniProgramBackend", "requestId": "r1"}]}),
            "action",
        ),
        (
            "stac/.build/screens/a.json",
            json.dumps({"type": "miniProgramBackendBuilder", "requestId": "r1"}),
            "builder",
        ),
    ],
)
def test_call_sites_count(tmp_path: Path, name: str, text: str, kind: str) -> None:
    write(tmp_path, name, text)
    usage = backend_usage(tmp_path)
    assert usage.uses_publisher_backend
    assert usage.uses_backend_action is (kind == "action")
    assert usage.uses_backend_query_action is (kind == "query")
    assert usage.uses_backend_builder is (kind == "builder")
    assert usage.uses_backend_state is (kind != "action")
    assert usage.request_ids == ("r1",)


def test_other_request_ids_and_broken_files_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "stac/a.json", json.dumps({"actionType": "hostAction", "requestId": "not-ours"}))
    write(tmp_path, "stac/b.json", "{")
    write(tmp_path, "stac/c.py", "\x00\ufffd")
    assert backend_usage(tmp_path).request_ids == ()
