"""Every option promised for `publisher-backend firebase …` has its effect, seen on one deployed backend."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run

pytestmark = [pytest.mark.process, pytest.mark.slow]

SURFACE = Path(__file__).parents[3] / "docs" / "reference" / "surface.yaml"
GROUP = "publisher-backend firebase "
PROMISED = {
    (row["path"].removeprefix(GROUP), option["name"])
    for row in yaml.safe_load(SURFACE.read_text())["commands"]
    if row["path"].startswith(GROUP)
    for option in row["options"]
}
DELIVERY = "https://delivery.example/api"
NEEDED = {
    "host-command": f"--api-base-url {DELIVERY} --public",
    "handoff": f"--delivery-url {DELIVERY} --public",
    "data import": "--input given.json",
    "destroy": "--yes",
}
"""What a command cannot do without."""


@dataclass
class World:
    """A deployed backend of the environment `prod`, with a redemption of each of two users; `stage` has none."""

    root: Path
    environ: dict[str, str]
    capsys: pytest.CaptureFixture[str]
    cloud: Any

    def typed(self, command: str, options: str = "", *, cwd: Path | None = None) -> tuple[int, str, str]:
        words = f"{GROUP}{command} {options}".split()
        code = run(words, AppContext(cwd=cwd or self.root, environ=self.environ))
        return code, *self.capsys.readouterr()

    def document(self, command: str, options: str = "") -> dict[str, Any]:
        code, out, err = self.typed(command, f"{options} --json")
        assert code in (0, 1), err
        found: dict[str, Any] = json.loads(out)
        return found


@pytest.fixture
def world(call: Any, cloud: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> World:
    call("env configure stage --provider firebase --project-id shop-project --function-name stagedBackend")
    call("publisher-backend firebase deploy")
    call("publisher-backend firebase seed")
    made = World(tmp_path / "shop", {**os.environ, "HOME": str(tmp_path / "home"), **cloud.environ}, capsys, cloud)
    for user, coupon in (("ann", "coupon-10"), ("bob", "coupon-20")):
        options = f"--include-write --write-user-id {user} --write-coupon-id {coupon}"
        assert made.document("smoke", options)["passed"]
    assert made.typed("data export", "--include-redemptions --output given.json")[0] == 0
    return made


def users(found: dict[str, Any]) -> set[str]:
    return {record["data"]["userId"] for record in found["records"]}


def public_invoker(world: World) -> None:
    assert world.document("deploy", "--no-public-invoker")["healthy"] is None
    assert world.document("deploy", "--public-invoker")["healthy"] is True


def include_write(world: World) -> None:
    assert len(world.document("smoke")["routes"]) == 4
    assert len(world.document("smoke", "--include-write")["routes"]) == 5


def write_ids(world: World) -> None:
    written = world.document("smoke", "--include-write --write-coupon-id coupon-10 --write-user-id zoe")
    assert written["routes"][-1]["responseStatus"] == "redeemed"
    assert users(world.document("data redemptions", "--coupon-id coupon-10")) >= {"ann", "zoe"}
    assert not world.document("smoke", "--include-write --write-coupon-id moon")["passed"]
    assert world.typed("smoke", "--write-coupon-id coupon-10")[0] == 64
    assert world.typed("smoke", "--write-user-id ann")[0] == 64


def include_redemptions(world: World) -> None:
    assert world.document("data export", "--output a.json")["redemptionCount"] == 0
    assert world.document("data export", "--output a.json --include-redemptions")["redemptionCount"] >= 2
    left = world.document("data import", f"{NEEDED['data import']} --dry-run")
    taken = world.document("data import", f"{NEEDED['data import']} --dry-run --include-redemptions")
    assert (left["redemptionCount"], left["skippedRedemptionCount"]) == (0, 2)
    assert (taken["redemptionCount"], taken["skippedRedemptionCount"]) == (2, 0)


def imported(world: World) -> None:
    assert world.typed("data import")[0] == 64
    calls: list[str] = world.cloud.firestore.calls
    calls.clear()
    assert not world.document("data import", f"{NEEDED['data import']} --dry-run")["imported"]
    assert "BatchWrite" not in calls
    assert world.document("data import", NEEDED["data import"])["imported"]
    assert "BatchWrite" in calls


def exported(world: World) -> None:
    assert world.document("data export")["outputPath"].startswith(str(world.root / "backend"))
    assert world.document("data export", "--output named.json")["outputPath"] == str(world.root / "named.json")


def redemptions(world: World) -> None:
    assert users(world.document("data redemptions", "--user-id ann")) == {"ann"}
    assert "ann" not in users(world.document("data redemptions", "--coupon-id coupon-20"))
    assert world.document("data redemptions", "--limit 1")["returnedCount"] == 1
    assert world.typed("data redemptions", "--limit 501")[0] == 64


def handed_over(world: World) -> None:
    for command, address in (("host-command", "--api-base-url"), ("handoff", "--delivery-url")):
        assert world.typed(command, "--public")[0] == 64
        assert world.typed(command, f"{address} {DELIVERY}")[0] == 64
        assert (
            world.typed(
                command, f"{address} {DELIVERY} --public --access-key mpk_live_abcdefghijklmnop_secret1234"
            )[0]
            == 64
        )
        for options in (
            "--public",
            "--access-key mpk_live_abcdefghijklmnop_secret1234",
            "--public --title Renamed",
        ):
            code, out, err = world.typed(command, f"{address} {DELIVERY} {options} --json")
            assert code == 0, err
            assert "secret1234" not in out
            named = out if command == "host-command" else Path(json.loads(out)["packagePath"]).read_text()
            assert DELIVERY in named
            assert ("Renamed" in named) == ("Renamed" in options)
    written = world.document("handoff", f"{NEEDED['handoff']} --output team/shop.partner.json")
    assert Path(written["packagePath"]) == world.root / "team" / "shop.partner.json"
    code, out, err = world.typed("host-command", f"{NEEDED['host-command']} --host-project-root nowhere --json")
    assert (code, out + err) != world.typed("host-command", f"{NEEDED['host-command']} --json")[:2]


def destroyed(world: World) -> None:
    assert world.typed("destroy")[0] == 64
    blocked = world.document("destroy", "--yes")
    assert (blocked["deleted"], blocked["blockedByData"]) == (False, True)
    assert world.document("destroy", "--yes --confirm-data-loss")["deleted"]


EFFECTS: dict[tuple[str, str], Callable[[World], None]] = {
    ("deploy", "public-invoker"): public_invoker,
    ("smoke", "include-write"): include_write,
    ("smoke", "write-coupon-id"): write_ids,
    ("smoke", "write-user-id"): write_ids,
    ("data export", "include-redemptions"): include_redemptions,
    ("data export", "output"): exported,
    ("data import", "include-redemptions"): include_redemptions,
    ("data import", "dry-run"): imported,
    ("data import", "input"): imported,
    ("data redemptions", "coupon-id"): redemptions,
    ("data redemptions", "user-id"): redemptions,
    ("data redemptions", "limit"): redemptions,
    **{("host-command", name): handed_over for name in ("api-base-url", "title", "access-key", "public")},
    ("host-command", "host-project-root"): handed_over,
    **{("handoff", name): handed_over for name in ("delivery-url", "title", "access-key", "public", "output")},
    ("destroy", "yes"): destroyed,
    ("destroy", "confirm-data-loss"): destroyed,
}
EVERYWHERE = {"env", "mini-program-root", "json"}


def test_every_promised_option_is_in_the_table() -> None:
    assert {pair for pair in PROMISED if pair[1] not in EVERYWHERE} == EFFECTS.keys()


def test_every_option_has_its_effect(world: World) -> None:
    for effect in dict.fromkeys(EFFECTS.values()):
        effect(world)


def test_every_command_heeds_its_environment_its_root_and_the_form_of_its_answer(world: World) -> None:
    commands = sorted({command for command, name in PROMISED if name == "env"} - {"deploy", "destroy", "seed"})
    assert {(command, name) for command in commands for name in EVERYWHERE} <= PROMISED
    for command in commands:
        needed = NEEDED.get(command, "").replace("given.json", str(world.root / "given.json"))
        _, out, err = world.typed(command, f"{needed} --json")
        assert json.loads(out)["environmentName"] == "prod", command
        plain = world.typed(command, needed)[1]
        assert "schemaVersion" not in plain, command
        code, out, err = world.typed(command, f"{needed} --env stage --json")
        assert "stage" in out + err, (command, code)
        elsewhere = world.root.parent
        assert world.typed(command, f"{needed} --json", cwd=elsewhere)[0] != 0, command
        _, out, err = world.typed(command, f"{needed} --mini-program-root shop --env prod --json", cwd=elsewhere)
        assert json.loads(out)["environmentName"] == "prod", (command, err)
