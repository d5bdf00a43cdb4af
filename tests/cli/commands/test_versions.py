"""`versions`, `rollback` and `version` as a person types them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.plugins.registry import Registry
from miniprogram.plugins.specs import TargetSpec
from miniprogram.publish.local_settings import LocalSettings
from miniprogram.testing import MemoryTarget, frozen_clock, write_program

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def program(tmp_path: Path) -> Path:
    return write_program(tmp_path / "shop")


@pytest.fixture
def call(tmp_path: Path, program: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    (tmp_path / "home").mkdir()

    def call(line: str, cwd: Path = program, **environ: str) -> tuple[int, str, str]:
        world = {"HOME": str(tmp_path / "home"), "USER": "ana", **environ}
        code = run(line.split(), AppContext(cwd=cwd, environ=world, now=frozen_clock))
        out, err = capsys.readouterr()
        return code, out, err

    assert call(f"backend init --root {tmp_path / 'be'}")[0] == 0
    return call


def site(tmp_path: Path) -> str:
    return f"--target static --output {tmp_path / 'site'}"


def document(answer: tuple[int, str, str]) -> dict[str, Any]:
    code, out, err = answer
    assert (code, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


def test_versions_says_when_by_whom_and_what_points_where(call: Call, program: Path) -> None:
    call("publish")
    call("version minor")
    call("publish")

    code, out, err = call("versions")

    assert (code, err) == (0, "")
    assert [line.split() for line in out.splitlines()[1:]] == [
        ["VERSION", "PUBLISHED", "BY", "DIGEST", "POINTED", "AT", "BY"],
        ["1.1.0", "2030-01-02", "12:00:00", "ana", out.splitlines()[2].split()[4], "latest"],
        ["1.0.0", "2030-01-02", "12:00:00", "ana", out.splitlines()[3].split()[4], "-"],
    ]


@pytest.mark.parametrize(
    ("target", "environ", "said", "named"),
    [
        ("local", {}, "", "ana"),
        ("local", {"MINIPROGRAM_ACTOR": "ci"}, "", "ci"),
        ("local", {"MINIPROGRAM_ACTOR": "ci"}, "--actor ben", "ben"),
        ("static", {}, "", None),
        ("static", {"MINIPROGRAM_ACTOR": "ci"}, "", "ci"),
        ("static", {}, "--actor ben", "ben"),
    ],
)
def test_the_account_is_named_only_where_hosts_cannot_read_it(
    call: Call, tmp_path: Path, target: str, environ: dict[str, str], said: str, named: str | None
) -> None:
    where = site(tmp_path) if target == "static" else "--target local"

    assert call(f"publish {where} {said}", **environ)[0] == 0

    (row,) = document(call(f"versions {where} --json"))["versions"]
    assert row["publishedBy"] == named
    if named is None:
        assert "ana" not in (tmp_path / "site/metadata/releases/shop/1.0.0.json").read_text()


def test_a_version_that_nobody_signed_says_how_to(call: Call, program: Path) -> None:
    note = "BY is - where nobody said who published; `publish --actor NAME` does."
    call("publish --target static --output ../site --actor ana")

    _, named, _ = call("versions --target static --output ../site")
    call("version patch")
    call("publish --target static --output ../site")
    _, unnamed, _ = call("versions --target static --output ../site")

    assert note not in named
    assert note in unnamed.splitlines()


def test_a_name_that_cannot_be_seen_is_refused(call: Call, program: Path) -> None:
    code, out, err = call("publish --actor a\u202eb")

    assert (code, out) == (64, "")
    assert "--actor" in err
    assert "U+202E" in err


def test_going_back_needs_no_sources(call: Call, tmp_path: Path) -> None:
    call("publish")
    call("version major")
    call("publish")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    where = f"--target local --root {tmp_path / 'be'}"

    report = document(call(f"rollback 1.0.0 shop {where} --json", elsewhere))

    assert (report["previousVersion"], report["version"], report["changed"]) == ("2.0.0", "1.0.0", True)
    assert report["writtenFiles"] == ["manifests/shop/latest.json"]
    assert document(call(f"versions shop {where} --json", elsewhere))["latestVersion"] == "1.0.0"


def test_a_static_folder_can_be_looked_at_from_inside(call: Call, tmp_path: Path) -> None:
    call(f"publish {site(tmp_path)}")

    report = document(call("versions shop --target static --output . --json", tmp_path / "site"))

    assert report["latestVersion"] == "1.0.0"


def test_a_dry_run_of_publish_says_what_changes_by_screen(call: Call, program: Path) -> None:
    call("publish")
    write_program(program, version="1.1.0", text="Changed")

    code, out, _ = call("publish --dry-run")

    assert code == 0
    assert out.splitlines()[1:6] == [
        "Changes since 1.0.0, which is served now:",
        "  manifest changed",
        '      version: "1.0.0" -> "1.1.0"',
        "  screen shop_home changed",
        '      data: "Welcome" -> "Changed"',
    ]
    changes = document(call("publish --dry-run --json"))["changes"]
    assert [(each["name"], each["change"]) for each in changes["screens"]] == [("shop_home", "changed")]


def test_publish_says_when_the_version_was_published(call: Call, tmp_path: Path) -> None:
    assert document(call(f"publish {site(tmp_path)} --dry-run --json"))["publishedAtUtc"] is None
    first = document(call(f"publish {site(tmp_path)} --json"))["publishedAtUtc"]
    path = tmp_path / "site/metadata/releases/shop/1.0.0.json"
    path.write_text(path.read_text().replace(first, "2020-01-01T00:00:00.000Z"))

    for again in ("--json", "--dry-run --json"):
        assert document(call(f"publish {site(tmp_path)} {again}"))["publishedAtUtc"] == "2020-01-01T00:00:00.000Z"


def test_publishing_an_older_version_again_says_how_to_go_back(call: Call, program: Path) -> None:
    call("publish")
    call("version major")
    call("publish")
    call("version set 1.0.0")

    _, out, _ = call("publish")

    assert "shop 2.0.0 stays the latest; it is higher. `miniprogram rollback 1.0.0` with the same target" in out


@pytest.mark.parametrize("line", ["versions --clean", "versions --verify", "rollback 1.0.0 --allow-dirty"])
def test_options_that_only_publishing_has_are_refused(call: Call, line: str) -> None:
    code, out, err = call(line)

    assert (code, out) == (64, "")
    assert f"there is no option {line.rsplit(maxsplit=1)[-1]}" in err


@pytest.mark.parametrize("line", ["versions", "rollback 1.0.0"])
def test_a_target_that_cannot_do_it_says_so(call: Call, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = TargetSpec("memory", "a test", lambda: LocalSettings, lambda *_: MemoryTarget())
    with _also(monkeypatch, spec):
        code, out, err = call(f"{line} --target memory")

    assert (code, out) == (64, "")
    assert "the target 'memory' cannot list versions or go back to one" in err


@contextmanager
def _also(monkeypatch: pytest.MonkeyPatch, spec: TargetSpec[Any]) -> Iterator[None]:
    found = Registry.target
    with monkeypatch.context() as patch:
        patch.setattr(Registry, "target", lambda self, name: spec if name == spec.name else found(self, name))
        yield


@pytest.mark.parametrize(
    ("line", "culprit"),
    [
        ("rollback", "the version to go to is required"),
        ("rollback latest", "'latest' is not a semantic version"),
        ("rollback 1.0.0 ../x", "mini-program id"),
        ("version set", "the version to set is required"),
        ("version set 1.0", "'1.0' is not a semantic version"),
        ("version set 1.0.0+x", "build metadata"),
        ("version", "needs a subcommand"),
    ],
)
def test_what_is_wrong_is_named(call: Call, line: str, culprit: str) -> None:
    code, out, err = call(line)

    assert (code, out) == (64, "")
    assert culprit in err


@pytest.mark.parametrize(
    ("part", "before", "after"),
    [
        ("patch", "1.2.3", "1.2.4"),
        ("minor", "1.2.3", "1.3.0"),
        ("major", "1.2.3", "2.0.0"),
        ("patch", "1.3.0-rc.1", "1.3.0"),
        ("minor", "1.3.0-rc.1", "1.3.0"),
        ("major", "1.3.0-rc.1", "2.0.0"),
    ],
)
def test_counting_up(call: Call, program: Path, part: str, before: str, after: str) -> None:
    call(f"version set {before}")

    report = document(call(f"version {part} --json"))

    assert (report["previousVersion"], report["version"]) == (before, after)
    assert document(call("version show --json"))["version"] == after


@pytest.mark.parametrize(
    "text",
    [
        '{"version": "1.0.0", "id": "shop"}',
        '\ufeff{\r\n\t"id" : "shop",\r\n\t"nested": {"version": "9.9.9"},\r\n\t"version"\t:\t"1.0.0"\r\n}\r\n',
        '{"a": ["version", "1.0.0"], "title": "\\u00e9 \\"version\\": \\"1.0.0\\"", "id": "shop", '
        '"version": "1.0.0", "z": null}',
    ],
)
def test_nothing_but_the_version_changes_in_the_file(call: Call, program: Path, text: str) -> None:
    path = program / "manifest.json"
    path.write_bytes(text.encode())
    path.chmod(0o640)

    assert call("version set 2.0.0")[0] == 0

    head, _, tail = text.rpartition('"1.0.0"')
    assert path.read_bytes() == f'{head}"2.0.0"{tail}'.encode()
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_manifest_that_is_a_link_stays_one(call: Call, program: Path, tmp_path: Path) -> None:
    real = (program / "manifest.json").rename(tmp_path / "shared.json")
    (program / "manifest.json").symlink_to(real)

    call("version patch")

    assert (program / "manifest.json").is_symlink()
    assert json.loads(real.read_text())["version"] == "1.0.1"


@pytest.mark.parametrize("version", ["null", "1", '"one"'])
def test_a_version_that_cannot_be_counted_up_from_is_named(call: Call, program: Path, version: str) -> None:
    (program / "manifest.json").write_text(f'{{"id": "shop", "version": {version}}}')

    code, out, err = call("version patch")

    assert (code, out) == (1, "")
    assert "version" in err
