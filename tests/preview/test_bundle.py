"""What becomes of a build before it is served."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from miniprogram.errors import MiniProgramError
from miniprogram.preview.bundle import display_title, load_bundle
from miniprogram.project.build import BuildReport


def test_the_manifest_is_served_as_authored(root: Path, build: Callable[[], BuildReport]) -> None:
    authored = json.loads((root / "manifest.json").read_text()) | {"ours": {"x": [1]}}
    (root / "manifest.json").write_text(json.dumps(authored))

    bundle = load_bundle(build())

    assert bundle.manifest == authored
    assert (bundle.program_id, bundle.title, list(bundle.screens)) == ("shop", "Corner shop", ["shop_home"])
    assert bundle.assets_root == root / "assets"


def test_another_id_in_the_manifest_ends_the_story(root: Path, build: Callable[[], BuildReport]) -> None:
    report = build()
    (root / "manifest.json").write_text(json.dumps({"id": "other"}))

    with pytest.raises(MiniProgramError, match=r"manifest\.json has the id 'other' now"):
        load_bundle(report)


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Corner shop", "Corner shop"),
        ("  two\nlines\t ", "two lines"),
        ("nul\x00 and \u202ebidi", "nul and bidi"),
        ("  ", "Coupon Center"),
        (7, "Coupon Center"),
        (None, "Coupon Center"),
    ],
)
def test_titles_are_one_visible_line(title: object, shown: str) -> None:
    assert display_title({"title": title}, "coupon_center") == shown
