"""For whom a mini-program is sealed is said in miniprogram.toml; what cannot be sealed is not published."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.clock import utc_now
from miniprogram.errors import DocumentError, PublishError
from miniprogram.packages.package_index import read_index
from miniprogram.publish.sealing import recipients
from miniprogram.sealing.cipher import SealedVersion, open_sealed
from miniprogram.sealing.keys import keys_from_files
from miniprogram.testing import MemoryTarget, write_program

Call = Callable[..., tuple[int, str, str]]
SITE = "--target static --output ../site --base-url https://x.example/"


@pytest.fixture
def program(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return write_program(tmp_path / "shop")


@pytest.fixture
def call(tmp_path: Path, program: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    def call(line: str) -> tuple[int, str, str]:
        world = {"HOME": str(tmp_path / "home"), "USER": "ana"}
        code = run(line.split(), AppContext(cwd=program, environ=world, now=utc_now))
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture
def done(call: Call) -> Callable[[str], str]:
    def done(line: str) -> str:
        code, out, err = call(line)
        assert code == 0, (line, out, err)
        return out

    return done


def seal_for(folder: Path, *names: str) -> None:
    (folder / "miniprogram.toml").write_text(f"[sealing]\nrecipients = {json.dumps(names)}\n")


def version(done: Callable[[str], str], number: str) -> None:
    done(f"version set {number}")


def made(done: Callable[[str], str], file: str) -> Any:
    return json.loads(done(f"sealing keys make {file} --json"))


def sealed_file(folder: Path) -> Path:
    [found] = folder.rglob("*.sealed")
    return found


def test_a_key_is_made_and_a_version_is_sealed_for_it(program: Path, done: Callable[[str], str]) -> None:
    key = made(done, "../host.pem")
    seal_for(program, key["key"])
    said = done(f"publish {SITE}")
    assert f"Sealed for {key['keyId'][:12]}" in said
    site = program.parent / "site"
    assert not list(site.rglob("screens/*"))
    seen = json.loads(done(f"package inspect {sealed_file(site)} --json"))
    assert (seen["miniProgramId"], seen["recipients"]) == ("shop", [key["keyId"]])
    about = SealedVersion("shop", seen["version"], seen["digest"])
    body = sealed_file(site).read_bytes()
    assert open_sealed(body, about, keys_from_files(program.parent / "host.pem"), name="it")
    private = (program.parent / "host.pem").read_text().splitlines()[1]
    assert private not in said + json.dumps(key) + json.dumps(seen)


def test_a_sealed_file_is_said_to_be_one(program: Path, call: Call, done: Callable[[str], str]) -> None:
    seal_for(program, made(done, "../host.pem")["key"])
    done(f"publish {SITE}")
    path = sealed_file(program.parent / "site")
    assert "for the key" in done(f"package inspect {path}")
    code, _, err = call(f"package verify {path}")
    assert (code, "is sealed" in err) == (1, True)


def test_a_version_in_plain_after_a_sealed_one_takes_a_word(
    program: Path, call: Call, done: Callable[[str], str]
) -> None:
    seal_for(program, made(done, "../host.pem")["key"])
    done(f"publish {SITE}")
    (program / "miniprogram.toml").unlink()
    version(done, "1.1.0")
    for option in ("", " --dry-run", " --no-package"):
        code, _, err = call(f"publish {SITE}{option}")
        assert (code, "nobody says for whom" in err) == (1, True), option
    assert not list((program.parent / "site").rglob("screens/*"))
    seal_for(program)
    done(f"publish {SITE}")
    assert list((program.parent / "site").rglob("screens/shop/1.1.0/*"))


def governed(done: Callable[[str], str]) -> None:
    done("env init")
    done("env configure prod --provider filesystem --store ../prod --api-base-url https://p.example/api")
    done("app add wallet --env prod")


def index_of(program: Path, number: str) -> Any:
    path = program.parent / f"prod/artifacts/shop/{number}/packages/deltas.json"
    return read_index(path.read_bytes(), name="index").sealed


def test_keys_of_a_host_app_are_added_listed_revoked_and_the_next_version_goes_by_it(
    program: Path, call: Call, done: Callable[[str], str]
) -> None:
    governed(done)
    seal_for(program, "wallet")
    code, _, err = call("publish --target cloud --env prod")
    assert (code, "has no key that is not revoked" in err) == (1, True)
    old, new = made(done, "../old.pem"), made(done, "../new.pem")
    for key in (old, new):
        done(f"sealing keys add wallet {key['key']} --env prod")
    done("publish --target cloud --env prod")
    assert index_of(program, "1.0.0").recipients == tuple(sorted((old["keyId"], new["keyId"])))

    done(f"sealing keys revoke wallet {old['keyId'][:12]} --reason lost --env prod")
    version(done, "1.1.0")
    done("publish --target cloud --env prod")
    assert index_of(program, "1.1.0").recipients == (new["keyId"],)
    listed = json.loads(done("sealing keys list --env prod --json"))["keys"]
    assert [(each["keyId"], each["revokedAt"] is None) for each in listed] == [
        (old["keyId"], False), (new["keyId"], True),
    ]  # fmt: skip
    trail = json.loads(done("audit show --env prod --json"))["events"]
    assert [each["command"] for each in trail[:3]] == [
        "sealing keys revoke", "sealing keys add", "sealing keys add",
    ]  # fmt: skip

    code, _, err = call(f"sealing keys add wallet {old['key']} --env prod")
    assert (code, "already, or had it" in err) == (1, True)
    code, _, err = call(f"sealing keys revoke wallet {old['keyId'][:12]} --env prod")
    assert (code, "in use whose id begins with" in err) == (1, True)
    code, _, err = call(f"sealing keys revoke wallet {new['keyId'][:4]} --env prod")
    assert code == 1


def test_an_unknown_app_or_a_target_without_apps_is_refused(
    program: Path, call: Call, done: Callable[[str], str]
) -> None:
    governed(done)
    seal_for(program, "bank")
    code, _, err = call("publish --target cloud --env prod")
    assert (code, "no host app of the environment" in err) == (1, True)
    code, _, err = call(f"publish {SITE}")
    assert (code, "knows no host apps" in err) == (1, True)
    assert not (program.parent / "site").exists() or not list((program.parent / "site").rglob("screens/*"))


def test_a_sealed_version_is_not_exported(program: Path, call: Call, done: Callable[[str], str]) -> None:
    governed(done)
    seal_for(program, made(done, "../host.pem")["key"])
    done("publish --target cloud --env prod")
    about = "shop 1.0.0 --app wallet --env prod"
    done(f"release create {about}")
    done(f"release configure {about} --title Shop --description Buys --server-domain https://a.example.com")
    done(f"release apply {about} --actor dev")
    done(f"release approve {about} --actor rea")
    signer = program.parent / "release.pem"
    private = Ed25519PrivateKey.generate()
    signer.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    signer.chmod(0o600)
    code, _, err = call(f"bundle export {about} --signer file:../release.pem")
    assert (code, "is sealed, and nothing here can open it" in err) == (1, True)


def test_a_target_that_does_not_say_that_it_seals_gets_nothing(tmp_path: Path) -> None:
    seal_for(tmp_path, "x25519:ZPM1NnIbUa5BcMNSreeRtEmYNS9UdCmZ9WIr6Zuq9nA=")
    with pytest.raises(PublishError, match="stores versions in plain"):
        recipients(tmp_path, MemoryTarget())


@pytest.mark.parametrize(
    "text",
    [
        "[sealing]\n",
        "[sealing]\nrecipient = ['wallet']\n",
        "[sealing]\nrecipients = 'wallet'\n",
        "[sealing]\nrecipients = ['']\n",
        "[sealing]\nrecipients = ['wallet']\nmore = 1\n",
        "sealing = 1\n",
        "[sealing\n",
    ],
)
def test_what_the_file_says_otherwise_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "miniprogram.toml").write_text(text)
    with pytest.raises(DocumentError):
        recipients(tmp_path, MemoryTarget())


def test_a_nearer_file_that_says_nothing_hides_nothing(tmp_path: Path) -> None:
    seal_for(tmp_path, "wallet")
    inner = tmp_path / "apps" / "shop"
    inner.mkdir(parents=True)
    (inner / "miniprogram.toml").write_text("[plugins]\n")
    with pytest.raises(PublishError, match="stores versions in plain"):
        recipients(inner, MemoryTarget())
