"""What a dry run says is new: screen by screen, in places people find."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniprogram.packages.bundle import Bundle, BundleFile
from miniprogram.publish.versions.changes import compare_versions
from miniprogram.publish.versions.json_differences import MANY, differences
from miniprogram.seams.version_keeping import StoredVersion
from miniprogram.testing import PNG, image_screen, sample_bundle, sample_screens


def rows(before: Any, after: Any) -> list[tuple[str, Any, Any]]:
    found = differences(before, after)
    shown = [(each.path, "-" if each.absent == "before" else each.before, each) for each in found]
    return [(path, old, "-" if each.absent == "after" else each.after) for path, old, each in shown]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2}, [("a", 1, 2)]),
        ({"a": 1}, {"a": True}, [("a", 1, True)]),
        ({"a": 1}, {"a": 1.0}, [("a", 1, 1.0)]),
        ({"a": None}, {}, [("a", None, "-")]),
        ({}, {"a": None}, [("a", "-", None)]),
        ({"a": {"b": [1]}}, {"a": {"b": [1, 2]}}, [("a.b[1]", "-", 2)]),
        ({"a": [1, 2, 3]}, {"a": [2, 3]}, [("a[0]", 1, "-")]),
        ({"a": [{"t": "x"}, {"t": "y"}]}, {"a": [{"t": "n"}, {"t": "x"}, {"t": "z"}]}, None),
        ({"a b": 1}, {"a b": 2}, [("['a b']", 1, 2)]),
        ([1], {"a": 1}, [("", [1], {"a": 1})]),
    ],
)
def test_places(before: Any, after: Any, expected: list[Any] | None) -> None:
    found = rows(before, after)

    if expected is None:  # the element that moved along is none of it
        assert found == [("a[0]", "-", {"t": "n"}), ("a[2].t", "y", "z")]
    else:
        assert found == expected


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab", max_size=2), inner, max_size=3),
    max_leaves=12,
)


@given(json_values, json_values)
def test_values_differ_exactly_when_something_is_listed(before: Any, after: Any) -> None:
    same = json.dumps(before, sort_keys=True) == json.dumps(after, sort_keys=True)

    assert (not list(differences(before, after))) == same


def test_long_lists_are_compared_too() -> None:
    before = list(range(MANY * 2))

    assert rows(before, [*before[:-1], "x"]) == [(f"[{MANY * 2 - 1}]", MANY * 2 - 1, "x")]


def stored(bundle: Bundle, bodies: dict[str, bytes] | None = None, assets_url: str | None = None) -> StoredVersion:
    files = {file.path: file.sha256 for file in bundle.files}
    own = {file.path: file.body for file in bundle.files}
    return StoredVersion(bundle.version, files, assets_url, {**own, **(bodies or {})})


def test_each_screen_and_asset_is_added_changed_or_removed() -> None:
    before = sample_bundle(assets={"logo.png": PNG, "old.png": b"1"})
    screens = {"shop_home": {"type": "text", "data": "Hi"}, "shop_new": {"type": "text", "data": "New"}}
    after = sample_bundle(version="1.1.0", screens=screens, assets={"logo.png": PNG, "new.png": b"2"})

    found = compare_versions(after, stored(before))

    assert found.compared_with == "1.0.0"
    assert [(each.path, each.after) for each in found.manifest] == [("version", "1.1.0")]
    assert [(each.name, each.change) for each in found.screens] == [
        ("shop_details", "removed"),
        ("shop_home", "changed"),
        ("shop_new", "added"),
    ]
    assert [(each.path, each.before, each.after) for each in found.screens[1].differences] == [
        ("data", "Welcome", "Hi")
    ]
    assert [(each.name, each.change) for each in found.assets] == [("new.png", "added"), ("old.png", "removed")]


def test_the_same_content_changes_nothing() -> None:
    assert compare_versions(sample_bundle(), stored(sample_bundle())).is_empty


def test_without_anything_served_all_is_new() -> None:
    found = compare_versions(sample_bundle(), None)

    assert found.compared_with is None
    assert {each.change for each in found.screens} == {"added"}


def test_the_address_of_images_is_no_difference() -> None:
    url = "https://x.example/assets/shop/1.0.0/"
    before = sample_bundle(screens={"shop_home": image_screen("assets/logo.png")}, assets={"logo.png": PNG})
    filled = image_screen(f"{url}logo.png")
    screen = {**image_screen("assets/logo.png"), "spacing": 4}
    after = sample_bundle(version="1.1.0", screens={"shop_home": screen}, assets={"logo.png": PNG})

    served = stored(before, {"screens/shop_home.json": json.dumps(filled).encode()}, url)

    (row,) = compare_versions(after, served).screens
    assert [each.path for each in row.differences] == ["spacing"]


def test_a_stored_screen_that_cannot_be_read_is_replaced_as_a_whole() -> None:
    after = sample_bundle(
        version="1.1.0", screens={**sample_screens(), "shop_home": {"type": "text", "data": "x"}}
    )

    found = compare_versions(after, stored(sample_bundle(), {"screens/shop_home.json": b"{"}))

    assert [each.path for each in found.screens[0].differences] == [""]


def test_files_are_told_apart_by_their_bytes() -> None:
    one = Bundle.of(sample_bundle().manifest, [BundleFile.of("manifest.json", b"{}")])

    assert compare_versions(one, stored(one)).is_empty
