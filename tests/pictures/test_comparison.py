"""What differs between two versions is found, marked where it is, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from miniprogram.errors import DocumentError, MiniProgramError, UsageError
from miniprogram.packages.bundle import Bundle
from miniprogram.pictures.areas import Area, changed_areas
from miniprogram.pictures.comparison import compare_pictures
from miniprogram.pictures.png import read_png
from miniprogram.pictures.shots import Wanted, shots_of, take_pictures
from miniprogram.pictures.versions import difference_page, picture_versions
from miniprogram.plugins.specs import ScreenPainterSpec
from miniprogram.seams.screen_painter import Picture, Shot
from pictures.conftest import RED, Pixels, a_picture, encode_png, plain

BundleWith = Callable[..., Bundle]


def areas(old: Pixels, new: Pixels) -> list[Area]:
    return changed_areas(read_png(encode_png(old)), read_png(encode_png(new)))


def test_one_pixel_is_found_where_it_is() -> None:
    assert areas(plain(), plain(boxes={(33, 17, 1, 1): RED})) == [(32, 16, 8, 8)]


def test_what_is_apart_is_marked_apart_and_what_is_near_together() -> None:
    new = plain(boxes={(0, 0, 4, 4): RED, (12, 0, 4, 4): RED, (56, 40, 8, 8): RED})

    assert areas(plain(), new) == [(0, 0, 16, 8), (56, 40, 8, 8)]


def test_a_difference_that_nobody_sees_is_none() -> None:
    assert areas(plain(), plain(boxes={(0, 0, 8, 8): b"\xfe\xfd\xff"})) == []
    assert areas(plain(), plain(boxes={(0, 0, 8, 8): b"\xfc\xff\xff"})) == [(0, 0, 8, 8)]


def test_what_only_one_picture_has_is_a_difference() -> None:
    assert areas(plain(64, 40), plain(64, 48)) == [(0, 40, 64, 8)]
    assert areas(plain(60, 40), plain(64, 40)) == [(56, 0, 8, 40)]


def test_marks_do_not_overlap() -> None:
    ring = {(0, 0, 64, 4): RED, (0, 44, 64, 4): RED, (0, 0, 4, 48): RED, (60, 0, 4, 48): RED, (30, 22, 4, 4): RED}

    assert areas(plain(), plain(boxes=ring)) == [(0, 0, 64, 48)]


def test_transparency_counts() -> None:
    opaque, clear = encode_png([[b"\0\0\0\xff"] * 8], color=6), encode_png([[b"\0\0\0\0"] * 8], color=6)

    assert changed_areas(read_png(opaque), read_png(clear)) == [(0, 0, 8, 1)]
    assert changed_areas(read_png(encode_png([[b"\0\0\0"] * 8])), read_png(opaque)) == []


def test_screens_are_told_apart_as_changed_added_removed_and_as_they_were() -> None:
    old = [a_picture(plain(), "same"), a_picture(plain(), "other"), a_picture(plain(), "gone")]
    new = [
        a_picture(plain(), "same"),
        a_picture(plain(boxes={(0, 0, 8, 8): RED}), "other"),
        a_picture(plain(), "new"),
    ]

    found = compare_pictures(old, new)

    assert [(each.screen_id, each.change) for each in found.screens] == [
        ("other", "changed"),
        ("new", "added"),
        ("gone", "removed"),
        ("same", "unchanged"),
    ]
    assert found.screens[0].areas == ((0, 0, 8, 8),)


def test_marks_are_in_logical_pixels() -> None:
    shot = Shot("home", width=32, height=24, scale=2)
    old = Picture(shot, encode_png(plain()))
    new = Picture(shot, encode_png(plain(boxes={(32, 16, 8, 8): RED})))

    assert compare_pictures([old], [new]).screens[0].areas == ((16, 8, 4, 4),)


def test_a_painter_that_draws_no_png_is_named_with_the_screen() -> None:
    with pytest.raises(DocumentError, match="home is no PNG"):
        compare_pictures([Picture(Shot("home"), b"a")], [Picture(Shot("home"), b"b")])


def test_every_screen_of_both_versions_is_drawn(painter: ScreenPainterSpec, bundle_with: BundleWith) -> None:
    old, new = bundle_with("1.0.0", shop_home=8, gone=8), bundle_with("1.1.0", shop_home=16, fresh=0)

    pictured = picture_versions([painter], old, new, Wanted(themes=("light", "dark")), {})

    assert {(each.screen_id, each.theme, each.change) for each in pictured.difference.screens} == {
        (name, theme, change)
        for name, change in (("shop_home", "changed"), ("gone", "removed"), ("fresh", "added"))
        for theme in ("light", "dark")
    }


def test_the_page_holds_everything_and_nothing_that_could_run(
    painter: ScreenPainterSpec, bundle_with: BundleWith
) -> None:
    old, new = bundle_with("1.0.0", shop_home=8), bundle_with("1.1.0", shop_home=16, fresh=0)

    page = difference_page(picture_versions([painter], old, new, Wanted(), {}), old, new)

    text = page.decode()
    assert (
        text.count("data:image/png;base64,") == 5
    )  # both sides, both again one over the other, and the new screen
    assert "fresh is &lt;empty&gt;" in text
    assert "<empty>" not in text
    assert "http://" not in text
    assert "https://" not in text
    assert page == difference_page(picture_versions([painter], old, new, Wanted(), {}), old, new)


def test_the_entry_is_drawn_unless_others_are_asked_for(bundle_with: BundleWith) -> None:
    bundle = bundle_with("1.0.0", shop_home=1, help=1)

    assert [shot.screen_id for shot in shots_of(bundle, Wanted())] == ["shop_home"]
    assert [shot.screen_id for shot in shots_of(bundle, Wanted(screens=("help", "help")))] == ["help"]
    assert [shot.screen_id for shot in shots_of(bundle, Wanted(all_screens=True))] == ["help", "shop_home"]
    assert [
        (shot.theme, shot.width) for shot in shots_of(bundle, Wanted(themes=("light", "dark"), widths=(320, 390)))
    ] == [
        ("light", 320),
        ("light", 390),
        ("dark", 320),
        ("dark", 390),
    ]


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        (Wanted(screens=("shop_hom",)), "has no screen 'shop_hom'"),
        (Wanted(widths=(0,)), "not 0"),
        (Wanted(height=99999), "not 99999"),
    ],
)
def test_what_cannot_be_drawn_is_refused(bundle_with: BundleWith, wanted: Wanted, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        shots_of(bundle_with("1.0.0", shop_home=1), wanted)


def test_without_a_painter_it_is_said_what_to_install(bundle_with: BundleWith) -> None:
    with pytest.raises(MiniProgramError, match="no plugin that draws screens"):
        list(take_pictures([], bundle_with("1.0.0", shop_home=1), [Shot("shop_home")], {}))
