"""The cases of verified launch that hold every host: docs/explanation/verified-launch.md."""

from __future__ import annotations

import gc
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from client.delivered import Answer, Delivered, as_it_is, on, unreachable, with_upgrade
from miniprogram.client import ClientError, Launch

CASES = {
    path.stem: json.loads(path.read_text("utf-8"))
    for path in sorted((Path(__file__).parents[1] / "conformance/launches").glob("*.json"))
}
FOR_PYTHON = [name for name, case in CASES.items() if "python" in case.get("platforms", ["python"])]


def answers(status: int, code: str) -> Answer:
    return on("latest", lambda _: httpx.Response(status, json={"errorCode": code, "message": "no"}))


DELIVERY = {
    "answers": as_it_is,
    "unreachable": unreachable,
    "refuses": answers(404, "not_available"),
    "rolls back": answers(409, "roll_back_to_embedded"),
}


class Host:
    """A host that does what the steps of a case say."""

    def __init__(self, delivered: Delivered, cache: Path, presets: Path) -> None:
        self.delivered, self.cache, self.presets = delivered, cache, presets
        self.network = "wifi"
        self.staying: Launch | None = None

    def step(self, step: dict[str, Any]) -> None:
        match step:
            case {"publish": version}:
                self.delivered.publish(version)
            case {"point to": version}:
                self.delivered.point_to(version)
            case {"delivery": how}:
                self.delivered.wrong = DELIVERY[how]
            case {"upgrade": upgrade}:
                self.delivered.wrong = with_upgrade(**upgrade)
            case {"network": network}:
                self.network = network
            case {"settle": _}:
                assert self.staying is not None
                self.staying.started()
            case {"open": {"error": code}}:
                with pytest.raises(ClientError) as caught:
                    self.open()
                assert caught.value.code == code
            case {"open": wanted, "then": then}:
                launch = self.open()
                assert (launch.version, launch.circumstances.source) == (wanted["version"], wanted["source"])
                assert "reason" not in wanted or launch.circumstances.reason == wanted["reason"]
                self.then(then, launch)
            case _:
                raise AssertionError(f"there is no step {step}")

    def open(self) -> Launch:
        return self.delivered.client(self.cache, network=self.network, presets=self.presets).open("shop")

    def then(self, then: str, launch: Launch) -> None:
        if then == "started":
            launch.started()
        elif then == "fails":
            launch.failed()
        elif then == "stays":
            self.staying = launch
        else:
            assert then == "dies"  # by the end of the last that knows it, its lock is gone as with a process


@pytest.mark.parametrize("name", FOR_PYTHON)
def test_launches(name: str, delivered: Delivered, cache: Path, presets: Path) -> None:
    case = CASES[name]
    if "embedded" in case:
        delivered.embed(presets, case["embedded"])
    host = Host(delivered, cache, presets)
    for step in case["steps"]:
        host.step(step)
        gc.collect()
