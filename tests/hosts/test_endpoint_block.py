"""The endpoint map's JSON block: what the reference wrote is read, and what is written is read back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniprogram.errors import DocumentError
from miniprogram.hosts.endpoint_block import read_block, write_block
from miniprogram.seams.endpoint import Endpoint, endpoints_to_json

KEY = "mpk_live_0123456789abcdef0123"


def block(document: Any) -> str:
    text = document if isinstance(document, str) else json.dumps(document)
    begin, end = "// BEGIN MINI_PROGRAM_ENDPOINTS_JSON", "// END MINI_PROGRAM_ENDPOINTS_JSON"
    return f"// a\n// b\n{begin}\n// {text}\n{end}\ncode();\n"


def read_one(members: dict[str, Any]) -> Endpoint:
    found = read_block(block({"shop": members}), name="map.dart")
    assert found is not None
    return found["shop"]


@pytest.mark.parametrize(
    ("members", "access_mode", "backend_mode"),
    [
        ({}, "public", "none"),
        ({"accessKey": KEY}, "protected", "none"),
        ({"accessMode": "PROTECTED", "accessKey": KEY}, "protected", "none"),
        ({"accessMode": "public", "accessKey": KEY}, "public", "none"),
        ({"accessMode": " ", "backendBaseUri": "https://b.test"}, "public", "remote"),
        ({"backendBaseUri": "https://b.test", "backendMode": "none"}, "public", "remote"),
        ({"backendBaseUri": "http://127.0.0.1:9090/", "backendMode": "Local_Mock"}, "public", "local_mock"),
        ({"backendMode": "remote"}, "public", "none"),
        ({"backendBaseUri": "", "backendMode": "local_mock"}, "public", "none"),
        ({"unknown": 1}, "public", "none"),
    ],
)
def test_what_older_releases_left_out_is_filled_in(
    members: dict[str, Any], access_mode: str, backend_mode: str
) -> None:
    endpoint = read_one({"apiBaseUri": "https://x.test/api/", **members})

    assert (endpoint.access_mode, endpoint.backend_mode) == (access_mode, backend_mode)
    assert endpoint.api_base_uri == "https://x.test/api"
    assert (endpoint.access_key is None) == (access_mode == "public")


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ("{torn", "not JSON"),
        ("[]", "must hold a JSON object"),
        ('{"a":1,"a":2}', "twice"),
        ({"shop": 3}, "shop"),
        ({"shop": {}}, "apiBaseUri"),
        ({"shop": {"apiBaseUri": 3}}, "apiBaseUri"),
        ({"shop": {"apiBaseUri": " "}}, "apiBaseUri"),
        ({"shop": {"apiBaseUri": "ftp://x.test"}}, "http or https"),
        ({"shop": {"apiBaseUri": "https://x.test", "accessMode": "secret"}}, "accessMode"),
        ({"shop": {"apiBaseUri": "https://x.test", "accessMode": ["public"]}}, "accessMode"),
        ({"shop": {"apiBaseUri": "https://x.test", "accessMode": "protected"}}, "needs an accessKey"),
        ({"shop": {"apiBaseUri": "https://x.test", "accessKey": "short-key"}}, "accessKey"),
        ({"shop": {"apiBaseUri": "https://x.test", "backendMode": "magic"}}, "backendMode"),
        ({"shop": {"apiBaseUri": "https://x.test", "backendMode": 7}}, "backendMode"),
        ({"../x": {"apiBaseUri": "https://x.test"}}, "appId"),
    ],
)
def test_a_bad_block_is_one_sentence_with_file_and_place(document: Any, problem: str) -> None:
    with pytest.raises(DocumentError, match=problem) as caught:
        read_block(block(document), name="map.dart")

    assert str(caught.value).startswith("map.dart")
    assert "short-key" not in str(caught.value)


def test_a_file_without_a_block_is_somebody_elses() -> None:
    assert read_block("void main() {}", name="map.dart") is None


def test_an_empty_block_is_ours() -> None:
    assert read_block(block({}), name="map.dart") == {}


@pytest.mark.parametrize(
    "text",
    [
        "// BEGIN MINI_PROGRAM_ENDPOINTS_JSON\n// {}\n",
        "// BEGIN MINI_PROGRAM_ENDPOINTS_JSON\n{}\n// END MINI_PROGRAM_ENDPOINTS_JSON\n",
        block({}) * 2,
    ],
    ids=["no end", "no comment", "twice"],
)
def test_a_torn_block_is_not_taken_for_no_block(text: str) -> None:
    with pytest.raises(DocumentError, match="block"):
        read_block(text, name="map.dart")


def test_windows_line_ends_are_read() -> None:
    text = block({"shop": {"apiBaseUri": "https://x.test"}}).replace("\n", "\r\n")

    assert list(read_block(text, name="map.dart") or {}) == ["shop"]


IDS = st.from_regex(r"[A-Za-z0-9_.][A-Za-z0-9._-]{0,8}", fullmatch=True).filter(
    lambda text: text not in (".", "..")
)
ENDPOINTS = st.builds(
    lambda app_id, key, backend: Endpoint.model_validate(
        {
            "appId": app_id,
            "apiBaseUri": "https://x.test/ä/api",
            "accessKey": key,
            "backendBaseUri": backend,
        }
    ),
    IDS,
    st.sampled_from([None, KEY]),
    st.sampled_from([None, "https://b.test"]),
)


@given(st.lists(ENDPOINTS, unique_by=lambda each: each.app_id))
def test_what_is_written_is_read_back(endpoints: list[Endpoint]) -> None:
    text = write_block(endpoints)

    found = read_block(text, name="map.dart")

    assert found == {each.app_id: each for each in endpoints}
    assert list(found) == sorted(found)
    assert len(text.splitlines()) == 3


def test_the_stored_form_is_the_contracts() -> None:
    endpoint = read_one(
        {"apiBaseUri": "https://x/api", "accessMode": "protected", "accessKey": KEY, "backendBaseUri": "https://y"}
    )

    assert list(endpoints_to_json([endpoint])["shop"].items()) == [
        ("apiBaseUri", "https://x/api"),
        ("accessMode", "protected"),
        ("accessKey", KEY),
        ("backendBaseUri", "https://y"),
        ("backendMode", "remote"),
    ]


def test_a_key_is_not_in_an_endpoints_repr() -> None:
    assert KEY not in repr(read_one({"apiBaseUri": "https://x.test", "accessKey": KEY}))
