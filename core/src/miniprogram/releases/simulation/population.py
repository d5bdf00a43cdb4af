"""Who might ask for a mini-program: given by hand, from a file, or made up in any number."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from miniprogram.delivery.evaluation.conditions.model import ATTRIBUTES
from miniprogram.errors import DocumentError
from miniprogram.refusals import Unacceptable
from miniprogram.strict_json import parse_json, require_object

PLATFORMS = ("android", "android", "android", "ios", "ios", "web")
COUNTRIES = ("de", "fr", "es", "it", "pl", "nl", "se", "at")


def attributes_of(pairs: Mapping[str, str]) -> dict[str, Any]:
    """A visitor's attributes from texts. `capability` may list several, joined by commas. Raises Unacceptable."""
    unknown = next((name for name in pairs if name not in ATTRIBUTES and not name.startswith("custom.")), None)
    if unknown is not None:
        known = ", ".join(name for name in ATTRIBUTES if name != "now")
        raise Unacceptable(f"{unknown!r} is not an attribute; there are: {known}, custom.NAME")
    attributes: dict[str, Any] = {name: text for name, text in pairs.items() if text != ""}
    if "capability" in attributes:
        attributes["capability"] = frozenset(attributes["capability"].split(","))
    return attributes


def read_visitors(path: Path) -> Iterator[dict[str, Any]]:
    """Visitors from a `.jsonl` (an object a line) or `.csv` file (columns are attributes). Raises Unacceptable."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            if path.suffix.lower() == ".csv":
                for row in csv.DictReader(stream):
                    yield attributes_of({name: text for name, text in row.items() if name and text})
                return
            for number, line in enumerate(stream, 1):
                if line.strip():
                    yield attributes_of(_texts(line, path, number))
    except FileNotFoundError:
        raise Unacceptable(f"{path} does not exist") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Unacceptable(f"{path} cannot be read: {error}") from error


def made_up(count: int, *, host_app: str) -> Iterator[dict[str, Any]]:
    """`count` visitors that differ in id, platform, versions, country and locale; the same ones every time."""
    for number in range(count):
        country = COUNTRIES[number * 5 % len(COUNTRIES)]
        yield {
            "userId": f"user-{number}",
            "deviceId": f"device-{number}",
            "hostApp": host_app,
            "hostVersion": f"{1 + number % 4}.{number % 10}.0",
            "sdkVersion": f"1.{number % 6}.0",
            "platform": PLATFORMS[number % len(PLATFORMS)],
            "osVersion": f"{12 + number % 6}.{number % 3}",
            "network": "wifi" if number % 3 else "cellular",
            "country": country,
            "locale": f"{country}-{country.upper()}",
        }


def _texts(line: str, path: Path, number: int) -> dict[str, str]:
    name = f"{path}, line {number}"
    try:
        members = require_object(parse_json(line.encode(), name=name), name=name)
    except DocumentError as error:
        raise Unacceptable(str(error)) from None
    return {name: ",".join(value) if isinstance(value, list) else str(value) for name, value in members.items()}
