"""Make a bundle of a mini-program that has been built."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from miniprogram.errors import DocumentError, ProjectError
from miniprogram.packages.assets import AssetScan, scan_assets
from miniprogram.packages.bundle import Bundle, BundleFile
from miniprogram.packages.limits import MAX_SCREEN_BYTES, Allowance
from miniprogram.packages.manifest import Manifest
from miniprogram.packages.publishable import check_manifest, check_paths, check_screens
from miniprogram.strict_json import parse_json, parse_model, read_bounded, require_object

MANIFEST = "manifest.json"
SCREEN_SUFFIX = ".json"


def read_bundle(program_root: Path, build_output: Path) -> Bundle:
    """The mini-program at `program_root` with the screens in `build_output/screens`.

    Raises ProjectError or DocumentError, naming the file, for whatever no target could deliver.
    """
    return make_bundle(program_root, dict(_built_screens(build_output / "screens")))


def make_bundle(program_root: Path, screens: Mapping[str, bytes]) -> Bundle:
    """The mini-program at `program_root` with `screens`, built JSON by screen id. Raises like `read_bundle`."""
    path = program_root / MANIFEST
    body = read_bounded(path)
    manifest = parse_model(Manifest, parse_json(body, name=str(path)), name=str(path))
    check_manifest(manifest)
    check_screens(manifest, screens)
    scan = scan_assets(program_root)
    files = [BundleFile.of(MANIFEST, body), *_screen_files(screens), *_asset_files(scan)]
    check_paths(file.path for file in files)
    _check_size(files)
    return Bundle.of(manifest, files, notes=scan.notes)


def _built_screens(folder: Path) -> Iterator[tuple[str, bytes]]:
    if not folder.is_dir():
        raise ProjectError(f"{folder} does not exist", hint="Run `miniprogram build`.")
    for file in sorted(folder.iterdir()):
        if file.name.startswith(".") or file.suffix != SCREEN_SUFFIX or not file.is_file():
            continue
        if file.is_symlink():
            raise ProjectError(f"{file} is a symlink; a built screen is a file")
        yield file.stem, read_bounded(file, max_bytes=MAX_SCREEN_BYTES)


def _screen_files(screens: Mapping[str, bytes]) -> Iterator[BundleFile]:
    for name, body in screens.items():
        path = f"screens/{name}{SCREEN_SUFFIX}"
        if not require_object(parse_json(body, name=path), name=path):
            raise DocumentError(f"{path} is empty: hosts refuse a screen without members")
        yield BundleFile.of(path, body)


def _asset_files(scan: AssetScan) -> Iterator[BundleFile]:
    allowance = Allowance()
    for asset in scan.assets:
        # before reading, so that a folder of films is refused in no time
        allowance.take(asset.path, asset.file.stat().st_size)
    for asset in scan.assets:
        yield BundleFile.of(asset.path, asset.read())


def _check_size(files: list[BundleFile]) -> None:
    allowance = Allowance()
    for file in files:
        allowance.take(file.path, file.size)
