"""Write down how wide Roboto is: `python font_facts.py REGULAR.woff2 VARIABLE.woff2 > roboto_metrics.json`.

For measuring texts where there is no browser. Per weight: the advance width of each printable Latin-1 character,
and what kerning adds between two of them, in font units. REGULAR is the Roboto 2.137 that Flutter's web engine
fetches, VARIABLE gives the other weights. Needs fonttools and brotli.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

CHARACTERS = [
    chr(code)
    for code in (
        *range(0x20, 0x7F),
        *range(0xA0, 0x100),
        0x2013,
        0x2014,
        0x2018,
        0x2019,
        0x201C,
        0x201D,
        0x2022,
        0x2026,
        0x20AC,
    )
]
KERNED = [char for char in CHARACTERS if char != "\u00ad"]
OTHER_WEIGHTS = (500, 700)


def pair_lookups(font: TTFont) -> list[list[Any]]:
    table = font["GPOS"].table
    features = [record.Feature for record in table.FeatureList.FeatureRecord if record.FeatureTag == "kern"]
    indices = sorted({index for feature in features for index in feature.LookupListIndex})
    lookups = []
    for index in indices:
        tables = [getattr(each, "ExtSubTable", each) for each in table.LookupList.Lookup[index].SubTable]
        lookups.append([each for each in tables if type(each).__name__ == "PairPos"])
    return lookups


def kerning(lookups: list[list[Any]], left: str, right: str) -> int:
    """The first subtable that covers the pair decides, as a shaper does it."""
    total = 0
    for tables in lookups:
        for table in tables:
            if left not in table.Coverage.glyphs:
                continue
            if table.Format == 1:
                pairs = table.PairSet[table.Coverage.glyphs.index(left)].PairValueRecord
                found = next((each for each in pairs if each.SecondGlyph == right), None)
                if found is None:
                    continue
                total += getattr(found.Value1, "XAdvance", 0) if found.Value1 else 0
                break
            first = table.ClassDef1.classDefs.get(left, 0)
            second = table.ClassDef2.classDefs.get(right, 0)
            value = table.Class1Record[first].Class2Record[second].Value1
            total += getattr(value, "XAdvance", 0) if value else 0
            break
    return total


def facts(font: TTFont) -> dict[str, Any]:
    glyphs, widths, lookups = font.getBestCmap(), font["hmtx"], pair_lookups(font)
    advances = {char: widths[glyphs[ord(char)]][0] for char in CHARACTERS if ord(char) in glyphs}
    rows: dict[str, list[str]] = {}  # many characters kern alike: one row for all of them
    for left in KERNED:
        pairs: dict[str, int] = {}
        for right in KERNED:
            value = kerning(lookups, glyphs[ord(left)], glyphs[ord(right)])
            if value:
                pairs[right] = value
        groups: dict[int, str] = {}
        for right, value in pairs.items():
            groups[value] = groups.get(value, "") + right
        if groups:
            rows.setdefault(json.dumps(groups), []).append(left)
    return {"advances": advances, "kerning": [["".join(lefts), json.loads(row)] for row, lefts in rows.items()]}


def main() -> None:
    regular, variable = TTFont(Path(sys.argv[1])), Path(sys.argv[2])
    weights = {"400": facts(regular)}
    for weight in OTHER_WEIGHTS:
        weights[str(weight)] = facts(instantiateVariableFont(TTFont(variable), {"wght": weight}))
    head, hhea = regular["head"], regular["hhea"]
    document = {
        "font": "Roboto",
        "unitsPerEm": head.unitsPerEm,
        "ascent": hhea.ascent,
        "descent": -hhea.descent,
        "weights": weights,
    }
    json.dump(document, sys.stdout, ensure_ascii=False, separators=(",", ":"))
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
