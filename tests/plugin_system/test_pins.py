"""Pins: where they are read, what they allow, and what is wrong with them."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from miniprogram.errors import MiniProgramError
from miniprogram.plugins.discovery import PluginEntry
from miniprogram.plugins.pins import read_pins


def entry(name: str, version: str = "1.2.0") -> PluginEntry:
    return PluginEntry(name, "m", f"dist-{name}", version)


def test_without_pins_any_plugin_may_load(tmp_path: Path) -> None:
    assert read_pins(str(tmp_path), {}) is None


def test_the_nearest_file_upward_counts(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (tmp_path / "miniprogram.toml").write_text('[plugins]\nfar = "*"\n')
    (tmp_path / "a" / "miniprogram.toml").write_text('[plugins]\nstatic = ">=0.1"\n"github-pages" = "*"\n')

    pins = read_pins(str(deep), {})

    assert pins is not None
    assert pins.source == str(tmp_path / "a" / "miniprogram.toml")
    assert [name for name in ("far", "static", "GitHub_Pages") if pins.refusal(entry(name)) is None] == [
        "static",
        "GitHub_Pages",
    ]


def test_a_file_without_the_table_pins_nothing(tmp_path: Path) -> None:
    (tmp_path / "miniprogram.toml").write_text("[other]\na = 1\n")

    assert read_pins(str(tmp_path), {}) is None


def test_the_variable_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "miniprogram.toml").write_text('[plugins]\nstatic = "*"\n')

    pins = read_pins(str(tmp_path), {"MINIPROGRAM_PLUGINS": "server"})

    assert pins is not None
    assert pins.source == "MINIPROGRAM_PLUGINS"
    assert pins.refusal(entry("server")) is None
    assert pins.refusal(entry("static")) == "MINIPROGRAM_PLUGINS does not name it"


@pytest.mark.parametrize(
    ("listed", "version", "allowed"),
    [
        ("static", "0.0.1", True),
        ("static>=0.1", "1.2.0", True),
        ("static >= 0.1 , < 1", "1.2.0", False),
        ("static>=0.1,<2,server", "1.2.0", True),
        ("server,static==1.*", "1.2.0", True),
        ("static~=1.1", "1.2.0rc1", True),
        ("static>=1", "not a version", False),
        ("", "1.2.0", False),
        (" , ", "1.2.0", False),
    ],
    ids=["any", "range", "two-sided", "joined", "later", "pre-release", "odd-version", "empty", "blanks"],
)
def test_ranges_of_the_variable(tmp_path: Path, listed: str, version: str, allowed: bool) -> None:
    pins = read_pins(str(tmp_path), {"MINIPROGRAM_PLUGINS": listed})

    assert pins is not None
    assert (pins.refusal(entry("static", version)) is None) is allowed


@pytest.mark.parametrize(
    ("toml", "culprits"),
    [
        (b'[plugins]\nstatic = ">=0.1\n', ["miniprogram.toml", "line 2"]),
        (b"[plugins]\n\nstatic = 1\n", ["miniprogram.toml", "line 3", "static"]),
        (b'[plugins]\na = "*"\nstatic = "newest"\n', ["miniprogram.toml", "line 3", "static", "newest"]),
        (b'name = "x"\nplugins = "static"\n', ["miniprogram.toml", "line 2", "table"]),
        (b'[plugins]\nstatic = "*"\nstatic = "*"\n', ["miniprogram.toml", "line 3"]),
        (b"\xff", ["miniprogram.toml", "UTF-8"]),
    ],
    ids=["syntax", "type", "range", "table", "twice", "encoding"],
)
def test_a_bad_file_is_named_with_its_line(tmp_path: Path, toml: bytes, culprits: list[str]) -> None:
    (tmp_path / "miniprogram.toml").write_bytes(toml)

    with pytest.raises(MiniProgramError) as failure:
        read_pins(str(tmp_path), {})

    assert failure.value.exit_code == 1
    assert [culprit for culprit in culprits if culprit not in str(failure.value)] == []


@pytest.mark.parametrize("listed", [">=1", "static>>1", "static=1"], ids=["no-name", "operator", "single-equals"])
def test_a_bad_variable_is_named(tmp_path: Path, listed: str) -> None:
    environ: Mapping[str, str] = {"MINIPROGRAM_PLUGINS": listed}

    with pytest.raises(MiniProgramError, match="MINIPROGRAM_PLUGINS"):
        read_pins(str(tmp_path), environ)
