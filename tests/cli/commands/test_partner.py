"""`partner package` as typed, and the whole hand-over between two people."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.testing import write_program

NOON = datetime(2030, 1, 2, 12, tzinfo=UTC)
KEY = "mpk_live_0123456789abcdef0123"
URL = ["--api-base-url", "https://x.test/api/"]

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    def typed(*argv: str, who: str = "publisher", now: datetime = NOON) -> tuple[int, str, str]:
        cwd = tmp_path / who
        (cwd / "home").mkdir(parents=True, exist_ok=True)
        code = run(argv, AppContext(cwd=cwd, environ={"HOME": str(cwd / "home"), "PATH": ""}, now=lambda: now))
        out, err = capsys.readouterr()
        return code, out, err

    return typed


def test_a_hand_over_from_end_to_end(call: Call, tmp_path: Path) -> None:
    host = tmp_path / "host"
    (host / "lib").mkdir(parents=True)
    (host / "pubspec.yaml").write_text("name: host\ndependencies:\n  flutter:\n    sdk: flutter\n")
    made = [
        call("partner", "package", "shop", *URL, "--access-key", KEY, "--expires-in", "30d"),
        call(
            "partner", "package", "news", *URL, "--public", "--title", 'It\'s $ "News"', "-o", "out/n.partner.json"
        ),
    ]
    assert [each[0] for each in made] == [0, 0]
    assert call("embed", "init", who="host")[0] == 0

    imported = [
        call("host", "endpoint", "import", str(tmp_path / "publisher" / name), who="host")
        for name in ("shop.partner.json", "out/n.partner.json")
    ]
    listed = call("host", "endpoint", "list", "--json", who="host")

    assert [each[0] for each in imported] == [0, 0]
    shown = "".join(out + err for _, out, err in [*made, *imported, listed])
    assert KEY not in shown
    rows = json.loads(listed[1])["endpoints"]
    assert [(row["appId"], row["title"], row["hasAccessKey"]) for row in rows] == [
        ("news", 'It\'s $ "News"', False),
        ("shop", "Shop", True),
    ]
    text = (host / "lib" / "mini_program" / "mini_program_endpoints.dart").read_text()
    stored = json.loads(text.splitlines()[3].removeprefix("// "))
    assert stored["shop"]["accessKey"] == KEY
    assert json.dumps(stored).count(KEY) == 1


def test_an_expired_package_is_refused_with_its_date(call: Call, tmp_path: Path) -> None:
    call("partner", "package", "shop", *URL, "--public", "--expires-at", "2030-01-03")

    code, out, err = call(
        "host",
        "endpoint",
        "import",
        str(tmp_path / "publisher" / "shop.partner.json"),
        now=datetime(2031, 1, 1, tzinfo=UTC),
    )

    assert (code, out) == (1, "")
    assert "expired on 2030-01-03T00:00:00.000Z" in err


@pytest.mark.parametrize(
    ("argv", "code", "culprit"),
    [
        ([*URL, "--public"], 64, "id is required"),
        (["shop", *URL], 64, "exactly one"),
        (["shop", *URL, "--public", "--access-key", KEY], 64, "exactly one"),
        (["shop", "--public", "--api-base-url", "x"], 64, "--api-base-url"),
        (["shop", *URL, "--public", "--backend-base-url", "x"], 64, "--backend-base-url"),
        (["shop", *URL, "--public", "--expires-in", "soon"], 64, "--expires-in"),
        (["shop", *URL, "--public", "--expires-at", "2001-01-01"], 64, "--expires-at"),
        (["shop", *URL, "--public", "more"], 64, "more"),
        (["shop", "--public"], 64, "env.json"),
        (["a/b", *URL, "--public"], 1, "id must be"),
        (["..", *URL, "--public"], 1, "id must be"),
        (["shop", *URL, "--access-key", "short-secret"], 1, "24 to 128"),
        (["shop", *URL, "--public", "--title", "a\nb"], 1, "title"),
        (["shop", *URL, "--public", "-o", "home"], 1, "is a folder"),
    ],
)
def test_bad_input_writes_nothing(call: Call, tmp_path: Path, argv: list[str], code: int, culprit: str) -> None:
    result, out, err = call("partner", "package", *argv)

    assert (result, out) == (code, "")
    assert culprit in err
    assert "short-secret" not in err
    assert not list(tmp_path.rglob("*.partner.json"))


def test_the_url_can_come_from_the_environment(call: Call, tmp_path: Path) -> None:
    call("env", "init")
    store = str(tmp_path / "store")
    configure = ["env", "configure", "fs", "--provider", "filesystem", "--store", store]
    assert call(*configure)[0] == 0

    local = call("partner", "package", "shop", "--public")
    unknown = call("partner", "package", "shop", "--public", "--env", "nope")
    missing = call("partner", "package", "shop", "--public", "--env", "fs")
    call(*configure, "--api-base-url", "https://stored.test/api")
    found = call("partner", "package", "shop", "--public", "--env", "fs")

    assert [each[0] for each in (local, unknown, missing, found)] == [64, 64, 1, 0]
    assert "has no delivery URL" in missing[2]
    assert "https://stored.test/api" in found[1]


def test_the_import_command_can_be_pasted(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "publisher" / "my files" / "$x.partner.json"

    _, out, _ = call("partner", "package", "shop", *URL, "--public", "-o", str(path))

    assert out.endswith(f"In the host app: miniprogram host endpoint import '{path}'\n")


@pytest.fixture
def shop(call: Call, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """Types in the folder of a mini-program whose screen asks a backend, published to the environment `team`."""
    root = tmp_path / "shop"
    write_program(root)
    child = {"type": "text", "data": "{{backend.home.data.title}}"}
    builder = {"type": "miniProgramBackendBuilder", "requestId": "home", "endpoint": "home", "child": child}
    (root / "stac" / "screens" / "asking.json").write_text(json.dumps(builder))
    configured = "env configure team --provider filesystem --store ../store"
    for line in ("env init", configured, "publish --env team --target cloud"):
        assert call(*line.split(), who="shop")[0] == 0, line
    return lambda *argv: call(*argv, who="shop")


BACKEND = "--backend-base-url https://b.test/"


@pytest.mark.parametrize(
    ("setting", "line", "notes"),
    [
        ("", f"shop --env team --public --api-base-url https://x.test/ {BACKEND}", ()),
        ("", "shop --public --api-base-url https://x.test/", ("is asked by asking, and the package names none",)),
        (
            "",
            f"shop --public --api-base-url http://127.0.0.1:8080/api/ {BACKEND}",
            ("only hosts on this one reach it",),
        ),
        (
            "",
            "shop --public --api-base-url https://x.test/ --backend-base-url http://localhost:9/",
            ("The backend is at http://localhost:9, which every machine takes for itself",),
        ),
        (
            "",
            f"shop --access-key {KEY} --api-base-url http://x.test/ {BACKEND}",
            ("would go over plain http",),
        ),
        (
            "access-key create shop --key-id a --env team",
            f"shop --env team --public --api-base-url https://x.test/ {BACKEND}",
            ("shop needs a key in team, and the package says that it is public",),
        ),
        (
            "env configure team --require-access-keys",
            f"shop --env team --public --api-base-url https://x.test/ {BACKEND}",
            ("shop needs a key in team",),
        ),
        (
            "",
            f"shop --env team --access-key {KEY} --api-base-url https://x.test/ {BACKEND}",
            ("shop is public in team: the key in the package is not needed",),
        ),
        (
            "",
            "shpo --env team --public --api-base-url https://x.test/",
            ("Nothing called shpo is published to team yet; did you mean shop?",),
        ),
    ],
)
def test_what_a_host_team_would_stumble_over_is_said(
    shop: Call, setting: str, line: str, notes: tuple[str, ...]
) -> None:
    assert not setting or shop(*setting.split())[0] == 0

    code, out, err = shop("partner", "package", *line.split(), "--json")

    said = json.loads(out)["notes"]
    assert (code, err, len(said)) == (0, "", len(notes)), said
    assert all(part in sentence for part, sentence in zip(notes, said, strict=True)), said
    text = shop("partner", "package", *line.split())[1]
    assert all(sentence in text.splitlines() for sentence in said)


def test_the_url_of_the_active_environment_is_looked_at_too(shop: Call) -> None:
    shop("env", "configure", "team", "--api-base-url", "https://x.test/api/", "--require-access-keys")
    shop("env", "use", "team")

    out = shop("partner", "package", "shop", "--public", *BACKEND.split())[1]
    other = shop("partner", "package", "shop", "--public", "--api-base-url", "https://y.test/", *BACKEND.split())[
        1
    ]

    assert "shop needs a key in team" in out
    assert "needs a key" not in other
