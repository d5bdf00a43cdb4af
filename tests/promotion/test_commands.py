"""`bundle …` as a person types it, between two environments."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.clock import utc_now
from miniprogram.testing import write_program

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    key = tmp_path / "export.pem"
    private = Ed25519PrivateKey.generate()
    key.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    key.chmod(0o600)
    (tmp_path / "home").mkdir()
    program = write_program(tmp_path / "shop")

    def call(line: str) -> tuple[int, str, str]:
        world = {"HOME": str(tmp_path / "home"), "USER": "ana", "MINIPROGRAM_SIGNERS": "file:../export.pem"}
        code = run(line.split(), AppContext(cwd=program, environ=world, now=utc_now))
        out, err = capsys.readouterr()
        return code, out, err

    def done(line: str) -> str:
        code, out, err = call(line)
        assert code == 0, (line, out, err)
        return out

    done("env init")
    for name in ("staging", "vault"):
        done(
            f"env configure {name} --provider filesystem --store ../{name} --api-base-url https://{name}.example/api"
        )
        done(f"app add wallet --env {name}")
    public = json.loads(done("provenance keys --json"))["keys"][0]["key"]
    done(f"app environment set wallet production --accept-promotions {public} --env vault")
    done("publish --target cloud --env staging")
    about = "shop 1.0.0 --app wallet --env staging"
    done(f"release create {about}")
    done(f"release configure {about} --title Shop --description Buys --server-domain https://a.example.com")
    done(f"release apply {about} --actor dev")
    done(f"release approve {about} --actor rea")
    done(f"bundle export {about}")
    return call


def test_a_version_is_exported_looked_at_tried_and_imported(call: Call) -> None:
    seen = json.loads(call("bundle inspect shop-1.0.0.mpbundle --json")[1])["exported"]
    assert (seen["miniProgramId"], seen["version"], seen["approvals"][0]["reviewer"]) == ("shop", "1.0.0", "rea")
    tried = call("bundle import shop-1.0.0.mpbundle shop --env vault --mini-program-root . --dry-run")
    assert (tried[0], "Would import shop 1.0.0 into vault" in tried[1]) == (0, True)
    assert "Sources: they give the same digest" in tried[1]
    code, out, _ = call("bundle import shop-1.0.0.mpbundle shop --env vault --json")
    report = json.loads(out)
    assert (code, report["state"], report["dryRun"]) == (0, "approved", False)
    again = call("bundle import shop-1.0.0.mpbundle --env vault")
    assert (again[0], "imported before" in again[2]) == (1, True)


def test_a_file_of_another_mini_program_than_was_meant_is_refused(call: Call) -> None:
    code, _, err = call("bundle import shop-1.0.0.mpbundle coupons --env vault")
    assert (code, "holds shop, not coupons" in err) == (64, True)


def test_a_target_that_takes_nothing_over_says_what_to_do(call: Call) -> None:
    assert call("app environment set wallet production --no-promotions --env vault")[0] == 0
    code, _, err = call("bundle import shop-1.0.0.mpbundle --env vault")
    assert (code, "--accept-promotions" in err) == (1, True)


def test_no_file_and_no_key_are_said(call: Call, tmp_path: Path) -> None:
    assert call("bundle inspect")[0] == 64
    assert call("bundle import --env vault")[0] == 64
    code, _, err = call("bundle inspect nowhere.mpbundle")
    assert (code, "does not exist" in err) == (1, True)
    (tmp_path / "export.pem").chmod(0o644)
    code, _, err = call("bundle export shop 1.0.0 --app wallet --env staging -o other.mpbundle")
    assert (code, "others may read" in err) == (1, True)
    assert not (tmp_path / "shop" / "other.mpbundle").exists()
