"""Distributions made of a few text files, as if they were installed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from miniprogram.testing import write_program

MakeDistribution = Callable[..., Path]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder that stands for `site-packages`."""
    folder = tmp_path / "site"
    folder.mkdir()
    return folder


@pytest.fixture
def install(site: Path) -> MakeDistribution:
    """`install(name, version, entry_points=…, code={module: source})` puts a distribution into `site`."""

    def make(
        name: str,
        version: str = "1.0",
        *,
        entry_points: str | bytes | None = None,
        code: dict[str, str] | None = None,
        info: str | None = None,
        into: Path | None = None,
        metadata: bool = True,
    ) -> Path:
        folder = (into or site) / (info or f"{name}-{version}.dist-info")
        folder.mkdir(parents=True)
        if metadata:
            record = "PKG-INFO" if folder.suffix == ".egg-info" else "METADATA"
            (folder / record).write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\nText\n")
        if entry_points is not None:
            body = entry_points if isinstance(entry_points, bytes) else entry_points.encode()
            (folder / "entry_points.txt").write_bytes(body)
        for module, source in (code or {}).items():
            ((into or site) / f"{module}.py").write_text(source)
        return folder

    return make


@pytest.fixture
def work(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    write_program(tmp_path / "shop")
    return tmp_path
