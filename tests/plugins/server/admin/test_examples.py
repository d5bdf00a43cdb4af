"""The examples of the OpenAPI document: one story in which every operation is asked with its own example."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from miniprogram_server.admin.operations.examples import answers
from plugins.server.conftest import API, Administered
from plugins.server.described import document, must_fit

pytestmark = pytest.mark.slow

STORY = [
    ("cleo", "AppAdd AppUpdate AppRemove AppEnvironmentSet AppList MemberAdd MemberList"),
    ("cleo", "TokenCreate TokenList SessionList SessionEnd MemberSessionsEnd TokenRevoke"),
    (
        "cleo",
        "MemberRevoke MemberRemove MemberAdd MemberLeaving MemberOffboard Me",
    ),
    ("ann", "ProgramList VersionList ReleaseCreate ReleaseList ReleaseShow"),
    ("ann", "SegmentImport SegmentChange SegmentPatterns SegmentList SegmentShow"),
    ("ann", "SwitchSet SwitchTurn SwitchImport SwitchList SwitchRemove SegmentRemove"),
    ("ann", "ReleaseConfigure ReleaseApply ReleaseWithdraw ReleaseReopen ReleaseApply"),
    ("bob", "ReviewList ReleaseReject"),
    ("ann", "ReleaseReopen ReleaseApply"),
    ("bob", "ReleaseApprove"),
    ("ann", "ReleasePilotStart ReleaseTestersAdd ReleaseTestersRemove TesterList LinkIssue"),
    ("ann", "ReleasePause ReleaseResume ReleasePilotComplete ReleaseGrayscale ReleaseShrink"),
    ("ann", "ReleaseWhy ReleaseSimulate ReleaseLint OverrideAdd OverrideList OverrideLift"),
    ("ann", "ReleaseHalt ReleaseResume ReleaseCancel ReleaseReopen ReleaseApply"),
    ("bob", "ReleaseApprove"),
    ("ann", "ReleasePilotSkip ReleaseFinish ReleaseRollback ReleaseHistory ReleaseOffline"),
    ("ivy", "ReleaseForceRemove"),
    (
        "cleo",
        "OtherwiseSet AuditList AuditVerify EnvironmentAuditList EnvironmentAuditVerify DenialList AccessList",
    ),
]


def _operations() -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Method, path and description of each operation, by name."""
    return {
        described["operationId"]: (method, path, described)
        for path, methods in document()["paths"].items()
        for method, described in methods.items()
    }


def _ask(world: Administered, who: str, name: str, known: dict[str, str]) -> httpx.Response:
    method, path, described = _operations()[name]
    examples = {each["name"]: each["example"] for each in described["parameters"] if each.get("in") == "path"}
    headers = {"authorization": f"Bearer {world.tokens[who]}", "if-match": "*"}
    content = described.get("requestBody", {}).get("content", {})
    sent: dict[str, Any] = {}
    if "application/json" in content:
        sent["json"] = content["application/json"]["example"]
    elif content:
        kind, body = next(iter(content.items()))
        sent["content"] = body["example"]
        headers["content-type"] = kind
    return world.client.request(method, API + path.format(**{**examples, **known}), headers=headers, **sent)


def story(world: Administered) -> dict[str, Any]:
    """The answer to every operation, by name, in a story that is made of their examples."""
    world.full("1.0.0")
    agent = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"}
    world.client.post("/console/login", data={"token": world.tokens["ann"]}, headers=agent)
    known: dict[str, str] = {}
    answers: dict[str, Any] = {}
    for who, names in STORY:
        for name in names.split():
            there = {**known, "hostApp": "city-app"} if name in ("AppUpdate", "AppRemove") else known
            answer = _ask(world, who, name, there)
            assert answer.status_code in (200, 201), (name, answer.text)
            answers[name] = answer.json()
            if name == "OverrideAdd":
                known["overrideId"] = answer.json()["subject"]["id"]
            if name == "SessionList":
                known["sessionId"] = answer.json()["sessions"][0]["id"]
            if name == "TokenCreate":
                known["tokenId"] = answer.json()["id"]
    key = world.storage.keys.release_document_key("shop")
    world.storage.store.put(key, b"{", content_type="application/json", cache_control="no-store")
    for name in ("ReleaseExamine", "ReleaseRepair"):
        answer = _ask(world, "cleo", name, known)
        assert answer.status_code == 200, (name, answer.text)
        answers[name] = answer.json()
    return answers


def test_every_example_is_accepted_where_it_belongs_and_answered_as_shown(world) -> None:
    answered = story(world)

    assert set(answered) == set(_operations()), "an operation is in no story"
    shown = answers()
    assert {name: _form(each) for name, each in shown.items()} == {
        name: _form(each) for name, each in answered.items()
    }, "`python tools/api_answers.py` writes the answers that are shown anew"


def _form(value: Any) -> Any:
    """The members of an answer, whatever is in them."""
    return {name: _form(each) for name, each in value.items()} if isinstance(value, dict) else None


@pytest.mark.parametrize("name", sorted(_operations()))
def test_every_example_is_as_its_schema(name: str) -> None:
    _, _, described = _operations()[name]
    for each in described["parameters"]:
        if "example" in each:
            must_fit(each["schema"], each["example"])
    for kind, content in described.get("requestBody", {}).get("content", {}).items():
        assert "example" in content or kind == "application/octet-stream"
        if "example" in content:
            must_fit(content["schema"], content["example"])
    answer = described["responses"]["201" if "201" in described["responses"] else "200"]["content"]
    must_fit(answer["application/json"]["schema"], answer["application/json"]["example"])
