"""The OpenAPI document: true to what is served, and nothing made of it brings the service down."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from miniprogram.releases.verbs import BY_NAME
from miniprogram_server.admin.framework.operation import PREFIX, Operation
from miniprogram_server.admin.operations.table import OPERATIONS
from miniprogram_server.admin.reference import render
from miniprogram_server.console.mounting import description
from plugins.server.described import CHECKS

pytestmark = pytest.mark.slow

NAMES = {
    "programId": "shop", "hostApp": "wallet", "environment": "production", "version": "1.0.0", "segment": "vip",
    "member": "eve@corp.example",
    "key": "cart", "tokenId": "0a1b", "sessionId": "0a1b", "overrideId": "o-1",
}  # fmt: skip
ORIGIN = "http://console.test"
SCHEMA = schemathesis.openapi.from_dict(json.loads(description()))
SCHEMA.config.update(base_url=ORIGIN + PREFIX)


def test_the_document_is_served_to_anybody(world) -> None:
    answer = world.client.get(f"{PREFIX}/openapi.json")
    assert (answer.status_code, answer.content) == (200, description())
    assert answer.json()["openapi"] == "3.1.0"


def test_every_command_of_the_state_machine_is_an_operation() -> None:
    names = {each.name for each in OPERATIONS}
    assert len(names) == len(OPERATIONS)
    wanted = {
        "Release" + "".join(part.capitalize() for part in verb.replace("-", " ").split()) for verb in BY_NAME
    }
    assert wanted <= names


def test_every_operation_wants_a_token(world) -> None:
    for each in OPERATIONS:
        assert world.client.request(each.method, PREFIX + each.path.format_map(NAMES)).status_code == 401, (
            each.path
        )


@pytest.mark.parametrize("operation", OPERATIONS, ids=[each.name for each in OPERATIONS])
def test_whatever_is_sent_the_answer_is_as_described(operation: Operation, lasting_world) -> None:
    world, seen = lasting_world, set()

    @settings(
        max_examples=8, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(
        case=SCHEMA[operation.path][operation.method].as_strategy(),
        real=st.booleans(),
        who=st.sampled_from(["ann", "bob", "cleo", "ivy"]),
    )
    def attack(case: Any, real: bool, who: str) -> None:
        if real:  # made-up names get no further than the first look-up
            case.path_parameters = {name: NAMES[name] for name in operation.names}
            if operation.guarded:
                case.headers["If-Match"] = "*"
        sent = requests.Request(**case.as_transport_kwargs(base_url=ORIGIN + PREFIX)).prepare()
        if "Authorization" in sent.headers:  # a made-up one; who sends none is one who must be refused
            sent.headers["Authorization"] = f"Bearer {world.tokens[who]}"
        answer = world.client.request(sent.method, sent.url, headers=dict(sent.headers), content=sent.body)
        seen.add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    attack()
    assert seen != {401}, "nothing got past the door"


def test_the_reference_page_is_up_to_date() -> None:
    page = Path(__file__).parents[4] / "docs" / "reference" / "admin-api.md"
    assert page.read_text("utf-8") == render(), "run `python -m miniprogram_server.admin.reference docs/reference`"
