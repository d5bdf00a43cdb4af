"""`trust …` on a Hosting site: versions that a pinned host follows, whatever is published or gone back to."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.clock import utc_now
from miniprogram.testing import write_program
from testbed.google.hosting import HostingService
from testbed.google.server import TOKEN, GoogleStandIn
from testbed.google.server import Call as Asked

Call = Callable[..., tuple[int, str, str]]
SITE = "--target firebase-hosting --env live"
INIT = (
    "trust init --root file:../root.pem --targets file:../root.pem --online file:../online.pem "
    f"--key file:../shop.pem --program shop --root-file root.json {SITE}"
)
SIGNERS = {"MINIPROGRAM_SIGNERS": "file:../shop.pem, file:../online.pem"}
ONLINE = {"MINIPROGRAM_SIGNERS": "file:../online.pem"}


@pytest.fixture
def call(
    tmp_path: Path, google: GoogleStandIn, hosting: HostingService, capsys: pytest.CaptureFixture[str]
) -> Call:
    program = write_program(tmp_path / "shop")
    for name in ("root", "online", "shop"):
        path = tmp_path / f"{name}.pem"
        private = Ed25519PrivateKey.generate()
        path.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        path.chmod(0o600)

    def called(line: str, code: int = 0, *, days: int = 0, **more: str) -> tuple[int, str, str]:
        environ = {
            "HOME": str(tmp_path / "home"),
            "PATH": os.environ["PATH"],
            "FIREBASE_TOKEN": TOKEN,
            "FIREBASE_HOSTING_API_URL": google.address,
            **more,
        }
        found = run(
            line.split(), AppContext(cwd=program, environ=environ, now=lambda: utc_now() + timedelta(days))
        )
        out, err = capsys.readouterr()
        assert found == code, f"{line}: {out}{err}"
        return found, out, err

    for line in ("env init", "env configure live --provider firebase --project-id shop-project", INIT):
        called(line)
    return called


def raise_version(tmp_path: Path, before: str, after: str) -> None:
    manifest = tmp_path / "shop" / "manifest.json"
    text = manifest.read_text()
    assert f'"{before}"' in text
    manifest.write_text(text.replace(f'"{before}"', f'"{after}"', 1))


def verified(call: Call, address: str) -> list[str]:
    """The versions that a host which pins the first root finds signed and whole."""
    report: Any = json.loads(call(f"trust verify {address} --root root.json --json")[1])
    return sorted(each["version"] for each in report["versions"])


@pytest.fixture
def address(google: GoogleStandIn) -> str:
    return f"{google.address}/visit/shop-project/live/"


def test_versions_are_signed_as_they_are_published_and_stay_so(call: Call, address: str, tmp_path: Path) -> None:
    call(f"publish {SITE}", **SIGNERS)
    raise_version(tmp_path, "1.0.0", "1.1.0")
    call(f"publish {SITE}", **SIGNERS)
    assert verified(call, address) == ["1.0.0", "1.1.0"]

    listed = json.loads(call(f"versions {SITE} --json")[1])
    assert listed["latestVersion"] == "1.1.0"
    raise_version(tmp_path, "1.1.0", "1.2.0")
    call(f"publish {SITE}", **SIGNERS)
    call(f"rollback 1.1.0 {SITE}")

    assert verified(call, address) == ["1.0.0", "1.1.0", "1.2.0"]
    assert json.loads(call(f"versions {SITE} --json")[1])["latestVersion"] == "1.1.0"


def test_a_job_signs_again(call: Call, address: str, hosting: HostingService) -> None:
    call(f"publish {SITE}", **SIGNERS)
    before = hosting.visit("shop-project", "trust/timestamp.json")[0]

    call(f"trust sign {SITE}", days=6, **ONLINE)

    after, headers = hosting.visit("shop-project", "trust/timestamp.json")
    assert before != after
    assert "no-store" in headers["Cache-Control"]
    assert hosting.channels["shop-project"]["live"].releases[0]["message"]
    assert verified(call, address) == ["1.0.0"]


def test_nothing_to_sign_makes_no_version(call: Call, hosting: HostingService) -> None:
    call(f"publish {SITE}", **SIGNERS)
    before = len(hosting.versions)

    call(f"trust sign {SITE}", **ONLINE)
    call(f"trust status {SITE}")

    assert len(hosting.versions) == before


def test_a_publish_without_keys_is_refused_on_a_signed_site(call: Call, hosting: HostingService) -> None:
    before = len(hosting.channels["shop-project"]["live"].releases)

    _, _, err = call(f"publish {SITE}", code=1)

    assert "sign" in err
    assert len(hosting.channels["shop-project"]["live"].releases) == before


def test_whoever_releases_while_it_is_signed_loses_nothing(
    call: Call, google: GoogleStandIn, hosting: HostingService, address: str
) -> None:
    call(f"publish {SITE}", **SIGNERS)
    state = hosting.channels["shop-project"]["live"]
    theirs: list[str] = []

    def between(asked: Asked) -> Any:
        if not asked.path.endswith("versions:clone") or theirs:
            return None
        version = dict(state.releases[0])
        name = version["version"]["name"]
        hosting.versions["sites/shop-project/versions/theirs"] = hosting.versions[name]
        theirs.append("sites/shop-project/versions/theirs")
        state.releases.insert(0, {"name": "theirs", "version": {"name": theirs[0]}, "type": "DEPLOY"})
        return None

    google.interruptions.append(between)
    _, _, err = call(f"trust sign {SITE}", code=1, days=6, **ONLINE)

    assert "was released by others meanwhile" in err
    assert state.releases[0]["version"]["name"] == theirs[0]
    call(f"trust sign {SITE}", days=6, **ONLINE)
    assert verified(call, address) == ["1.0.0"]
