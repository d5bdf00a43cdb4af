"""Fetch the files of `vendor.toml` again: `python vendor.py`. Needs npm; a file with another hash is not taken.

What is made out of a Python wheel (`registry = "pypi"`) is the business of `icons.py`.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

VENDOR = Path(__file__).parents[1] / "src" / "miniprogram_web" / "vendor"


def fetch(package: str, version: str, into: Path) -> tarfile.TarFile:
    command = ["npm", "pack", "--silent", "--json", "--pack-destination", str(into), f"{package}@{version}"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return tarfile.open(into / json.loads(done.stdout)[0]["filename"])


def take(archive: tarfile.TarFile, member: str, sha256: str, path: Path) -> None:
    source = archive.extractfile(f"package/{member}")
    content = source.read() if source else b""
    if hashlib.sha256(content).hexdigest() != sha256:
        sys.exit(f"{member} has another hash than vendor.toml says: it is not taken")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def main() -> None:
    for file in tomllib.loads((VENDOR / "vendor.toml").read_text("utf-8"))["file"]:
        if file.get("registry") == "pypi":
            continue
        with (
            tempfile.TemporaryDirectory() as folder,
            fetch(file["package"], file["version"], Path(folder)) as archive,
        ):
            take(archive, file["package_path"], file["sha256"], VENDOR / file["path"])
            take(archive, "LICENSE", file["licence_sha256"], VENDOR / file["licence_file"])


if __name__ == "__main__":
    main()
