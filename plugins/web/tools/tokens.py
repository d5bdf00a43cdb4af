"""Writes `runtime/theme/tokens.js` out of `theme.json`: `python tokens.py`."""

from __future__ import annotations

import json
from pathlib import Path

HERE = Path(__file__).parent
TOKENS = HERE.parent / "src" / "miniprogram_web" / "runtime" / "theme" / "tokens.js"
HEAD = "/** Colors of the theme, made from tools/theme.json by tools/tokens.py. */\n"


def module(document: dict[str, dict[str, str]]) -> str:
    """JavaScript with one frozen object a scheme; colors in CSS order (#RRGGBBAA)."""
    schemes = {name: value for name, value in document.items() if name != "about"}
    parts = [
        f"/** @type {{Readonly<Record<string, string>>}} */\nexport const {constant(name)} = Object.freeze({{\n"
        + "".join(f"  {key}: '{css(color)}',\n" for key, color in scheme.items())
        + "});\n"
        for name, scheme in schemes.items()
    ]
    return "\n".join([HEAD, *parts])


def constant(name: str) -> str:
    return "".join(f"_{char}" if char.isupper() else char.upper() for char in name)


def css(color: str) -> str:
    return f"#{color[3:]}{color[1:3]}" if len(color) == 9 else color


if __name__ == "__main__":
    TOKENS.write_text(module(json.loads((HERE / "theme.json").read_text("utf-8"))), "utf-8")
