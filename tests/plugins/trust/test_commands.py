"""`trust …` as a person types it, on a static folder and on an environment."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.clock import utc_now
from miniprogram.testing import write_program

Call = Callable[..., tuple[int, str, str]]
SITE = "--target static --output ../site"


@pytest.fixture
def program(tmp_path: Path) -> Path:
    for name in ("root", "online", "shop", "other"):
        path = tmp_path / f"{name}.pem"
        private = Ed25519PrivateKey.generate()
        path.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        path.chmod(0o600)
    return write_program(tmp_path / "shop")


@pytest.fixture
def call(tmp_path: Path, program: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    (tmp_path / "home").mkdir()

    def call(line: str, **environ: str) -> tuple[int, str, str]:
        world = {"HOME": str(tmp_path / "home"), "USER": "ana", **environ}
        code = run(line.split(), AppContext(cwd=program, environ=world, now=utc_now))
        out, err = capsys.readouterr()
        return code, out, err

    return call


ROLES = "--root file:../root.pem --targets file:../root.pem --online file:../online.pem"
INIT = f"trust init {ROLES} --key file:../shop.pem"
SIGNERS = {"MINIPROGRAM_SIGNERS": "file:../shop.pem, file:../online.pem"}


@pytest.fixture
def signed(call: Call) -> Call:
    assert call(f"{INIT} --program shop --root-file root.json {SITE}")[0] == 0
    return call


@pytest.fixture
def address(program: Path) -> Iterator[str]:
    """Where the folder is served."""

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_args: object) -> None:
            """Nothing: a test is not a log."""

    folder = program.parent / "site"
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def document(answer: tuple[int, str, str]) -> Any:
    assert answer[0] == 0, answer
    return json.loads(answer[1])


def test_init_publish_and_verify(signed: Call, address: str) -> None:
    assert signed(f"publish {SITE}", **SIGNERS)[0] == 0

    report = document(signed(f"trust verify {address} --root root.json --json"))
    assert [(each["miniProgramId"], each["version"]) for each in report["versions"]] == [("shop", "1.0.0")]
    assert report["fileCount"] == 3


def test_what_was_changed_in_the_folder_is_named(signed: Call, address: str, program: Path) -> None:
    signed(f"publish {SITE}", **SIGNERS)
    (program.parent / "site/screens/shop/1.0.0/shop_home.json").write_text("{}")

    code, out, err = signed(f"trust verify {address} --root root.json")

    assert (code, out) == (1, "")
    assert "screens/shop_home.json of shop 1.0.0 is not what was signed, and is refused" in err


def test_publish_without_the_keys_says_how_to_name_them(signed: Call, program: Path) -> None:
    code, _, err = signed(f"publish {SITE}")

    assert code == 1
    assert "program-shop needs 1 signature" in err
    assert "MINIPROGRAM_SIGNERS" in err
    assert not (program.parent / "site/manifests/shop/latest.json").exists()


def test_the_keys_of_the_project_file_are_found_from_where_it_lies(signed: Call, program: Path) -> None:
    (program.parent / "miniprogram.toml").write_text('[trust]\nsigners = ["file:shop.pem", "file:online.pem"]\n')

    assert signed(f"publish {SITE}")[0] == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[trust]\nsigner = []\n", "knows no 'signer'"),
        ('[trust]\nsigners = "file:a.pem"\n', "signers must be a list"),
        ("[trust]\nroot = 1\n", "root must be the path"),
        ('trust = "x"\n', "must be a table"),
        ('[trust]\nroot = "nothing.json"\n', "cannot be read"),
    ],
)
def test_a_slip_in_the_project_file_is_refused(text: str, said: str, signed: Call, program: Path) -> None:
    (program / "miniprogram.toml").write_text(text)

    code, _, err = signed(f"trust list {SITE}")

    assert code == 1
    assert said in err


def test_list_and_status_tell_roles_and_ends(signed: Call) -> None:
    signed(f"publish {SITE}", **SIGNERS)

    roles = {each["role"]: each for each in document(signed(f"trust list {SITE} --json"))["roles"]}
    assert list(roles) == ["root", "targets", "snapshot", "timestamp", "shop"]
    assert roles["shop"]["signedVersions"] == ["1.0.0"]
    status = document(signed(f"trust status {SITE} --json"))
    assert (status["verdict"], status["rootVersion"]) == ("good", 1)


def test_what_is_due_is_signed_and_what_cannot_be_is_an_alarm(call: Call) -> None:
    assert call(f"{INIT} --program shop --days timestamp=1 --days snapshot=1 --days targets=1 {SITE}")[0] == 0
    code, out, _ = call(f"trust sign --all {SITE} --signer file:../online.pem")

    assert code == 1
    assert "Signed again" in out
    assert "Due, and its keys are not at hand: targets" in out


def test_nothing_due_is_no_alarm(signed: Call) -> None:
    code, out, err = signed(f"trust sign {SITE} --signer file:../online.pem")

    assert (code, err) == (0, "")
    assert "Nothing that keys at hand may sign is due" in out


def test_rotate_and_withdraw(signed: Call, address: str) -> None:
    signed(f"publish {SITE}", **SIGNERS)
    keys = "--signer file:../root.pem --signer file:../online.pem"
    assert signed(f"trust rotate shop --key file:../other.pem {keys} {SITE}")[0] == 0
    assert "keys at hand give 0" in signed(f"trust withdraw shop 1.0.0 {SITE}", **SIGNERS)[2]

    assert signed(f"trust withdraw shop 1.0.0 --signer file:../other.pem {keys} {SITE}")[0] == 0

    assert document(signed(f"trust verify {address} --root root.json --json"))["versions"] == []


def test_the_root_is_printed_for_those_who_pin(signed: Call, program: Path) -> None:
    code, out, _ = signed(f"trust root {SITE}")

    assert code == 0
    assert json.loads(out) == json.loads((program / "root.json").read_bytes())


def test_an_environment_is_signed_and_served(call: Call, tmp_path: Path) -> None:
    for line in (
        "env init",
        f"env configure team --provider filesystem --store {tmp_path / 'store'}",
        "env use team",
    ):
        assert call(line)[0] == 0
    assert call(f"{INIT} --program shop --target cloud")[0] == 0
    assert call("publish --target cloud", **SIGNERS)[0] == 0

    assert (tmp_path / "store/metadata/trust/timestamp.json").is_file()
    assert document(call("trust status --target cloud --json"))["verdict"] == "good"


def test_workflow_status_shows_the_calendar_of_the_environment(call: Call, tmp_path: Path) -> None:
    for line in (
        "env init",
        f"env configure team --provider filesystem --store {tmp_path / 'store'}",
        "env use team",
    ):
        assert call(line)[0] == 0
    assert "signedUntil" not in document(call("workflow status --remote --json"))["remote"]
    assert call(f"{INIT} --program shop --days timestamp=1 --target cloud")[0] == 0

    remote = document(call("workflow status --remote --json"))["remote"]

    assert {each["role"]: each["state"] for each in remote["signedUntil"]} == dict.fromkeys(
        ("root", "targets", "snapshot", "timestamp"), "good"
    )
    assert "Signed until:" in call("workflow status --remote")[1]
    stamp = tmp_path / "store/metadata/trust/timestamp.json"
    stamp.write_text(stamp.read_text().replace("timestamp", "timestamq"))
    assert "cannot be trusted" in call("workflow status --remote")[1]


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("trust init {site}", 64, "root needs a key"),
        ("trust init --key ../root.pem {site}", 64, "names no key"),
        ("trust init --key vaul:x {site}", 64, "vaul"),
        ("trust init --key file:../nothing.pem {site}", 1, "nothing.pem"),
        ("trust init --key file:../root.pem --threshold 2 {site}", 64, "1 key cannot give 2 signatures"),
        ("trust init --key file:../root.pem --days moon=1 {site}", 64, "--days moon=1"),
        (f"trust init {ROLES} --program shop {SITE}", 64, "--program needs --key"),
        ("trust rotate {site}", 64, "which role"),
        ("trust rotate root {site}", 64, "needs at least one key"),
        ("trust rotate shop --key file:../root.pem {site}", 1, "are not signed"),
        ("trust sign shop {site}", 64, "one of its versions"),
        ("trust withdraw shop {site}", 64, "the version to withdraw"),
        ("trust list {site}", 1, "are not signed"),
        ("trust verify", 64, "address"),
        ("trust verify http://127.0.0.1:1/", 64, "no root is pinned"),
    ],
)
def test_what_is_wrong_with_a_line_is_said(line: str, code: int, said: str, call: Call) -> None:
    answered, out, err = call(line.format(site=SITE))

    assert (answered, out) == (code, "")
    assert said in err


def test_beginning_twice_is_refused(signed: Call) -> None:
    code, _, err = signed(f"{INIT} --program shop {SITE}")

    assert code == 1
    assert "are signed already" in err


def test_doctor_tells_of_named_keys(call: Call, program: Path) -> None:
    (program / "miniprogram.toml").write_text('[trust]\nsigners = ["file:../shop.pem"]\n')
    assert "[ok] Signing keys: 1 named" in call("doctor")[1]

    (program.parent / "shop.pem").unlink()
    assert "[error] Signing keys: not there: file:../shop.pem" in call("doctor")[1]


def test_cleaning_leaves_what_is_signed_of_others(signed: Call, program: Path) -> None:
    """`--clean` takes other mini-programs out of the folder, not the root and what follows from it."""
    signed(f"publish {SITE}", **SIGNERS)
    site = program.parent / "site"
    before = {path.name for path in (site / "trust").iterdir()}

    assert signed(f"publish {SITE} --clean", **SIGNERS)[0] == 0

    assert before <= {path.name for path in (site / "trust").iterdir()}
    assert document(signed(f"trust status {SITE} --json"))["verdict"] == "good"


def test_a_plan_without_keys_says_what_publishing_would_write_and_writes_nothing(
    signed: Call, program: Path
) -> None:
    assert signed(f"publish {SITE} --dry-run")[0] == 0
    assert not (program.parent / "site/manifests").exists()


def test_a_version_is_published_with_its_provenance_and_that_is_checked(call: Call, program: Path) -> None:
    assert call(f"publish {SITE} --base-url https://x.example/ --provenance", **SIGNERS)[0] == 0
    keys = document(call("provenance keys --signer file:../shop.pem --json"))["keys"]

    found = document(call(f"provenance verify shop 1.0.0 {SITE} --key {keys[0]['key']} --json"))["provenance"]
    assert (found["miniProgramId"], found["version"], found["keyIds"]) == ("shop", "1.0.0", [keys[0]["keyId"]])
    assert "miniprogram-static" in found["builtWith"]
    other = document(call("provenance keys --signer file:../other.pem --json"))["keys"][0]["key"]
    code, _, err = call(f"provenance verify shop 1.0.0 {SITE} --key {other}")
    assert (code, "not signed with a key that counts" in err) == (1, True)


def test_provenance_that_nobody_can_sign_is_said_before_anything_is_written(call: Call, program: Path) -> None:
    code, _, err = call(f"publish {SITE} --base-url https://x.example/ --provenance")
    assert (code, "no key is named to sign it with" in err) == (64, True)
    assert not (program.parent / "site").exists()
    code, _, err = call(f"provenance verify shop 1.0.0 {SITE} --key nonsense")
    assert (code, "is no public key" in err) == (64, True)
