"""Downloads that go on where they stopped: after a lost connection, and in the next run of the host."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import httpx

from miniprogram.client.delivery import Delivery
from miniprogram.client.errors import BrokenDelivery, DeliveryUnreachable, NotDelivered
from miniprogram.packages.package_index import SizedDigest

ATTEMPTS = 3
"""Connections that may be lost in one run."""

_content_range = re.compile(r"bytes ([0-9]{1,18})-[0-9]{1,18}/(?:[0-9]{1,18}|\*)").fullmatch


def download(delivery: Delivery, path: str, wanted: SizedDigest, part: Path) -> bytes:
    """The file at `path`, which gathers in `part` and must be what is `wanted`.

    Raises DeliveryUnreachable with what came so far in `part`, NotDelivered, DeliveryRefused, and BrokenDelivery
    for anything but the wanted bytes, with nothing left.
    """
    part.parent.mkdir(parents=True, exist_ok=True)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            _fetch(delivery, path, wanted, part)
            break
        except DeliveryUnreachable:
            if attempt == ATTEMPTS:
                raise
    body = part.read_bytes()
    _drop(part)
    if len(body) != wanted.size or hashlib.sha256(body).hexdigest() != wanted.sha256:
        raise BrokenDelivery(f"{path} is not what its index says: its size or sha256 differs")
    return body


def _fetch(delivery: Delivery, path: str, wanted: SizedDigest, part: Path) -> None:
    """Add to `part` what is missing."""
    there = part.stat().st_size if part.is_file() else 0
    if there == wanted.size:
        return
    if there > wanted.size:
        _drop(part)
        there = 0
    with delivery.stream(path, _headers(there, _tag_file(part))) as response:
        status = response.status_code
        if status == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            _drop(part)
            raise DeliveryUnreachable(f"{path} is shorter than it was; it is loaded from its beginning")
        if status == httpx.codes.PARTIAL_CONTENT:
            _require_start(response, there, part, path)
            _gather(response.iter_raw(), part, wanted.size, path, append=True)
            return
        if status != httpx.codes.OK:
            if status == httpx.codes.NOT_FOUND:
                raise NotDelivered(f"there is no {path}")
            raise delivery.refusal(response, path)
        _drop(part)  # before the new tag is written: parts of two files are never joined
        _remember(response, part)
        _gather(response.iter_bytes(), part, wanted.size, path, append=False)


def _headers(there: int, tag_file: Path) -> dict[str, str]:
    # an encoding of the way would make parts of another file
    headers = {"accept-encoding": "identity"}
    tag = tag_file.read_text() if there and tag_file.is_file() else ""
    return {**headers, "range": f"bytes={there}-", "if-range": tag} if tag else headers


def _require_start(response: httpx.Response, there: int, part: Path, path: str) -> None:
    found = _content_range(response.headers.get("content-range", ""))
    if found is None or int(found[1]) != there or "content-encoding" in response.headers:
        _drop(part)
        raise BrokenDelivery(f"{path}: the part that came is not the part that was asked for")


def _remember(response: httpx.Response, part: Path) -> None:
    """The strong tag of what is gathered; without one it is not gone on with."""
    tag = response.headers.get("etag", "")
    is_strong = tag.startswith('"') and "content-encoding" not in response.headers
    _tag_file(part).write_text(tag if is_strong else "")


def _gather(chunks: Iterator[bytes], part: Path, size: int, path: str, *, append: bool) -> None:
    with part.open("ab" if append else "wb") as stream:
        written = stream.tell()
        for chunk in chunks:
            written += len(chunk)
            if written > size:
                stream.close()
                _drop(part)
                raise BrokenDelivery(f"{path} is larger than the {size} bytes its index says")
            stream.write(chunk)
    if written < size:
        raise DeliveryUnreachable(f"{path} broke off after {written} of {size} bytes")


def _tag_file(part: Path) -> Path:
    return part.with_suffix(".etag")


def _drop(part: Path) -> None:
    part.unlink(missing_ok=True)
    _tag_file(part).unlink(missing_ok=True)
