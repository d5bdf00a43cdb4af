"""Discovery gives the answer of importlib.metadata: same entries, same order, same winner."""

import zipfile
from collections.abc import Callable
from importlib.metadata import Distribution, DistributionFinder, distributions, entry_points
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniprogram.plugins.installed.discovery import PluginEntry, find_entries, normalized, parse_entries

HOOKS = "[miniprogram]\n{name} = {module}.hooks\n"


def by_metadata(path: list[str]) -> list[tuple[str, str, str, str]]:
    """Name, module, distribution and version of each entry, as importlib.metadata finds them on `path`."""
    found = []
    seen: set[str] = set()
    for distribution in distributions(path=path):
        name = normalized(distribution.metadata["Name"])
        if name in seen:
            continue
        seen.add(name)
        for entry in distribution.entry_points:
            if entry.group == "miniprogram":
                found.append((entry.name, entry.module, distribution.metadata["Name"], distribution.version))
    return found


def ours(path: list[str]) -> list[tuple[str, str, str, str]]:
    return [(entry.name, entry.module, entry.distribution, entry.version) for entry in find_entries(path)]


def test_installed_plugins_are_those_of_importlib_metadata() -> None:
    expected = [(each.name, each.value) for each in entry_points(group="miniprogram")]

    assert [(each.name, each.module) for each in find_entries()] == expected
    assert {"static", "github-pages", "server", "flutter"} <= {name for name, _ in expected}


def test_the_first_of_two_path_entries_wins(install: Callable[..., Path], tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    install("demo", "1.0", entry_points=HOOKS.format(name="demo", module="one"), into=first)
    install("demo", "2.0", entry_points=HOOKS.format(name="demo", module="two"), into=second)
    install("other", entry_points=HOOKS.format(name="other", module="other"), into=second)

    for path in ([str(first), str(second)], [str(second), str(first)]):
        assert ours(path) == by_metadata(path)


@pytest.mark.parametrize(
    ("name", "info"),
    [
        ("mini-demo", "mini_demo-1.0.dist-info"),
        ("mini.demo", "mini.demo-1.0.dist-info"),
        ("Mini_Demo", "Mini_Demo-1.0.dist-info"),
        ("demo", "demo-1.0-py3.11.egg-info"),
        ("demo", "demo.egg-info"),
        ("demo", "demo-1.0+local.1.dist-info"),
        ("demo-ünï", "demo_ünï-1.0.dist-info"),
    ],
    ids=["dash", "dot", "capitals", "egg", "develop", "local-version", "not-ascii"],
)
def test_names_of_metadata_folders(install: Callable[..., Path], site: Path, name: str, info: str) -> None:
    install(name, "1.0", info=info, entry_points=HOOKS.format(name="x", module="m"))

    assert ours([str(site)]) == by_metadata([str(site)]) == [("x", "m.hooks", name, "1.0")]


def test_spellings_of_one_name_are_one_distribution(install: Callable[..., Path], tmp_path: Path) -> None:
    path = [str(tmp_path / part) for part in "abc"]
    for folder, name in zip(path, ["Mini.Demo", "mini--demo", "mini_demo"], strict=True):
        info = f"{name.replace('--', '_')}-1.0.dist-info"
        install(name, info=info, entry_points=HOOKS.format(name="x", module=Path(folder).name), into=Path(folder))

    assert ours(path) == by_metadata(path)
    assert [entry.module for entry in find_entries(path)] == ["a.hooks"]


def test_one_without_entry_points_hides_a_later_one(install: Callable[..., Path], tmp_path: Path) -> None:
    install("demo", into=tmp_path / "a")
    install("demo", entry_points=HOOKS.format(name="x", module="m"), into=tmp_path / "b")
    path = [str(tmp_path / "a"), str(tmp_path / "b")]

    assert ours(path) == by_metadata(path) == []


@pytest.mark.parametrize(
    "text",
    [
        "[miniprogram]\na = m\nb=n.o\n",
        "[miniprogram]\n# a = x\n\n  a =  m  \n; b\n",
        "[other]\na = m\n[miniprogram]\nb = n\n[more]\nc = o\n",
        "[miniprogram]\na = m:hooks\n",
        "[miniprogram]\na = m [extra]\nb = m:hooks.inner [x,y]\n",
        "[ miniprogram ]\na = m\n",
        "[miniprograms]\na = m\n",
        "\ufeff[miniprogram]\na = m\n",
        "[miniprogram]\r\na = m\r\n",
        "[miniprogram]\na = m\n[miniprogram]\nb = n\n",
        "a = m\n[miniprogram]\n",
        "",
    ],
    ids=[
        "plain",
        "comments",
        "groups",
        "attribute",
        "extras",
        "blanks",
        "prefix",
        "bom",
        "crlf",
        "twice",
        "before",
        "empty",
    ],
)
def test_forms_of_entry_points(install: Callable[..., Path], site: Path, text: str) -> None:
    lines = text.replace("; b\n", "")  # importlib.metadata stumbles over a line that is no pair
    install("demo", entry_points=lines.encode())

    expected = [
        (each.name, each.module, each.attr or "")
        for distribution in distributions(path=[str(site)])
        for each in distribution.entry_points
        if each.group == "miniprogram"
    ]
    assert [(each.name, each.module, each.attribute) for each in find_entries([str(site)])] == expected


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (b"[miniprogram]\na = m\nno pair here\nb = n\n", ["a", "b"]),
        (b"[miniprogram]\n\xff\xfe = m\na = m\n", ["\ufffd\ufffd", "a"]),
        (b"\xff\xfe[\x00m\x00", []),
    ],
    ids=["no-pair", "not-utf-8", "utf-16"],
)
def test_what_importlib_metadata_stumbles_over_harms_nobody(
    install: Callable[..., Path], site: Path, body: bytes, names: list[str]
) -> None:
    install("demo", entry_points=body)

    assert [entry.name for entry in find_entries([str(site)])] == names


def test_missing_and_odd_places_are_passed_over(install: Callable[..., Path], site: Path, tmp_path: Path) -> None:
    install("demo", entry_points=HOOKS.format(name="x", module="m"), metadata=False)
    (site / "nothing-1.0.dist-info").write_text("a file")
    (site / "folder-1.0.dist-info" / "entry_points.txt").mkdir(parents=True)
    (tmp_path / "file.txt").write_text("no folder")
    path = [str(tmp_path / "absent"), str(tmp_path / "file.txt"), "a\0b", str(site)]

    assert find_entries(path) == [PluginEntry("x", "m.hooks", "demo", "1.0")]


def test_an_unreadable_file_is_passed_over(
    install: Callable[..., Path], site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install("demo", entry_points=HOOKS.format(name="x", module="m"))
    install("other", entry_points=HOOKS.format(name="y", module="n"))
    from miniprogram.plugins.installed import discovery

    opened = discovery.os.open

    def refuse(path: str, *rest: int) -> int:
        if "demo-1.0" in path:
            raise PermissionError(13, "Permission denied", path)
        return opened(path, *rest)

    monkeypatch.setattr(discovery.os, "open", refuse)

    assert [entry.name for entry in find_entries([str(site)])] == ["y"]


def test_archives_are_left_to_importlib_metadata(tmp_path: Path) -> None:
    archive = tmp_path / "bundle.zip"
    with zipfile.ZipFile(archive, "w") as bundle:
        bundle.writestr("demo-1.0.dist-info/METADATA", "Name: demo\nVersion: 1.0\n")
        bundle.writestr("demo-1.0.dist-info/entry_points.txt", HOOKS.format(name="x", module="m"))

    assert ours([str(archive)]) == by_metadata([str(archive)]) == [("x", "m.hooks", "demo", "1.0")]


def test_eggs_are_left_to_importlib_metadata(tmp_path: Path) -> None:
    info = tmp_path / "demo-1.0-py3.11.egg" / "EGG-INFO"
    info.mkdir(parents=True)
    (info / "PKG-INFO").write_text("Name: demo\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(HOOKS.format(name="x", module="m"))
    path = [str(info.parent)]

    assert ours(path) == by_metadata(path) == [("x", "m.hooks", "demo", "1.0")]


class MemoryDistribution(Distribution):
    def read_text(self, filename: str) -> str | None:
        texts = {
            "METADATA": "Name: demo-memory\nVersion: 3.0\n",
            "entry_points.txt": HOOKS.format(name="x", module="m"),
        }
        return texts.get(filename)

    def locate_file(self, path: object) -> Path:
        return Path(str(path))


class MemoryFinder(DistributionFinder):
    def find_spec(self, *_: object) -> None:
        return None

    def find_distributions(self, context: object = None) -> list[Distribution]:
        return [MemoryDistribution()]


class BrokenFinder(MemoryFinder):
    def find_distributions(self, context: object = None) -> list[Distribution]:
        raise RuntimeError("no")


def test_other_finders_are_asked_in_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setattr(sys, "meta_path", [MemoryFinder(), BrokenFinder(), *sys.meta_path])

    first, *rest = find_entries()

    assert first == PluginEntry("x", "m.hooks", "demo-memory", "3.0")
    assert "static" in {entry.name for entry in rest}


@given(st.text(max_size=200), st.text(st.characters(codec="utf-8"), max_size=30))
def test_any_text_parses(before: str, name: str) -> None:
    for entry in parse_entries(f"{before}\n[miniprogram]\n{name} = m", "demo", "1"):
        assert isinstance(entry, PluginEntry)
