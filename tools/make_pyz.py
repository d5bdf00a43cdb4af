"""Put miniprogram, plugins and all they need into one file that Python runs: make_pyz.py UV DIST OUTPUT PLUGIN...

The packages are those of requirements.run.lock, with their hashes, and the wheels in DIST. The file unpacks itself
once, below MINIPROGRAM_CACHE or the temporary folder, and sees no other installed package: what is in it loads.
It runs on the system and the Python version it was made with.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
START = ROOT / "tools" / "pyz_start.py"
EPOCH = (1980, 1, 1, 0, 0, 0)


def main(uv: str, dist: Path, output: Path, plugins: list[str]) -> None:
    """Write `output`."""
    with tempfile.TemporaryDirectory() as name:
        site = Path(name) / "site"
        wanted = ["miniprogram", *(f"miniprogram-{each}" for each in plugins)]
        install = [
            uv,
            "--no-config",
            "pip",
            "install",
            "--quiet",
            "--python",
            sys.executable,
            "--target",
            str(site),
        ]
        chosen = _locked(uv, dist, wanted, Path(name) / "chosen.txt")
        subprocess.run([*install, "--no-deps", "--require-hashes", "-r", str(chosen)], check=True)
        wheels = [_wheel(dist, "miniprogram"), *(_wheel(dist, f"miniprogram-{each}") for each in plugins)]
        subprocess.run([*install, "--no-deps", "--offline", "--no-index", *map(str, wheels)], check=True)
        shutil.rmtree(site / "bin", ignore_errors=True)
        _write(site, output)
    print(f"{output}: {output.stat().st_size // 1024} KiB, with {', '.join(['miniprogram', *plugins])}")


def _locked(uv: str, dist: Path, wanted: list[str], path: Path) -> Path:
    """The rows of the lock that what is wanted needs here, without our own distributions."""
    listed = subprocess.run(
        [
            *(uv, "--no-config", "pip", "compile", "--quiet", "--no-header", "--no-annotate", "--generate-hashes"),
            *("--python", sys.executable, "--find-links", str(dist), "--constraint", "requirements.run.lock", "-"),
        ],
        input="\n".join(wanted),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    rows = listed.replace("\\\n", " ").splitlines()
    path.write_text("\n".join(row for row in rows if not row.startswith("miniprogram")) + "\n")
    return path


def _wheel(dist: Path, distribution: str) -> Path:
    found = sorted(dist.glob(f"{distribution.replace('-', '_')}-*.whl"))
    if not found:
        raise SystemExit(f"{dist} has no wheel of {distribution}: run `make release` first")
    return found[-1]


def _write(site: Path, output: Path) -> None:
    files = sorted(path for path in site.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.relative_to(site).as_posix().encode() + b"\0" + path.read_bytes())
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.open("wb") as stream:
        stream.write(b"#!/usr/bin/env python3\n")
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            start = START.read_text("utf-8").replace("@DIGEST@", digest.hexdigest()[:32])
            start = start.replace("@PYTHON@", f"{sys.version_info[0]}.{sys.version_info[1]}")
            archive.writestr(zipfile.ZipInfo("__main__.py", EPOCH), start, zipfile.ZIP_DEFLATED)
            for path in files:
                info = zipfile.ZipInfo(f"site/{path.relative_to(site).as_posix()}", EPOCH)
                archive.writestr(info, path.read_bytes(), zipfile.ZIP_DEFLATED)
    output.chmod(0o755)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:])
