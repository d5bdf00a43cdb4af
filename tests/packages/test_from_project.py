"""From a built mini-program to a bundle, and everything that is refused on the way."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from miniprogram.errors import MiniProgramError
from miniprogram.packages import limits
from miniprogram.packages.from_project import make_bundle, read_bundle
from miniprogram.testing import PNG, sample_manifest, sample_screens


@pytest.fixture
def program(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    screens = root / "stac" / ".build" / "screens"
    screens.mkdir(parents=True)
    (root / "manifest.json").write_text(json.dumps(sample_manifest()) + "\n")
    for name, node in sample_screens().items():
        (screens / f"{name}.json").write_text(json.dumps(node))
    return root


def built(root: Path) -> Path:
    return root / "stac" / ".build"


def write(path: Path, body: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return path


def test_manifest_screens_and_assets_go_in_as_they_are(program: Path) -> None:
    write(program / "assets" / "img" / "logo@2x.png", PNG)
    write(program / "assets" / "B.txt", b"b")

    bundle = read_bundle(program, built(program))

    assert [file.path for file in bundle.files] == [
        "assets/B.txt",
        "assets/img/logo@2x.png",
        "manifest.json",
        "screens/shop_details.json",
        "screens/shop_home.json",
    ]
    assert bundle.manifest_file.body == (program / "manifest.json").read_bytes()
    assert bundle.assets[1].body == PNG


def test_the_digest_depends_on_bytes_and_paths_alone(program: Path, tmp_path: Path) -> None:
    write(program / "assets" / "a.txt")
    first = read_bundle(program, built(program)).digest
    os.utime(program / "assets" / "a.txt", (1, 1))
    (program / "assets" / "a.txt").chmod(0o600)
    moved = program.rename(tmp_path / "elsewhere")

    assert read_bundle(moved, built(moved)).digest == first

    write(moved / "assets" / "a.txt", b"y")
    assert read_bundle(moved, built(moved)).digest != first


def test_a_name_is_the_same_however_it_is_composed(program: Path) -> None:
    write(program / "assets" / "cafe\u0301.png")

    assert [file.path for file in read_bundle(program, built(program)).assets] == ["assets/caf\u00e9.png"]


def test_hidden_files_stay_at_home(program: Path) -> None:
    write(program / "assets" / ".DS_Store")
    write(program / "assets" / ".secret" / "key")
    write(built(program) / "screens" / ".shop_home.json.swp")

    bundle = read_bundle(program, built(program))

    assert bundle.assets == ()
    assert bundle.notes == ()


def test_a_symlink_inside_is_left_out_with_a_note(program: Path) -> None:
    write(program / "assets" / "real.png")
    (program / "assets" / "alias.png").symlink_to("real.png")
    (program / "assets" / "folder").symlink_to(program / "stac")

    bundle = read_bundle(program, built(program))

    assert [file.path for file in bundle.assets] == ["assets/real.png"]
    assert [note.split()[0] for note in bundle.notes] == ["assets/alias.png", "assets/folder"]


def change(**members: object) -> Callable[[Path], object]:
    return lambda root: (root / "manifest.json").write_text(json.dumps(sample_manifest(**members)))  # type: ignore[arg-type]


def screen(name: str, body: bytes) -> Callable[[Path], object]:
    return lambda root: write(built(root) / "screens" / name, body)


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "no manifest": (lambda root: (root / "manifest.json").unlink(), "manifest.json does not exist"),
    "manifest not UTF-8": (lambda root: write(root / "manifest.json", b'{"id": "\xff"}'), "not UTF-8"),
    "manifest a list": (lambda root: write(root / "manifest.json", b"[]"), "manifest.json"),
    "manifest with a key twice": (
        lambda root: write(root / "manifest.json", b'{"id":"a","id":"b"}'),
        "'id' stands twice",
    ),
    "id": (change(program_id="../shop"), "id '../shop'"),
    "id with a blank": (change(program_id="my shop"), "id 'my shop'"),
    "version": (change(version="1.0"), "version '1.0' is not a semantic version"),
    "version with a newline": (change(version="1.0.0\n"), "not a semantic version"),
    "build metadata": (change(version="1.0.0+5"), "build metadata"),
    "entry": (change(entry="nowhere"), "entry 'nowhere' is not a built screen"),
    "no build": (lambda root: built(root).rename(root / "gone"), "does not exist"),
    "no screens": (
        lambda root: [file.unlink() for file in (built(root) / "screens").iterdir()],
        "no built screens",
    ),
    "screen not JSON": (screen("bad.json", b"{"), "screens/bad.json is not JSON"),
    "screen a list": (screen("bad.json", b"[1]"), "screens/bad.json must hold a JSON object"),
    "screen empty": (screen("bad.json", b"{}"), "screens/bad.json is empty"),
    "screen not UTF-8": (screen("bad.json", b'{"a": "\xff"}'), "screens/bad.json is not UTF-8"),
    "screen with a key twice": (screen("bad.json", b'{"a":1,"a":2}'), "stands twice"),
    "screen with NaN": (screen("bad.json", b'{"a":NaN}'), "NaN"),
    "screen nested too deeply": (screen("bad.json", b'{"a":' * 100_000), "screens/bad.json"),
    "screen name": (screen("bad name.json", b'{"type":"text"}'), "the screen 'bad name'"),
    "screen too large": (screen("bad.json", b" " * (limits.MAX_SCREEN_BYTES + 1)), "bad.json is larger than"),
    "link out": (
        lambda root: (write(root / "assets" / "a"), (root / "assets" / "out").symlink_to("/etc/hostname")),
        "assets/out is a symlink that leads out",
    ),
    "link out by folder": (
        lambda root: (write(root / "assets" / "a"), (root / "assets" / "up").symlink_to(root.parent)),
        "assets/up is a symlink that leads out",
    ),
    "assets a link": (lambda root: (root / "assets").symlink_to(root / "stac"), "is a symlink"),
    "screen a link": (
        lambda root: (built(root) / "screens" / "link.json").symlink_to(root / "manifest.json"),
        "link.json is a symlink",
    ),
    "asset name": (lambda root: write(root / "assets" / "a\nb.png"), "cannot be part of a URL"),
    "asset name with a backslash": (lambda root: write(root / "assets" / "a\\b.png"), "cannot be part of a URL"),
    "asset name not UTF-8": (lambda root: write(root / "assets" / os.fsdecode(b"\xff.png")), "is not UTF-8"),
    "names that differ in case": (
        lambda root: (write(root / "assets" / "a.png"), write(root / "assets" / "A.png")),
        "differ only in case",
    ),
}


@pytest.mark.parametrize(("spoil", "culprit"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_delivered_is_refused_by_name(
    program: Path, spoil: Callable[[Path], object], culprit: str
) -> None:
    spoil(program)

    with pytest.raises(MiniProgramError) as caught:
        read_bundle(program, built(program))
    assert culprit in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(program: Path) -> None:
    film = write(program / "assets" / "film.mp4")
    os.truncate(film, limits.MAX_ASSET_BYTES + 1)

    with pytest.raises(MiniProgramError, match=r"assets/film\.mp4 has \d+ bytes"):
        read_bundle(program, built(program))


@pytest.mark.parametrize(("limit", "value"), [("MAX_FILES", 3), ("MAX_BUNDLE_BYTES", 600)])
def test_the_whole_is_limited_too(program: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int) -> None:
    monkeypatch.setattr(limits, limit, value)
    write(program / "assets" / "a.txt", b"x" * 400)

    with pytest.raises(MiniProgramError, match=r"with \S+ the mini-program"):
        read_bundle(program, built(program))


def test_screens_can_be_given_as_bytes(program: Path) -> None:
    screens = {name: json.dumps(node).encode() for name, node in sample_screens().items()}

    assert make_bundle(program, screens).digest == read_bundle(program, built(program)).digest
