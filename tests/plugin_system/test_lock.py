"""The lock: what is not exactly as it was locked does not run, and is not even imported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.process

Call = Callable[..., tuple[int, str, str]]


class Site:
    """A folder of installed distributions, and commands that run with it."""

    def __init__(self, root: Path) -> None:
        self.root, self.folder = root, root / "site"
        self.folder.mkdir()
        (root / "work").mkdir()

    def install(self, name: str, version: str = "1.0", code: str = "") -> None:
        for old in self.folder.glob(f"{name}-*.dist-info"):
            for file in old.iterdir():
                file.unlink()
            old.rmdir()
        info = self.folder / f"{name}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\n")
        (info / "entry_points.txt").write_text(f"[miniprogram]\n{name} = {name}_hooks\n")
        head = "MINIPROGRAM_HOOK_API = '>=1.0.0 <2.0.0'\n"
        (self.folder / f"{name}_hooks.py").write_text(
            f"{head}{code}open({str(self.root / 'ran')!r}, 'a').close()\n"
        )

    def remove(self, name: str) -> None:
        self.install(name)
        for file in (*self.folder.glob(f"{name}-*.dist-info/*"), self.folder / f"{name}_hooks.py"):
            file.unlink()

    def run(
        self, *argv: str, module: bool = False, cwd: Path | None = None, **environ: str
    ) -> tuple[int, str, str]:
        (self.root / "ran").unlink(missing_ok=True)
        start = ["-m", "miniprogram"] if module else ["-P", "-m", "miniprogram"]
        done = subprocess.run(
            [sys.executable, *start, *argv],
            cwd=cwd or self.root / "work",
            env={**os.environ, "HOME": str(self.root), "PYTHONPATH": str(self.folder), **environ},
            capture_output=True,
            encoding="utf-8",
            timeout=100,
        )
        return done.returncode, done.stdout, done.stderr

    @property
    def ran(self) -> bool:
        """Whether the last command imported a plugin of this site."""
        return (self.root / "ran").exists()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(tmp_path)
    made.install("guest")
    assert made.run("plugins", "lock")[0] == 0
    return made


LOCKED = [
    (["--locked", "plugins", "list"], {}),
    (["plugins", "list", "--locked"], {}),
    (["--verbose", "--locked", "plugins", "list"], {}),
    (["plugins", "list"], {"MINIPROGRAM_LOCKED": "1"}),
    (["plugins", "list"], {"MINIPROGRAM_LOCKED": "oui"}),
]


@pytest.mark.parametrize(("argv", "environ"), LOCKED, ids=["first", "last", "second", "variable", "another word"])
def test_what_is_as_it_was_locked_runs(site: Site, argv: list[str], environ: dict[str, str]) -> None:
    code, out, _ = site.run(*argv, **environ)

    assert code == 0
    assert "guest (guest 1.0): loaded" in out


DRIFT = {
    "a changed byte": (
        lambda site: site.install("guest", code="x = 1\n"),
        "the files of guest 1.0 are not the locked",
    ),
    "another version": (lambda site: site.install("guest", "1.1"), "guest 1.0 is locked, and 1.1 is installed"),
    "one more": (lambda site: site.install("more"), "more 1.0 is installed, and it is not locked"),
    "one less": (lambda site: site.remove("guest"), "guest 1.0 is locked, and it is not installed"),
}


@pytest.mark.parametrize(("change", "said"), DRIFT.values(), ids=DRIFT)
@pytest.mark.parametrize(("argv", "environ"), LOCKED[:2] + LOCKED[3:4], ids=["first", "last", "variable"])
def test_what_differs_is_refused_before_it_is_imported(
    site: Site, change: Callable[[Site], None], said: str, argv: list[str], environ: dict[str, str]
) -> None:
    change(site)

    code, out, err = site.run(*argv, **environ)

    assert (code, out, site.ran) == (1, "", False)
    assert said in err
    assert "plugins lock" in err


def test_without_a_lock_locked_refuses(site: Site, tmp_path: Path) -> None:
    (tmp_path / "work" / "miniprogram.lock").unlink()

    code, _, err = site.run("--locked", "env", "list")

    assert code == 1
    assert "--locked needs a miniprogram.lock" in err


def test_what_pins_exclude_need_not_be_locked(site: Site) -> None:
    site.install("more")
    (site.root / "work" / "miniprogram.toml").write_text('[plugins]\nguest = "*"\n')

    assert site.run("plugins", "lock", "--json")[0] == 0
    assert site.run("--locked", "plugins", "list")[0] == 0


def test_locking_twice_changes_nothing_and_check_writes_nothing(site: Site) -> None:
    path = site.root / "work" / "miniprogram.lock"
    before = path.read_bytes()

    assert json.loads(site.run("plugins", "lock", "--json")[1])["changed"] is False
    site.install("guest", code="x = 1\n")
    assert site.run("plugins", "lock", "--check")[0] == 1
    assert path.read_bytes() == before


def test_the_current_folder_brings_no_plugin(site: Site, tmp_path: Path) -> None:
    site.install("guest")
    checkout = tmp_path / "checkout"
    site.folder.rename(checkout)
    site.folder.mkdir()

    code, out, _ = site.run("plugins", "list", module=True, cwd=checkout)

    assert (code, site.ran) == (0, False)
    assert "guest" not in out


def test_the_lock_says_for_which_hook_api_each_was_written(site: Site) -> None:
    site.install("acme")
    site.install("older", code="MINIPROGRAM_HOOK_API = '>=0.9.0'\n")

    code, out, _ = site.run("plugins", "lock", "--json")

    ranges = {row["name"]: row["hookApi"] for row in json.loads(out)["distributions"]}
    assert code == 0
    named = ("miniprogram", "acme", "older", "miniprogram-aws")
    assert [ranges[name] for name in named] == ["1.0.0", ">=1.0.0 <2.0.0", ">=0.9.0", ">=1.0.0 <2.0.0"]
    assert 'hook-api = ">=1.0.0 <2.0.0"' in (site.root / "work" / "miniprogram.lock").read_text()
    assert not (site.root / "ran").exists(), "it is read, not imported"
