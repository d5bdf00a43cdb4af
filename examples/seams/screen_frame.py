"""What draws screens side by side in the console: here a script that shows the texts of a screen, one a line."""

from __future__ import annotations

from miniprogram.plugins.specs import ScreenFrameSpec

SCRIPT = b"""
const told = JSON.parse(document.getElementById('screen').textContent);
const all = (node) => Object.entries(node).flatMap(([name, value]) => (name === 'data' ? [value] : texts(value)));
const texts = (node) => (node && typeof node === 'object' ? all(node) : []);
document.getElementById('root').innerText = texts(told.screen).join('\\n');
document.documentElement.dataset.drawn = 'yes';
"""


class TextFrame:
    """Implements ScreenFrame."""

    script = "texts.js"

    def __init__(self) -> None:
        self.files = {"texts.js": SCRIPT}


SPEC = ScreenFrameSpec("texts", TextFrame)
"""What the hook `miniprogram_screen_frames` returns in a list."""
