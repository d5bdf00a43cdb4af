"""Random layout trees: `python random_trees.py --seed 7 --count 250 --depth 4 > ../layout/random-7.json`.

The same arguments give the same trees. Every tree is one that Flutter accepts: flexible children, scroll views
and children that fill stand only where the constraints have an end, and nothing asks a scroll view for its
intrinsic size.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Tree = dict[str, Any]

MAIN = ["start", "end", "center", "spaceBetween", "spaceAround", "spaceEvenly"]
ALIGNMENTS = [
    "topLeft",
    "topCenter",
    "topRight",
    "centerLeft",
    "center",
    "centerRight",
    "bottomLeft",
    "bottomRight",
]
DIRECTIONAL = ["topStart", "topEnd", "centerStart", "center", "bottomStart", "bottomEnd"]
FITS = ["fill", "contain", "cover", "fitWidth", "fitHeight", "none", "scaleDown"]
WORDS = ["alpha", "be", "gamma ray", "delta-wing", "A longer line of words to break", "Wi-Fi", "12:30", "To. AV"]
SHORTEST, LONGEST = 200, 1800


@dataclass(frozen=True)
class Room:
    """What is known of a node's constraints: an end on each axis, and whether intrinsic sizes are asked for."""

    wide: bool = True
    high: bool = True
    asked: bool = False


class Maker:
    def __init__(self, seed: int, *, slivers: bool = False) -> None:
        self._chance = random.Random(seed)
        self._with_slivers = slivers

    def tree(self, depth: int) -> Tree:
        return self._node(depth, Room())

    def _pick(self, values: list[Any]) -> Any:
        return self._chance.choice(values)

    def _sometimes(self, probability: float, **properties: Any) -> Tree:
        return properties if self._chance.random() < probability else {}

    def _leaf(self) -> Tree:
        if self._chance.random() < 0.25:
            style = self._sometimes(0.4, style={"fontSize": self._pick([10, 13, 20, 25.5])})
            return {"type": "text", "data": self._pick(WORDS), **style, **self._sometimes(0.2, maxLines=1)}
        width = self._sometimes(0.85, width=self._pick([10, 24.5, 40, 70, 120]))
        return {"type": "container", **width, "height": self._pick([8, 16, 30.25, 44])}

    def _node(self, depth: int, room: Room) -> Tree:
        if depth == 0 or self._chance.random() < 0.1:
            return self._leaf()
        kinds: list[tuple[int, Callable[[int, Room], Tree]]] = [
            (8, self._flex),
            (3, self._stack),
            (3, self._wrap),
            (3, self._container),
            (2, self._padding),
            (3, self._align),
            (2, self._sized),
            (1, self._limited),
            (1, self._table),
            (1, self._intrinsic),
            (1, self._fitted),
        ]
        if room.wide or room.high:
            kinds.append((1, self._aspect))
        if room.wide and room.high and not room.asked:
            kinds.append((3, self._scroll))
        make = self._chance.choices([kind for _, kind in kinds], [weight for weight, _ in kinds])[0]
        return make(depth - 1, room)

    def _flex(self, depth: int, room: Room) -> Tree:
        kind = self._pick(["row", "column"])
        along, across = (room.wide, room.high) if kind == "row" else (room.high, room.wide)
        inner = Room(False, room.high, room.asked) if kind == "row" else Room(room.wide, False, room.asked)
        children = []
        for _ in range(self._chance.randint(1, 4)):
            if along and self._chance.random() < 0.35:
                children.append(self._flexible(depth, room))
            else:
                children.append(self._node(depth, inner))
        cross = [
            "start",
            "center",
            "end",
            *(["stretch"] if across else []),
            *(["baseline"] if kind == "row" else []),
        ]
        return {
            "type": kind,
            "mainAxisAlignment": self._pick(MAIN),
            "crossAxisAlignment": self._pick(cross),
            **self._sometimes(0.5, mainAxisSize="min"),
            **self._sometimes(0.4, spacing=self._pick([3, 5.5])),
            **self._sometimes(0.1, textDirection="rtl"),
            **self._sometimes(0.1, verticalDirection="up"),
            "children": children,
        }

    def _flexible(self, depth: int, room: Room) -> Tree:
        if self._chance.random() < 0.2:
            return {"type": "spacer", "flex": self._pick([1, 2])}
        return {
            "type": self._pick(["expanded", "flexible"]),
            "flex": self._pick([1, 2, 3]),
            "child": self._node(depth, room),
        }

    def _stack(self, depth: int, room: Room) -> Tree:
        children = [self._leaf(), self._node(depth, room)]
        if self._chance.random() < 0.6:
            sides: Tree = {
                self._pick(["left", "right"]): self._pick([0, 7.5]),
                self._pick(["top", "bottom"]): self._pick([0, 9]),
            }
            both = self._sometimes(0.3, left=3, right=5)
            children.append({"type": "positioned", **sides, **both, "child": self._leaf()})
        fit = self._sometimes(
            0.3, fit=self._pick(["passthrough", *(["expand"] if room.wide and room.high else [])])
        )
        return {"type": "stack", "alignment": self._pick(DIRECTIONAL + ALIGNMENTS), **fit, "children": children}

    def _wrap(self, depth: int, room: Room) -> Tree:
        horizontal = self._chance.random() < 0.7
        inner = Room(room.wide, False, room.asked) if horizontal else Room(False, room.high, room.asked)
        children = [
            self._leaf() if self._chance.random() < 0.8 else self._node(depth, inner)
            for _ in range(self._chance.randint(2, 7))
        ]
        return {
            "type": "wrap",
            **({} if horizontal else {"direction": "vertical"}),
            "alignment": self._pick(MAIN),
            "runAlignment": self._pick(MAIN),
            "crossAxisAlignment": self._pick(["start", "center", "end"]),
            "spacing": self._pick([0, 4]),
            "runSpacing": self._pick([0, 6.5]),
            "children": children,
        }

    def _container(self, depth: int, room: Room) -> Tree:
        sized = self._sometimes(0.3, width=self._pick([60, 150.5, 500]))
        least = {
            "minWidth": self._pick([0, 30]),
            "maxWidth": self._pick([90, 200]),
            "minHeight": self._pick([0, 20]),
            "maxHeight": self._pick([60, 150]),
        }
        bounded = self._sometimes(0.2, constraints=least)
        inner = Room(room.wide or bool(sized) or bool(bounded), room.high or bool(bounded), room.asked)
        return {
            "type": "container",
            **sized,
            **bounded,
            **self._sometimes(0.5, padding=self._pick([4, [1, 2, 3, 4], {"left": 7.5}])),
            **self._sometimes(0.3, margin=self._pick([3, [0, 5, 0, 5]])),
            **self._sometimes(0.4, alignment=self._pick(ALIGNMENTS)),
            "child": self._node(depth, inner),
        }

    def _padding(self, depth: int, room: Room) -> Tree:
        return {
            "type": "padding",
            "padding": self._pick([2, 6, [10, 0, 3, 1], {"top": 4.5}]),
            "child": self._node(depth, room),
        }

    def _align(self, depth: int, room: Room) -> Tree:
        factors = {
            **self._sometimes(0.2, widthFactor=self._pick([1, 1.5])),
            **self._sometimes(0.2, heightFactor=self._pick([1, 2])),
        }
        if self._chance.random() < 0.4:
            return {"type": "center", **factors, "child": self._node(depth, room)}
        return {"type": "align", "alignment": self._pick(DIRECTIONAL), **factors, "child": self._node(depth, room)}

    def _sized(self, depth: int, room: Room) -> Tree:
        lengths = {
            **self._sometimes(0.8, width=self._pick([50, 90.5, 500])),
            **self._sometimes(0.7, height=self._pick([40, 75])),
        }
        inner = Room(room.wide or "width" in lengths, room.high or "height" in lengths, room.asked)
        return {"type": "sizedBox", **lengths, "child": self._node(depth, inner)}

    def _limited(self, depth: int, room: Room) -> Tree:
        return {
            "type": "limitedBox",
            "maxWidth": 120,
            "maxHeight": 80,
            "child": self._node(depth, Room(asked=room.asked)),
        }

    def _aspect(self, depth: int, room: Room) -> Tree:
        return {
            "type": "aspectRatio",
            "aspectRatio": self._pick([0.5, 1.0, 1.7]),
            "child": self._node(depth, Room(asked=room.asked)),
        }

    def _table(self, depth: int, room: Room) -> Tree:
        columns, asked = self._chance.randint(1, 3), Room(room.wide, False, True)
        widths = [
            {"type": "fixedColumnWidth", "value": 55},
            {"type": "flexColumnWidth", "value": 2},
            {"type": "intrinsicColumnWidth"},
        ]
        rows = [
            {"children": [self._node(min(depth, 1), asked) for _ in range(columns)]}
            for _ in range(self._chance.randint(1, 3))
        ]
        given = {str(at): self._pick(widths) for at in range(columns) if self._chance.random() < 0.6}
        if not room.wide:  # a flexible column has no width where the table has no bound
            given = {str(at): self._pick([widths[0], widths[2]]) for at in range(columns)}
        return {
            "type": "table",
            "columnWidths": given,
            "defaultVerticalAlignment": self._pick(["top", "middle", "bottom"]),
            "children": rows,
        }

    def _intrinsic(self, depth: int, room: Room) -> Tree:
        return {
            "type": self._pick(["intrinsicWidth", "intrinsicHeight"]),
            "child": self._node(depth, Room(room.wide, room.high, True)),
        }

    def _fitted(self, depth: int, room: Room) -> Tree:
        sized = {
            "type": "container",
            "width": self._pick([30, 80]),
            "height": self._pick([20, 45]),
            "child": self._node(min(depth, 1), Room(asked=room.asked)),
        }
        return {"type": "fittedBox", "fit": self._pick(FITS), "alignment": self._pick(DIRECTIONAL), "child": sized}

    def _scroll(self, depth: int, room: Room) -> Tree:
        kind = self._pick(["listView", "gridView", "singleChildScrollView", "pageView"])
        horizontal = self._sometimes(0.25, scrollDirection="horizontal")
        inner = Room(not horizontal, bool(horizontal))
        if self._with_slivers:
            count = self._chance.randint(1, 4)
            return {
                "type": "customScrollView",
                **horizontal,
                **self._sometimes(0.3, reverse=True),
                **self._sometimes(0.2, shrinkWrap=True),
                "slivers": [self._sliver(depth, inner) for _ in range(count)],
            }
        if kind == "singleChildScrollView":
            return {
                "type": kind,
                **horizontal,
                **self._sometimes(0.4, padding=5),
                "child": self._node(depth, inner),
            }
        if kind == "pageView":
            return {
                "type": kind,
                **self._sometimes(0.4, viewportFraction=0.8),
                "children": [self._node(depth, room) for _ in range(2)],
            }
        if kind == "gridView":
            cells = [self._node(min(depth, 1), Room()) for _ in range(self._chance.randint(1, 4))]
            return {
                "type": kind,
                **horizontal,
                "crossAxisCount": self._pick([2, 3]),
                "mainAxisSpacing": 4,
                "crossAxisSpacing": self._pick([0, 5]),
                "childAspectRatio": self._pick([1, 2.5]),
                **self._sometimes(0.3, padding=[1, 2, 3, 4]),
                "children": cells,
            }
        items = [self._node(depth, inner) for _ in range(self._chance.randint(1, 4))]
        return {
            "type": kind,
            **horizontal,
            **self._sometimes(0.4, padding=[4, 8, 2, 0]),
            **self._sometimes(0.3, reverse=True),
            **self._sometimes(0.2, shrinkWrap=True),
            "children": items,
        }

    def _sliver(self, depth: int, inner: Room) -> Tree:
        roll = self._chance.random()
        if roll < 0.3:
            return {"type": "sliverToBoxAdapter", "child": self._node(depth, inner)}
        if roll < 0.55:
            items = [self._node(depth, inner) for _ in range(self._chance.randint(1, 3))]
            return {"type": "sliverList", "children": items}
        if roll < 0.75:
            cells = [self._node(min(depth, 1), Room()) for _ in range(self._chance.randint(1, 4))]
            spacing = {"mainAxisSpacing": self._pick([0, 4.5]), "crossAxisSpacing": self._pick([0, 3])}
            shape = {"crossAxisCount": self._pick([1, 2, 3]), "childAspectRatio": self._pick([1, 3])}
            return {"type": "sliverGrid", **shape, **spacing, "children": cells}
        padding = self._pick([3, [1, 2, 3, 4], {"bottom": 7.5}])
        return {"type": "sliverPadding", "padding": padding, "sliver": self._sliver(depth, inner)}


def make(seed: int, count: int, depth: int, *, slivers: bool = False) -> dict[str, Tree]:
    maker, found = Maker(seed, slivers=slivers), dict[str, Tree]()
    while len(found) < count:
        tree = maker.tree(depth)
        if slivers and "customScrollView" not in json.dumps(tree):
            continue
        if SHORTEST < len(json.dumps(tree)) < LONGEST:
            rtl = {"textDirection": "rtl"} if len(found) % 8 == 7 else {}
            found[f"r{len(found):03}"] = {**rtl, "tree": tree}
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--count", type=int, default=250)
    parser.add_argument("--depth", type=int, default=4)
    parser.add_argument(
        "--slivers", action="store_true", help="scroll views of slivers in the place of the others"
    )
    options = parser.parse_args()
    cases = make(options.seed, options.count, options.depth, slivers=options.slivers)
    lines = ",\n".join(
        f"  {json.dumps(name)}: {json.dumps(case, separators=(',', ':'))}" for name, case in cases.items()
    )
    head = {"size": [400, 300], "seed": options.seed, "platforms": ["flutter", "web"]}
    print(json.dumps(head)[:-1] + ', "cases": {\n' + lines + "\n}}")


if __name__ == "__main__":
    main()
