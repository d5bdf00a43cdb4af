"""Makes the icon fonts and their tables of names: `python icons.py FOLDER`, with both wheels in FOLDER.

`flet-web` holds Flutter's own icon fonts and, compiled, the list of all icons; `flet` has their names in the order
of that list. Needs fonttools and brotli. The fonts stay whole: which icons a screen names is not known
before it is written. The usual ones (`common_icons.txt`) are cut out as well, with a table of their own: a page
loads those first, and the whole font when a screen names another icon. `python icons.py` alone cuts them again.
"""

from __future__ import annotations

import io
import json
import re
import sys
import zipfile
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

PACKAGE = Path(__file__).parents[1] / "src" / "miniprogram_web"
ICONS = PACKAGE / "vendor" / "icons"
TABLES = PACKAGE / "runtime" / "icons"
NAMES = Path(__file__).parents[3] / "core" / "src" / "miniprogram" / "stac" / "data" / "icons.json"

COMMON = Path(__file__).parent / "common_icons.txt"

FONTS = {
    "material": "flet_web/web/assets/fonts/MaterialIcons-Regular.otf",
    "cupertino": "flet_web/web/assets/packages/cupertino_icons/assets/CupertinoIcons.ttf",
}
LISTS = {
    "material": "flet/controls/material/icons.json",
    "cupertino": "flet/controls/cupertino/cupertino_icons.json",
}
FAMILIES = {"material": "MaterialIcons", "cupertino": "CupertinoIcons"}
CONSTANT = re.compile(r'(?<![\w.])B\.(\w+)=new A\.\w+\((\d+(?:e\d+)?),"(MaterialIcons|CupertinoIcons)"')
LIST = re.compile(r"\[((?:B\.\w+,){1000,}B\.\w+)\]")


def code_points(javascript: str, family: str, count: int) -> list[int]:
    """The code points of all icons of a family, in the order of the compiled list."""
    constants = {name: int(float(code)) for name, code, own in CONSTANT.findall(javascript) if own == family}
    for text in LIST.findall(javascript):
        names = text.replace("B.", "").split(",")
        if len(names) == count and all(name in constants for name in names):
            return [constants[name] for name in names]
    sys.exit(f"no list of {count} icons of {family} in main.dart.js: another version of flet-web?")


def table(kind: str, names: list[str], javascript: str, listed: dict[str, int]) -> dict[str, int]:
    order = [name.lower() for name, _ in sorted(listed.items(), key=lambda item: item[1])]
    known = dict(zip(order, code_points(javascript, FAMILIES[kind], len(order)), strict=True))
    found = {name: known.get(name, known.get(name.rstrip("_"))) for name in names}
    missing = sorted(name for name, code in found.items() if code is None)
    sys.stderr.write(f"{kind}: {len(names) - len(missing)} of {len(names)} names {missing}\n")
    return {name: code for name, code in found.items() if code is not None}


def woff2(font: bytes, path: Path) -> None:
    opened = TTFont(io.BytesIO(font))
    opened.flavor = "woff2"
    opened.save(path)


def cut_common() -> None:
    """The usual icons of the whole font, and the table of their names."""
    everything = json.loads((TABLES / "material.json").read_text("utf-8"))
    names = COMMON.read_text("utf-8").split()
    if missing := sorted(name for name in names if name not in everything):
        sys.exit(f"there are no such icons: {missing}")
    chosen = {name: everything[name] for name in sorted(names)}
    font = TTFont(ICONS / "material.woff2", recalcTimestamp=False)
    cutter = Subsetter(Options(layout_features=[], notdef_outline=True, hinting=False))
    cutter.populate(unicodes=chosen.values())
    cutter.subset(font)
    font.flavor = "woff2"
    font.save(ICONS / "material-common.woff2")
    (TABLES / "material-common.json").write_text(json.dumps(chosen, separators=(",", ":")) + "\n", "utf-8")


def main() -> None:
    if len(sys.argv) == 1:
        cut_common()
        return
    folder = Path(sys.argv[1])
    web = zipfile.ZipFile(next(folder.glob("flet_web-*.whl")))
    names = zipfile.ZipFile(next(folder.glob("flet-*.whl")))
    javascript = web.read("flet_web/web/main.dart.js").decode("utf-8")
    for path in (ICONS, TABLES):
        path.mkdir(parents=True, exist_ok=True)
    wanted = json.loads(NAMES.read_text("utf-8"))
    for kind, member in FONTS.items():
        woff2(web.read(member), ICONS / f"{kind}.woff2")
        made = table(kind, wanted[kind].split(), javascript, json.loads(names.read(LISTS[kind])))
        (TABLES / f"{kind}.json").write_text(json.dumps(made, separators=(",", ":")) + "\n", "utf-8")
    cut_common()


if __name__ == "__main__":
    main()
