"""Pins: where they are read, what they allow, and what is wrong with them."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from miniprogram.errors import MiniProgramError
from miniprogram.plugins.allowed.pins import read_pins
from miniprogram.plugins.installed.discovery import PluginEntry


def entry(name: str, version: str = "1.2.0", distribution: str | None = None) -> PluginEntry:
    return PluginEntry(name, "m", distribution or f"miniprogram-{name}", version)


def test_without_pins_any_plugin_may_load(tmp_path: Path) -> None:
    assert read_pins([str(tmp_path)], {}).refusal(entry("static")) is None


def test_the_nearest_file_upward_counts(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (tmp_path / "miniprogram.toml").write_text('[plugins]\nfar = "*"\n')
    (tmp_path / "a" / "miniprogram.toml").write_text('[plugins]\nstatic = ">=0.1"\n"github-pages" = "*"\n')

    pins = read_pins([str(deep)], {})

    assert pins.source == str(tmp_path / "a" / "miniprogram.toml")
    assert [name for name in ("far", "static", "github-pages") if pins.refusal(entry(name)) is None] == [
        "static",
        "github-pages",
    ]


def test_an_empty_file_pins_nothing(tmp_path: Path) -> None:
    (tmp_path / "miniprogram.toml").write_text("# nothing yet\n")

    assert read_pins([str(tmp_path)], {}).refusal(entry("static")) is None


@pytest.mark.parametrize(
    ("table", "said"),
    [("plugin", "did you mean 'plugins'?"), ("Plugins", "did you mean 'plugins'?"), ("other", "known: plugins")],
)
def test_a_table_nobody_reads_is_refused(tmp_path: Path, table: str, said: str) -> None:
    (tmp_path / "miniprogram.toml").write_text(f'\n[{table}]\nstatic = "*"\n')

    with pytest.raises(MiniProgramError, match=f"line 2: there is no table {table!r} here; .*") as failure:
        read_pins([str(tmp_path)], {})

    assert said in str(failure.value)


@pytest.mark.parametrize("name", ["static", "acme", "miniprogram-acme"])
def test_a_name_that_a_stranger_gave_its_plugin_is_no_name_of_a_pin(tmp_path: Path, name: str) -> None:
    pins = read_pins([str(tmp_path)], {"MINIPROGRAM_PLUGINS": name})
    stranger = entry("static" if name == "static" else "acme", distribution="stranger")

    assert pins.refusal(stranger) == "MINIPROGRAM_PLUGINS does not name stranger"


def test_a_distribution_may_be_called_by_its_own_name(tmp_path: Path) -> None:
    pins = read_pins([str(tmp_path)], {"MINIPROGRAM_PLUGINS": "Acme_Cloud>=1,miniprogram-static"})

    assert pins.refusal(entry("anything", distribution="acme-cloud")) is None
    assert pins.refusal(entry("static")) is None
    assert pins.refusal(entry("server")) is not None


def test_pins_of_several_folders_hold_together(tmp_path: Path) -> None:
    for folder, names in (("here", ("static", "server")), ("shop", ("static", "aws"))):
        (tmp_path / folder).mkdir()
        lines = "".join(f'{name} = "*"\n' for name in names)
        (tmp_path / folder / "miniprogram.toml").write_text(f"[plugins]\n{lines}")

    pins = read_pins([str(tmp_path / "here"), str(tmp_path / "shop")], {})

    assert [name for name in ("static", "server", "aws") if pins.refusal(entry(name)) is None] == ["static"]


def test_the_variable_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "miniprogram.toml").write_text('[plugins]\nstatic = "*"\n')

    pins = read_pins([str(tmp_path)], {"MINIPROGRAM_PLUGINS": "server"})

    assert pins.source == "MINIPROGRAM_PLUGINS"
    assert pins.refusal(entry("server")) is None
    assert pins.refusal(entry("static")) == "MINIPROGRAM_PLUGINS does not name miniprogram-static"


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
    pins = read_pins([str(tmp_path)], {"MINIPROGRAM_PLUGINS": listed})

    assert (pins.refusal(entry("static", version)) is None) is allowed


@pytest.mark.parametrize(
    ("toml", "culprits"),
    [
        (b'[plugins]\nstatic = ">=0.1\n', ["miniprogram.toml", "line 2"]),
        (b"[plugins]\n\nstatic = 1\n", ["miniprogram.toml", "line 3", "static"]),
        (b'[plugins]\na = "*"\nstatic = "newest"\n', ["miniprogram.toml", "line 3", "static", "newest"]),
        (b'\nplugins = "static"\n', ["miniprogram.toml", "line 2", "table"]),
        (b'[plugins]\nstatic = "*"\nstatic = "*"\n', ["miniprogram.toml", "line 3"]),
        (b"\xff", ["miniprogram.toml", "UTF-8"]),
    ],
    ids=["syntax", "type", "range", "table", "twice", "encoding"],
)
def test_a_bad_file_is_named_with_its_line(tmp_path: Path, toml: bytes, culprits: list[str]) -> None:
    (tmp_path / "miniprogram.toml").write_bytes(toml)

    with pytest.raises(MiniProgramError) as failure:
        read_pins([str(tmp_path)], {})

    assert failure.value.exit_code == 1
    assert [culprit for culprit in culprits if culprit not in str(failure.value)] == []


@pytest.mark.parametrize("listed", [">=1", "static>>1", "static=1"], ids=["no-name", "operator", "single-equals"])
def test_a_bad_variable_is_named(tmp_path: Path, listed: str) -> None:
    environ: Mapping[str, str] = {"MINIPROGRAM_PLUGINS": listed}

    with pytest.raises(MiniProgramError, match="MINIPROGRAM_PLUGINS"):
        read_pins([str(tmp_path)], environ)
