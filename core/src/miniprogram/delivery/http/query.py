"""The query of a request: what a host says about itself, and what a visitor adds (contract, section 3)."""

from __future__ import annotations

import re
from typing import Literal

from miniprogram.delivery.evaluation.context.delivery_context import CAPABILITIES, SCALARS, DeliveryContext
from miniprogram.delivery.evaluation.path_segments import is_safe_segment, percent_decode
from miniprogram.delivery.evaluation.refusals import Refusal, invalid_request

_KNOWN = {*SCALARS, CAPABILITIES}

EXTRAS = (
    "userId", "deviceId", "deviceBrand", "deviceModel", "osVersion", "network", "country", "region", "city",
    "environment", "currentVersion",
)  # fmt: skip
"""What release audiences may ask beside the scalars; any text, not only segments. So are `custom.NAME`."""

LINK = "link"
"""The parameter that carries the token of a signed link."""

MAX_EXTRA_CHARACTERS = 256
MAX_CUSTOM = 32

_MAX_LINK_CHARACTERS = 1024
_MAX_SHARED_CHARACTERS = 200
_MOST_SHARED_PAIRS = 4096
_shared_pairs: set[str] = set()
_EXTRA_NAMES = {*EXTRAS, LINK}
_CUSTOM = r"custom\.[A-Za-z0-9_.-]{1,64}"
"""Compiled when the first one is sent: a function's cold start does without."""
_CONTROLS = frozenset(map(chr, (*range(0x20), *range(0x7F, 0xA0))))


class Query:
    """A raw query, sorted out. `shared` is what many visitors send alike, still encoded."""

    __slots__ = ("extras", "link", "shared")

    def __init__(self, shared: str, extras: dict[str, str], link: str | None) -> None:
        self.shared, self.extras, self.link = shared, extras, link


def split_query(query: str, *, repeated: Literal["last", "joined"]) -> Query:
    """Tell what visitors have in common from what is each one's own; drop what nobody knows.

    Extras that are blank, too long or hold control characters count as not sent: audiences then do not match.
    """
    shared: list[str] = []
    given: dict[str, str] = {}
    for pair in query.split("&"):
        if pair in _shared_pairs:
            shared.append(pair)
            continue
        name, _, raw_value = pair.partition("=")
        if name not in _EXTRA_NAMES:
            name = _decoded(name)
        if name in _KNOWN:
            shared.append(pair)
            _remember(pair)
        elif name in _EXTRA_NAMES or (name.startswith("custom.") and re.fullmatch(_CUSTOM, name)):
            text = _decoded(raw_value)
            given[name] = f"{given[name]},{text}" if repeated == "joined" and name in given else text
    link = given.pop(LINK, "").strip()
    return Query("&".join(shared), _usable(given), link if 0 < len(link) <= _MAX_LINK_CHARACTERS else None)


def parse_context(query: str, *, repeated: Literal["last", "joined"]) -> DeliveryContext | Refusal:
    """The context in the raw `query`, or the refusal naming the first parameter that is not a safe segment.

    `repeated`: of a name that is given twice, take the last value or all of them joined by `,`.
    """
    given = _known_parameters(query, repeated)
    values = {name: text for name in SCALARS if (text := given.get(name, "").strip())}
    tokens = [token for part in given.get(CAPABILITIES, "").split(",") if (token := part.strip())]
    for name, text in (*values.items(), *((CAPABILITIES, token) for token in tokens)):
        if not is_safe_segment(text):
            return invalid_request(f"The query parameter {name} may hold letters, digits, '.', '_' and '-' only.")
    return DeliveryContext(values, tuple(sorted(set(tokens))))


def _known_parameters(query: str, repeated: Literal["last", "joined"]) -> dict[str, str]:
    given: dict[str, str] = {}
    for pair in query.split("&"):
        raw_name, _, raw_value = pair.partition("=")
        name = _decoded(raw_name)
        if name in _KNOWN:
            text = _decoded(raw_value)
            given[name] = f"{given[name]},{text}" if repeated == "joined" and name in given else text
    return given


def _decoded(text: str) -> str:
    if "+" in text:
        text = text.replace("+", " ")
    return percent_decode(text) if "%" in text else text


def _remember(pair: str) -> None:
    """Hosts of a kind send the same few pairs all day: they are not taken apart each time."""
    if len(pair) <= _MAX_SHARED_CHARACTERS:
        if len(_shared_pairs) >= _MOST_SHARED_PAIRS:
            _shared_pairs.clear()
        _shared_pairs.add(pair)


def _usable(given: dict[str, str]) -> dict[str, str]:
    extras: dict[str, str] = {}
    custom = 0
    for name, sent in given.items():
        text = sent.strip()
        if not text or len(text) > MAX_EXTRA_CHARACTERS:
            continue
        if not text.isprintable() and not _CONTROLS.isdisjoint(text):  # what is printable holds none
            continue
        if name.startswith("custom."):
            custom += 1
            if custom > MAX_CUSTOM:
                continue
        extras[name] = text
    return extras
