"""Whole workflows made of the links in the OpenAPI document: nothing they lead to is undescribed, or a failure."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any, ClassVar

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.core.transport import Response
from schemathesis.generation import GenerationMode
from schemathesis.generation.stateful import run_state_machine_as_test

from miniprogram_server.admin.framework.rate_limit import Rate
from miniprogram_server.admin.operations.examples import NAMES
from plugins.server.conftest import API, Administered, administered
from plugins.server.described import CHECKS, document

pytestmark = pytest.mark.slow

ORIGIN = "http://console.test"
SCHEMA = schemathesis.openapi.from_dict(document())
SCHEMA.config.update(base_url=ORIGIN + API)
SCHEMA.config.generation.update(with_security_parameters=False)
LONGEST_S = 45.0
TOLD = ("programId", "hostApp", "environment", "version")
"""Names that are not made up where no link says them: there is only one shop."""
WHO = {"reviewer": "bob", "inspector": "ivy", "admin": "cleo"}
"""Who asks, by who may; everything else is asked by the developer admin, who is an operator, too."""


class People:
    """People who follow links. What a link does not say is made up, but for the target and what carries a name."""

    world: ClassVar[Administered]
    known: dict[str, str]
    answered: ClassVar[Counter[tuple[str, int]]] = Counter()

    def setup(self) -> None:
        People.world = administered(Rate(per_second=1000, burst=100_000))
        self.world.full("1.0.0")

    def teardown(self) -> None:
        self.world.client.close()
        super().teardown()

    def step(self, input: Any) -> Any:  # noqa: A002 - the base class calls it so
        linked = {name for _location, name in input.applied_parameters}
        good = input.case.meta.generation.mode is GenerationMode.POSITIVE
        self.known = {name: NAMES[name] for name in TOLD if name not in linked} if good else {}
        return super().step(input)

    def call(self, case: Any, **options: Any) -> Response:
        described = case.operation.definition.raw
        options = case.as_transport_kwargs(base_url=ORIGIN + API)
        if self.known:
            names = {**(case.path_parameters or {}), **self.known}
            options["url"] = ORIGIN + API + case.operation.path.format_map(names)
        sent = requests.Request(**options).prepare()
        may = described["description"].removeprefix("Who may: ").rstrip(".").split(" or ")[0]
        sent.headers["Authorization"] = f"Bearer {self.world.tokens[WHO.get(may, 'ann')]}"
        answer = self.world.client.request(sent.method, sent.url, headers=dict(sent.headers), content=sent.body)
        self.answered[described["operationId"], answer.status_code] += 1
        return Response.from_any(answer)

    def validate_response(self, response: Response, case: Any, **options: Any) -> None:
        case.validate_response(response, checks=CHECKS)


RELEASES = SCHEMA.include(tag=["Programs", "Releases", "Questions"]).as_state_machine()
ALL = SCHEMA.as_state_machine()


@pytest.mark.parametrize(
    ("base", "reached", "least"),
    [(RELEASES, {"ReleaseCreate", "ReleaseShow"}, 12), (ALL, {"AppAdd", "VersionList"}, 18)],
    ids=["releases", "all"],
)
def test_whatever_links_lead_to_is_as_described(base: Any, reached: set[str], least: int) -> None:
    """`reached` and `least`: which operations, and how many, must have been done at least once."""
    People.answered.clear()
    started = time.monotonic()
    workflow = type("Workflow", (People, base), {})
    run_state_machine_as_test(
        workflow,
        settings=settings(
            max_examples=12, stateful_step_count=25, deadline=None, database=None, derandomize=True,
            suppress_health_check=list(HealthCheck), phases=[Phase.generate],
        ),
    )  # fmt: skip
    took_s = time.monotonic() - started
    done = {name for name, status in People.answered if status < 300}
    assert done >= reached, "the links lead nowhere"
    assert len(done) >= least, done
    assert took_s < LONGEST_S
