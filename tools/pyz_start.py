# ruff: noqa: PTH100, PTH103, PTH104, PTH112, PTH116, PTH118 - it starts before anything heavy may be imported
"""The start of miniprogram.pyz: unpack what is in it once, and run that alone."""

import os
import shutil
import sys
import tempfile
import zipfile

DIGEST, PYTHON = "@DIGEST@", "@PYTHON@"


def unpacked(archive):
    """The folder with the packages. Unpacked beside it and renamed, so that two runs at once do not meet."""
    user = os.getuid() if hasattr(os, "getuid") else ""
    cache = os.environ.get("MINIPROGRAM_CACHE") or os.path.join(tempfile.gettempdir(), f"miniprogram-{user}")
    folder = os.path.join(cache, DIGEST)
    if os.path.isdir(cache) and hasattr(os, "getuid") and os.stat(cache).st_uid != os.getuid():
        sys.exit(f"{cache} belongs to somebody else; name a folder of yours with MINIPROGRAM_CACHE")
    if not os.path.isdir(folder):
        os.makedirs(cache, mode=0o700, exist_ok=True)
        own = tempfile.mkdtemp(dir=cache)
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(own)
        try:
            os.rename(os.path.join(own, "site"), folder)
        except OSError:
            if not os.path.isdir(folder):
                raise
        finally:
            shutil.rmtree(own, ignore_errors=True)
    return folder


def main():
    if f"{sys.version_info[0]}.{sys.version_info[1]}" != PYTHON:
        sys.exit(f"this file was made for Python {PYTHON}, and this is {sys.version.split()[0]}")
    archive = os.path.abspath(sys.argv[0])
    folder = unpacked(archive)
    others = [each for each in sys.path if "-packages" not in each and os.path.abspath(each or ".") != archive]
    sys.path[:] = [folder, *others]
    os.environ["PYTHONPATH"] = folder  # servers that a command starts run the same packages
    from miniprogram.entry import main as run

    run()


if __name__ == "__main__":
    main()
