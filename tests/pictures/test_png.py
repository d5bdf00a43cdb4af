"""Every PNG that browsers write is read back to its pixels; everything else is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniprogram.errors import DocumentError
from miniprogram.pictures.png import read_png
from pictures.conftest import encode_png, plain


@given(
    st.data(),
    st.sampled_from([(2, 3), (6, 4), (0, 1), (4, 2)]),
    st.lists(st.integers(0, 4), min_size=1, max_size=5),
)
def test_pixels_come_back_whatever_the_filters(
    data: st.DataObject, kind: tuple[int, int], filters: list[int]
) -> None:
    color, size = kind
    width, height = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 6))
    pixel = st.binary(min_size=size, max_size=size)
    row = st.lists(pixel, min_size=width, max_size=width)
    pixels = data.draw(st.lists(row, min_size=height, max_size=height))

    found = read_png(encode_png(pixels, filters=filters, color=color))

    assert (found.width, found.height, found.bytes_per_pixel) == (width, height, size)
    assert found.rows == tuple(b"".join(each) for each in pixels)


GOOD = encode_png(plain(4, 4))


@pytest.mark.parametrize(
    "body",
    [b"", b"GIF89a", GOOD[:20], GOOD[:-40], GOOD.replace(b"IHDR", b"IDAT", 1), GOOD[:24] + b"\x10" + GOOD[25:]],
    ids=["empty", "another kind", "no head", "cut off", "no head but data", "16 bits"],
)
def test_what_is_no_such_picture_is_refused_by_name(body: bytes) -> None:
    with pytest.raises(DocumentError, match="home is no PNG that can be compared"):
        read_png(body, name="home")


def test_a_picture_that_would_fill_the_memory_is_refused() -> None:
    huge = GOOD[:16] + b"\x00\x0f\x42\x40" * 2 + GOOD[24:]

    with pytest.raises(DocumentError, match="1000000 × 1000000 pixels"):
        read_png(huge)
