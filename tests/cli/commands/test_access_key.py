from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.testing import frozen_clock, write_program

Run = Callable[..., tuple[int, str, str]]
SHOWN = re.compile(r"Access key:\s*(mpk_live_[A-Za-z0-9._-]+)")


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def calling(*argv: str) -> tuple[int, str, str]:
        box = AppContext(cwd=tmp_path, environ={"HOME": str(tmp_path / "home")}, now=frozen_clock)
        code = run(list(argv), box)
        return (code, *capsys.readouterr())

    calling("env", "init")
    calling("env", "configure", "dev", "--provider", "filesystem", "--store", "store")
    calling("env", "use", "dev")
    return calling


def policy(tmp_path: Path) -> str:
    return (tmp_path / "store/metadata/access_keys/shop.json").read_text()


def test_a_new_key_is_shown_once(call: Run, tmp_path: Path) -> None:
    code, out, _ = call("access-key", "create", "shop", "--key-id", "partner")

    shown = SHOWN.search(out)
    assert code == 0
    assert shown is not None
    assert out.startswith(f"Access key: {shown[1]}\n")
    assert shown[1] not in policy(tmp_path)
    assert shown[1] not in call("access-key", "list", "shop", "--json")[1]


def test_the_list_has_the_keys_of_the_contract(call: Run, tmp_path: Path) -> None:
    call("access-key", "create", "shop", "--key-id", "partner")

    document = json.loads(call("access-key", "list", "shop", "--json")[1])

    assert document == {
        "schemaVersion": 1,
        "command": "access-key list",
        "provider": "filesystem",
        "environmentName": "dev",
        "miniProgramId": "shop",
        "bucketName": str(tmp_path / "store"),
        "region": "local",
        "policyKey": "metadata/access_keys/shop.json",
        "policyExists": True,
        "keysRequired": False,
        "activeCount": 1,
        "keyCount": 1,
        "keys": [
            {
                "id": "partner",
                "enabled": True,
                "active": True,
                "createdAtUtc": "2030-01-02T12:00:00.123Z",
                "updatedAtUtc": "2030-01-02T12:00:00.123Z",
                "revokedAtUtc": None,
            }
        ],
    }


def test_no_policy_is_an_empty_list(call: Run) -> None:
    code, out, _ = call("access-key", "list", "shop", "--json")

    document = json.loads(out)
    assert (code, document["policyExists"], document["keys"]) == (0, False, [])
    assert "public" in call("access-key", "list", "shop")[1]


def test_revoking_the_last_key_says_what_that_means(call: Run) -> None:
    call("access-key", "create", "shop", "--key-id", "partner")

    code, out, _ = call("access-key", "revoke", "shop", "--key-id", "partner")

    assert code == 0
    assert "active keys left: 0" in out
    assert "Nobody can load it" in out


def test_rotating_shows_the_new_key_first(call: Run) -> None:
    call("access-key", "create", "shop", "--key-id", "partner")

    code, out, _ = call("access-key", "rotate", "shop", "--key-id", "partner")

    assert code == 0
    assert SHOWN.match(out)
    document = json.loads(call("access-key", "list", "shop", "--json")[1])
    assert [(key["id"], key["active"]) for key in document["keys"]] == [
        ("partner", False),
        ("partner-20300102120000", True),
    ]


def test_a_supplied_key_is_taken(call: Run) -> None:
    key = "mpk_live_" + "x" * 32

    assert call("access-key", "create", "shop", "--key-id", "ci", "--key", key)[1].startswith(
        f"Access key: {key}\n"
    )


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (["create"], 64),
        (["create", "shop"], 64),
        (["create", "shop", "--key-id", " "], 64),
        (["create", "shop", "--key-id", "a/b"], 64),
        (["create", "../shop", "--key-id", "a"], 64),
        (["create", "shop", "extra", "--key-id", "a"], 64),
        (["create", "shop", "--key-id", "a", "--key", "s3cret-too-short"], 64),
        (["create", "shop", "--key-id", "a", "--key", "s3cret/" * 8], 64),
        (["create", "shop", "--key-id", "taken"], 1),
        (["create", "shop", "--key-id", "a", "--key", "s3cret-" * 5], 1),
        (["revoke", "shop"], 64),
        (["revoke", "shop", "--key-id", "ghost"], 1),
        (["rotate", "shop", "--key-id", "taken", "--new-key-id", "taken"], 64),
        (["rotate", "shop", "--key-id", "ghost"], 1),
        (["list", "shop", "--env", "ghost"], 1),
        (["list", "shop", "--env", "local"], 1),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_failures_are_told_on_stderr_without_the_key(call: Run, argv: list[str], code: int) -> None:
    call("access-key", "create", "shop", "--key-id", "taken", "--key", "s3cret-" * 5)

    found, out, err = call("access-key", *argv)

    assert (found, out) == (code, "")
    assert err.strip()
    assert "s3cret" not in err


@pytest.mark.parametrize("body", ['{"keys": [', "[]", '{"keys": 7}', '{"schemaVersion": 9}'])
@pytest.mark.parametrize("command", ["list", "create", "revoke"])
def test_a_broken_policy_is_named_and_left_alone(call: Run, tmp_path: Path, command: str, body: str) -> None:
    path = tmp_path / "store/metadata/access_keys/shop.json"
    path.parent.mkdir(parents=True)
    path.write_text(body)

    code, out, err = call("access-key", command, "shop", *([] if command == "list" else ["--key-id", "a"]))

    assert (code, out) == (1, "")
    assert "metadata/access_keys/shop.json" in err
    assert path.read_text() == body


@pytest.mark.parametrize("required", [False, True], ids=["optional", "required"])
@pytest.mark.parametrize("keys", ["none", "active", "revoked"])
def test_every_view_of_the_keys_says_what_the_environment_makes_of_them(
    call: Run, tmp_path: Path, keys: str, required: bool
) -> None:
    write_program(tmp_path / "shop")
    published = call("publish", "shop", "--env", "dev", "--target", "cloud")
    assert published[0] == 0, published
    call("env", "configure", "dev", f"--{'' if required else 'no-'}require-access-keys")
    if keys != "none":
        call("access-key", "create", "shop", "--key-id", "k")
    if keys == "revoked":
        call("access-key", "revoke", "shop", "--key-id", "k")

    listed, info = call("access-key", "list", "shop")[1], call("cloud", "app", "info", "shop")[1]

    public = keys == "none" and not required
    assert ("it is public" in listed) == public
    assert ("Access: public" in info) == public
    assert ("nobody can load it" in listed) == (keys == "none" and required)
    assert ("closed to everybody" in info) == (keys == "none" and required)
    assert json.loads(call("access-key", "list", "shop", "--json")[1])["keysRequired"] == required


def test_a_key_for_something_that_is_not_there_is_made_and_said(call: Run, tmp_path: Path) -> None:
    write_program(tmp_path / "bike_rental", "bike_rental")
    call("publish", "bike_rental", "--env", "dev", "--target", "cloud")

    code, out, err = call("access-key", "create", "bike_rentl", "--key-id", "k")
    assert (code, err) == (0, "")
    assert "Nothing called bike_rentl is published to dev yet; did you mean bike_rental?" in out

    assert "Nothing called" not in call("access-key", "create", "bike_rental", "--key-id", "k")[1]
