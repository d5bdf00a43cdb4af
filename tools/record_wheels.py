"""Prints the wheels behind lock files, as `sha256 file name`: the hashes in a lock do not tell what a wheel fits.

Usage: record_wheels.py UV LOCK... (part of `make lock`; asks the package index)
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

# Interpreters and systems the project makes no promise about: left out, so that the record stays readable.
OTHERS = re.compile(
    r"^(?!.*manylinux).*musllinux|i686|-win32|win_arm64|armv7|ppc64|s390x|riscv64|loongarch64|android|ios_|pyodide|graalpy"
    r"|-pp3|-cp3(\d|10)-cp3\d|-cp31\dt-|-cp31\d-cp31\dt-|-cp31[4-9]-cp31"
)


def main() -> None:
    uv, *locks = sys.argv[1:]
    print("# The wheels the lock files admit: sha256, file name. Written by `make lock`.")
    for line in sorted({line for lock in locks for line in wheels(uv, lock)}, key=lambda line: line.split()[::-1]):
        print(line)


def wheels(uv: str, lock: str) -> Iterator[str]:
    options = ["--quiet", "--universal", "--python-version", "3.11", "--no-deps", "--format", "pylock.toml"]
    done = subprocess.run(
        [uv, "--no-config", "pip", "compile", *options, lock], check=True, capture_output=True, text=True
    )
    for package in tomllib.loads(done.stdout)["packages"]:
        for wheel in package.get("wheels", ()):
            name = wheel.get("name") or unquote(PurePosixPath(urlsplit(wheel["url"]).path).name)
            if not OTHERS.search(name):
                yield f"{wheel['hashes']['sha256']} {name}"


if __name__ == "__main__":
    main()
