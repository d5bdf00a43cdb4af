"""`package` on the command line: pack, look, check, and update without a network."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    def called(*words: str) -> tuple[int, str, str]:
        code = run(
            list(words), AppContext(cwd=tmp_path, environ={"HOME": str(tmp_path), "PATH": os.environ["PATH"]})
        )
        return code, *capsys.readouterr()

    assert called("create", "shop", "--language", "json")[0] == 0
    return called


@pytest.fixture
def packages(call: Call, tmp_path: Path) -> tuple[str, str]:
    """Two versions: 1.0.0, and 1.1.0 with another title on the home screen."""
    assert call("package", "build", "shop", "--output", "old.tar.zst")[0] == 0
    manifest = tmp_path / "shop/manifest.json"
    manifest.write_text(manifest.read_text().replace('"1.0.0"', '"1.1.0"'))
    screen = tmp_path / "shop/stac/screens/shop_home.json"
    screen.write_text(screen.read_text().replace("Shop", "The shop", 1))
    assert call("package", "build", "shop", "--output", "new.tar.zst")[0] == 0
    return "old.tar.zst", "new.tar.zst"


def report(call: Call, *words: str) -> dict[str, object]:
    code, out, err = call(*words, "--json")
    assert (code, err) == (0, "")
    found: dict[str, object] = json.loads(out)
    return found


def test_a_package_is_named_after_its_version_and_told_apart_by_its_digest(call: Call, tmp_path: Path) -> None:
    built = report(call, "package", "build", "shop")

    assert built["file"] == str(tmp_path / "shop-1.0.0.tar.zst")
    assert Path(str(built["file"])).stat().st_size == built["fileSize"]
    told = report(call, "package", "inspect", "shop-1.0.0.tar.zst")
    assert {**told, "command": ""} == {**built, "command": ""}
    assert call("package", "verify", "shop-1.0.0.tar.zst", "--digest", str(built["digest"]))[0] == 0
    code, _, err = call("package", "verify", "shop-1.0.0.tar.zst", "--digest", "sha256:" + "0" * 64)
    assert code == 1
    assert f"with the digest {built['digest']}, not sha256:000" in err


def test_a_plain_archive_holds_the_same_version(call: Call, tmp_path: Path) -> None:
    packed = report(call, "package", "build", "shop")
    plain = report(call, "package", "build", "shop", "--output", "shop.tar")

    assert plain["digest"] == packed["digest"]
    assert plain["archiveSha256"] == packed["archiveSha256"]
    assert plain["fileSize"] == plain["archiveSize"] == (tmp_path / "shop.tar").stat().st_size


def test_an_update_travels_as_a_delta(call: Call, packages: tuple[str, str], tmp_path: Path) -> None:
    compared = report(call, "package", "diff", *packages, "--output", "update.dcz")

    changes = compared["changes"]
    assert isinstance(changes, list)
    assert [each["path"] for each in changes] == ["manifest.json", "screens/shop_home.json"]
    assert compared["deltaSize"] == (tmp_path / "update.dcz").stat().st_size
    assert report(call, "package", "apply", packages[0], "update.dcz")["version"] == "1.1.0"
    assert (tmp_path / "shop-1.1.0.tar.zst").read_bytes() == (tmp_path / packages[1]).read_bytes()


def test_a_person_reads_what_an_update_costs(call: Call, packages: tuple[str, str]) -> None:
    code, out, _ = call("package", "diff", *packages)

    lines = out.splitlines()
    assert code == 0
    assert lines[0] == "shop 1.0.0 → 1.1.0"
    assert [line.split()[0] for line in lines[1:3]] == ["changed", "changed"]
    assert [line.split(":")[0] for line in lines[3:]] == ["Delta", "Changed files", "Whole package"]


def test_a_version_compared_with_itself_differs_in_nothing(call: Call, packages: tuple[str, str]) -> None:
    code, out, _ = call("package", "diff", packages[0], packages[0])

    assert (code, out.splitlines()[1]) == (0, "  no file differs")


def test_a_delta_for_another_package_writes_nothing(call: Call, packages: tuple[str, str], tmp_path: Path) -> None:
    call("package", "diff", *packages, "--output", "update.dcz")

    code, _, err = call("package", "apply", packages[1], "update.dcz", "--output", "made.tar")

    assert code == 1
    assert "builds upon the archive" in err
    assert "Take the whole package instead." in err
    assert not (tmp_path / "made.tar").exists()


def test_a_delta_that_is_not_worthwhile_is_not_written(
    call: Call, packages: tuple[str, str], tmp_path: Path
) -> None:
    (tmp_path / "shop/assets").mkdir(exist_ok=True)
    (tmp_path / "shop/assets/noise.bin").write_bytes(os.urandom(50_000))
    manifest = tmp_path / "shop/manifest.json"
    manifest.write_text(manifest.read_text().replace('"1.1.0"', '"1.2.0"'))
    call("package", "build", "shop", "--output", "large.tar.zst")

    code, _, err = call("package", "diff", packages[1], "large.tar.zst", "--output", "update.dcz")

    assert code == 64
    assert "update.dcz was not written" in err
    assert not (tmp_path / "update.dcz").exists()


@pytest.mark.parametrize("spoil", ["cut", "not one", "absent", "folder"])
@pytest.mark.parametrize("command", ["inspect", "verify"])
def test_what_is_no_package_is_named(command: str, spoil: str, call: Call, tmp_path: Path) -> None:
    call("package", "build", "shop", "--output", "it.tar.zst")
    path = tmp_path / "it.tar.zst"
    body = path.read_bytes()
    path.unlink()
    if spoil == "folder":
        path.mkdir()
    elif spoil != "absent":
        path.write_bytes(body[:-9] if spoil == "cut" else b"PK\3\4 a zip")

    code, out, err = call("package", command, "it.tar.zst")

    assert (code, out) == (1, "")
    assert str(path) in err


def test_two_programs_are_not_compared(call: Call, packages: tuple[str, str]) -> None:
    call("create", "cafe", "--language", "json")
    call("package", "build", "cafe", "--output", "cafe.tar")

    code, _, err = call("package", "diff", packages[0], "cafe.tar")

    assert code == 64
    assert "shop and cafe are not versions of one mini-program" in err
