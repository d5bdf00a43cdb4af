"""The lines of a file around a mistake, as people see them in a terminal or an overlay."""

from __future__ import annotations

from pathlib import Path

AROUND = 2
MOST_BYTES = 2_000_000
MOST_COLUMNS = 200


def code_frame(file: Path, line: int | None, column: int | None = None) -> str | None:
    """Numbered lines around `line`, with a mark below `column`; None when the file cannot be shown.

      11 |   return ui.column([
    > 12 |     ui.txt("Hello"),
         |        ^
      13 |   ])
    """
    if line is None or line < 1:
        return None
    try:
        if file.stat().st_size > MOST_BYTES:
            return None
        lines = file.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return None
    first, last = max(1, line - AROUND), min(len(lines), line + AROUND)
    if line > len(lines):
        return None
    width = len(str(last))
    shown: list[str] = []
    for number in range(first, last + 1):
        text = lines[number - 1].expandtabs(4)
        shown.append(f"{'>' if number == line else ' '} {number:>{width}} | {text[:MOST_COLUMNS]}".rstrip())
        if number == line and column is not None and 1 <= column <= min(len(lines[number - 1]) + 1, MOST_COLUMNS):
            indent = len(lines[number - 1][: column - 1].expandtabs(4))
            shown.append(f"  {'':>{width}} | {'':{indent}}^")
    return "\n".join(shown)
