"""What ids, titles, keys and URLs may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniprogram.seams.endpoint_rules import (
    check_access_key,
    check_app_id,
    check_base_url,
    check_title,
    default_title,
    is_plain_http,
)


@pytest.mark.parametrize("text", ["shop", "Shop.2_x-y", "3d", "a" * 200, "..."])
def test_ids_are_path_segments(text: str) -> None:
    assert check_app_id(text) == text


@pytest.mark.parametrize("text", ["", ".", "..", "-x", "--json", "a/b", "a b", "ä", "a\n", "a\x00"])
def test_other_ids_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be letters"):
        check_app_id(text)


@pytest.mark.parametrize(
    ("given_url", "stored"),
    [
        ("https://x.test/api///", "https://x.test/api"),
        (" http://127.0.0.1:8080/ ", "http://127.0.0.1:8080"),
        ("https://[::1]:9/a", "https://[::1]:9/a"),
    ],
)
def test_urls_lose_their_trailing_slashes(given_url: str, stored: str) -> None:
    assert check_base_url(given_url) == stored


@pytest.mark.parametrize(
    "text",
    [
        "x.test/api",
        "/api",
        "ftp://x.test",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://",
        "https://x.test:port",
        "https://[::1",
        "https://x.test/a b",
        "https://x.test/\u2028a",
        "https://x.test/\ud800",
        'https://x.test/"',
        "https://x.test?x=1",
        "https://x.test#f",
        "https://x.test?",
        "https://user:hunter2hunter2@x.test",
    ],
)
def test_other_urls_are_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(ValueError, match="must") as caught:
        check_base_url(text)

    assert "hunter2" not in str(caught.value)


@given(st.text(alphabet="aZ0._-", min_size=24, max_size=128))
def test_keys_of_the_right_form_are_taken(key: str) -> None:
    assert check_access_key(f" {key} ") == key


@pytest.mark.parametrize("key", ["", "a" * 23, "a" * 129, "a" * 30 + "!", "ключ" * 10])
def test_other_keys_are_refused_without_being_repeated(key: str) -> None:
    with pytest.raises(ValueError, match="24 to 128") as caught:
        check_access_key(key)

    assert not key or key not in str(caught.value)


@pytest.mark.parametrize("title", ["", "  ", "a\nb", "a\x1b[31m", "a\u2028b", "\ud800"])
def test_titles_are_one_visible_line(title: str) -> None:
    with pytest.raises(ValueError, match="must"):
        check_title(title)


@pytest.mark.parametrize(
    ("app_id", "title"),
    [("coupon_center", "Coupon Center"), ("a.b-c", "A B C"), ("shopX", "ShopX"), ("._.", "._.")],
)
def test_a_title_can_be_made_from_an_id(app_id: str, title: str) -> None:
    assert default_title(app_id) == title


def test_plain_http_matters_only_on_a_network() -> None:
    assert is_plain_http("http://x.test/api")
    assert not is_plain_http("https://x.test/api")
    assert not is_plain_http("http://10.0.2.2:8080/api")
