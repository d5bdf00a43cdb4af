from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniprogram.stac.images import asset_path, local_images, rewrite_images

_SCREEN = {
    "type": "column",
    "children": [
        {"type": "image", "src": "assets/a/b.png", "imageType": "asset", "width": 3},
        {"type": "image", "src": "c.svg"},
        {"type": "image", "src": "https://example.org/x.png"},
        {"type": "image", "src": "{{item.url}}"},
        {"type": "icon", "src": "d.png"},
    ],
}


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("assets/logo.png", "logo.png"),
        ("logo.png", "logo.png"),
        ("./img/logo.png", "img/logo.png"),
        ("assets/assets/logo.png", "assets/logo.png"),
        ("../logo.png", None),
        ("assets/../../etc/passwd", None),
        ("/logo.png", None),
        ("a\\b.png", None),
        ("assets/", None),
        ("assets", None),
    ],
)
def test_a_source_names_a_file_below_assets(source: str, path: str | None) -> None:
    assert asset_path(source) == path


def test_lists_local_images_in_document_order() -> None:
    assert list(local_images(_SCREEN)) == [("$.children[0]", "a/b.png"), ("$.children[1]", "c.svg")]


def test_rewrites_what_has_an_address_and_nothing_else() -> None:
    before = copy.deepcopy(_SCREEN)

    rewritten = rewrite_images(_SCREEN, lambda name: None if name == "c.svg" else f"https://cdn.example/{name}")

    first, *others = rewritten["children"]
    assert first == {"type": "image", "src": "https://cdn.example/a/b.png", "imageType": "network", "width": 3}
    assert list(first) == ["type", "src", "imageType", "width"]
    assert others == before["children"][1:]
    assert before == _SCREEN


def test_depth_does_not_matter() -> None:
    node: dict[str, Any] = {"type": "image", "src": "a.png"}
    for _ in range(10_000):
        node = {"child": node}

    assert [name for _, name in local_images(rewrite_images(node, lambda _: None))] == ["a.png"]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["type", "src", "child", "x"]), inner),
    max_leaves=30,
)


@given(st.dictionaries(st.text(max_size=5), _JSON))
def test_a_copy_without_addresses_is_equal_and_new(node: dict[str, Any]) -> None:
    copied = rewrite_images(node, lambda _: None)

    assert json.dumps(copied) == json.dumps(node)
    assert copied is not node
