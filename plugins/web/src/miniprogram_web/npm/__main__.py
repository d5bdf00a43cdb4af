"""`python -m miniprogram_web.npm FOLDER`: write the package, for `npm pack` and `file:` dependencies."""

from __future__ import annotations

import sys
from pathlib import Path

from miniprogram.errors import MiniProgramError
from miniprogram.hosts.file_changes import FileChange, apply_changes
from miniprogram_web.npm.package_files import DIGESTS, package_files


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0].startswith("-"):
        sys.stderr.write("usage: python -m miniprogram_web.npm FOLDER\n")
        return 64
    folder = Path(arguments[0])
    try:
        if folder.is_dir() and any(folder.iterdir()) and not (folder / DIGESTS).is_file():
            raise MiniProgramError(f"{folder} holds other files: name an empty folder")
        apply_changes([FileChange(folder / path, body) for path, body in package_files().items()])
    except (MiniProgramError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"Wrote {folder}: `npm pack {folder}` packs it.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
