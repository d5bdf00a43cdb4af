"""Deltas: what was made is applied, and nothing that anybody sends instead is believed."""

from __future__ import annotations

import hashlib
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miniprogram.errors import DocumentError
from miniprogram.packages.archive import write_archive
from miniprogram.packages.delta import HEADER_BYTES, WORTHWHILE, apply_delta, base_of, compare_archives
from miniprogram.packages.zstd import compress, decompress
from miniprogram.testing import sample_bundle

SCREEN = {"type": "column", "children": [{"type": "text", "data": f"line {n}"} for n in range(200)]}


def archive(version: str = "1.0.0", *, last: str = "end", assets: dict[str, bytes] | None = None) -> bytes:
    screen = {**SCREEN, "children": [*SCREEN["children"], {"type": "text", "data": last}]}
    return write_archive(sample_bundle(version=version, screens={"shop_home": screen}, assets=assets))


OLD, NEW = archive(), archive("1.1.0", last="another end")


def delta_of(old: bytes = OLD, new: bytes = NEW) -> bytes:
    delta = compare_archives(old, new).delta
    assert delta is not None
    return delta


@settings(deadline=None)
@given(
    old=st.binary(min_size=1, max_size=2000),
    edits=st.lists(st.tuples(st.integers(0, 2000), st.binary(max_size=8))),
)
def test_a_delta_gives_back_what_it_was_made_of(old: bytes, edits: list[tuple[int, bytes]]) -> None:
    new = old
    for at, put in edits:
        new = new[:at] + put + new[at + 1 :]
    delta = compare_archives(old, new).delta
    if delta is not None:
        assert apply_delta(old, delta, size=len(new), sha256=hashlib.sha256(new).hexdigest()) == new
        assert len(delta) <= WORTHWHILE * len(compress(new))


def test_an_update_of_one_line_is_a_small_share_of_the_package() -> None:
    difference = compare_archives(OLD, NEW)

    assert difference.delta is not None
    assert len(difference.delta) < difference.full_size / 4
    assert base_of(difference.delta) == hashlib.sha256(OLD).hexdigest()


def test_a_delta_between_strangers_is_not_kept() -> None:
    noise = random.Random(7).randbytes(4000)

    assert compare_archives(OLD, archive(assets={"noise.bin": noise})).delta is None


def test_archives_larger_than_the_smallest_window_are_spanned() -> None:
    body = random.Random(3).randbytes(9 * 1024 * 1024)

    delta = delta_of(body, b"first" + body)

    assert len(delta) < 20_000


def test_the_header_is_the_one_of_the_standard() -> None:
    delta = delta_of()

    assert delta[:8] == bytes.fromhex("5e2a4d1820000000")
    assert delta[8:HEADER_BYTES] == hashlib.sha256(OLD).digest()
    assert decompress(delta[HEADER_BYTES:], dictionary=OLD, max_size=len(NEW), name="it") == NEW


SPOILT = {
    "cut": lambda delta: delta[:-3],
    "lengthened": lambda delta: delta + b"\0",
    "another frame after it": lambda delta: delta + compress(b"more"),
    "no header": lambda delta: delta[HEADER_BYTES:],
    "header only": lambda delta: delta[:HEADER_BYTES],
    "empty": lambda _delta: b"",
    "a whole package instead": lambda _delta: compress(NEW),
    "another base": lambda _delta: delta_of(archive(last="elsewhere")),
    "a bit turned": lambda delta: delta[:-8] + bytes([delta[-8] ^ 0x40]) + delta[-7:],
    "a bomb": lambda delta: delta[:HEADER_BYTES] + compress(bytes(400_000_000)),
    "length not declared": lambda delta: delta[:HEADER_BYTES] + b"\x28\xb5\x2f\xfd\x00\x58\x01\x00\x00",
    "window of a gigabyte": lambda delta: (
        delta[:HEADER_BYTES] + b"\x28\xb5\x2f\xfd\x80\xa0\x10\x00\x00\x00\x01\x00\x00"
    ),
}


@pytest.mark.parametrize("name", SPOILT)
def test_what_is_not_the_promised_update_is_refused(name: str) -> None:
    spoilt = SPOILT[name](delta_of())

    with pytest.raises(DocumentError):
        apply_delta(OLD, spoilt, size=len(NEW), sha256=hashlib.sha256(NEW).hexdigest())


def test_the_right_size_with_other_bytes_is_refused() -> None:
    with pytest.raises(DocumentError, match="does not give the archive that was promised"):
        apply_delta(OLD, delta_of(), size=len(NEW), sha256="0" * 64)


def test_a_result_beyond_the_promised_size_is_not_made() -> None:
    with pytest.raises(DocumentError, match="at most 10 are allowed"):
        apply_delta(OLD, delta_of(), size=10, sha256="0" * 64)
