"""What a terminal shows of the command line, kept as text: `pages/NAME-COLUMNS.txt` beside this file.

`python tests/cli/terminal/shown.py` writes the pages anew; look at them before they are committed.
"""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import tempfile
from pathlib import Path

PAGES = Path(__file__).with_name("pages")
WIDTHS = (40, 80, 200)
LINES = {
    "start": "",
    "everything": "help --all",
    "group": "release testers --help",
    "command": "version set --help",
    "settings": "versions --help",
    "settings-of-one": "versions --target static --help",
    "unknown-command": "publsh",
    "unknown-option": "version set --versoin 1",
    "unknown-value": "completion tcsh",
}
ON_ITS_TERMINAL = """
import os, sys
os.close(os.open(os.ttyname(0), os.O_RDWR))  # of a new session: Ctrl-C is a signal from now on
os.execv(sys.executable, [sys.executable, "-m", "miniprogram", *sys.argv[1:]])
"""
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
WORLD = {"TERM": "xterm-256color", "MINIPROGRAM_PLUGINS": "static", "PATH": "/usr/bin:/bin"}
"""With one plugin, so that a page does not change with options of others."""


def show(
    words: list[str], folder: Path, columns: int = 80, until: str | None = None, **environ: str
) -> tuple[int, str]:
    """Run the command line on a terminal of its own. Its exit code, and all that it wrote, colours and all.

    With `until`, Ctrl-C is typed as soon as that was written.
    """
    us, them = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", ON_ITS_TERMINAL, *words],
        cwd=folder,
        env={**WORLD, "HOME": str(folder), "COLUMNS": str(columns), **environ},
        stdin=them,
        stdout=them,
        stderr=them,
        start_new_session=True,
    )
    os.close(them)
    written = ""
    while True:
        if not select.select([us], [], [], 60)[0]:
            process.kill()
            raise TimeoutError(written)
        try:
            part = os.read(us, 65536)
        except OSError:  # the other end is closed, as Linux says it
            part = b""
        if not part:
            break
        written += part.decode()
        if until and until in written:
            os.write(us, b"\x03")
            until = None
    os.close(us)
    return process.wait(60), written.replace("\r\n", "\n")


def page(name: str, columns: int, folder: Path) -> str:
    """A page as it is kept: without colours, and with the exit code above."""
    code, text = show(LINES[name].split(), folder, columns)
    return f"[{code}]\n{COLOURS.sub('', text)}"


def main() -> None:
    PAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name in LINES:
            for columns in WIDTHS:
                (PAGES / f"{name}-{columns}.txt").write_text(page(name, columns, Path(folder)))


if __name__ == "__main__":
    main()
