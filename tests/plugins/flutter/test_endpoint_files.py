"""The endpoint map and the registry: legal Dart, whatever the entries, and read back as they were."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniprogram.errors import DocumentError
from miniprogram.hosts.endpoint_block import read_block
from miniprogram.seams.endpoint import Endpoint
from miniprogram.seams.host_generator import RegistryEntry
from miniprogram_flutter.generator import FlutterGenerator

Parse = Callable[[bytes], Any]

KEY = "mpk_live_0123456789abcdef0123"


def endpoint(app_id: str, **members: Any) -> Endpoint:
    return Endpoint.model_validate({"appId": app_id, "apiBaseUri": "https://x.test/$api/'q'", **members})


IDS = st.from_regex(r"[A-Za-z0-9_.][A-Za-z0-9._-]{0,6}", fullmatch=True).filter(
    lambda text: text not in (".", "..")
)
TITLES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)


@given(st.dictionaries(IDS, TITLES, max_size=6), st.sampled_from([None, KEY]))
def test_any_entries_give_legal_dart(parse_dart: Parse, titles: dict[str, str], key: str | None) -> None:
    endpoints = [
        Endpoint.model_validate({"appId": app_id, "apiBaseUri": "https://x.test/a", "accessKey": key})
        for app_id in titles
    ]
    entries = [RegistryEntry(app_id, title) for app_id, title in sorted(titles.items())]

    files = FlutterGenerator().render_endpoints(endpoints, entries)

    assert parse_dart(files.endpoint_map).errors == []
    assert parse_dart(files.registry).errors == []
    assert read_block(files.endpoint_map.decode(), name="m") == {each.app_id: each for each in endpoints}
    read = FlutterGenerator().read_registry(files.registry.decode(), name="r")
    assert read is not None
    assert [(each.app_id, each.title) for each in read] == sorted(titles.items())
    assert FlutterGenerator().render_endpoints(endpoints, read) == files


def test_the_map_is_what_the_sdk_takes(parse_dart: Parse) -> None:
    endpoints = [
        Endpoint.model_validate(
            {"appId": "shop", "apiBaseUri": "https://x.test", "accessKey": KEY, "backendBaseUri": "https://b.test"}
        ),
        Endpoint.model_validate({"appId": "a", "apiBaseUri": "https://x.test"}),
    ]
    entries = [RegistryEntry("a", "A", "chosen"), RegistryEntry("shop", "Shop")]

    text = FlutterGenerator().render_endpoints(endpoints, entries).endpoint_map.decode()

    code = re.sub(r"\s+", "", text.split("END MINI_PROGRAM_ENDPOINTS_JSON\n")[1])
    assert "Map<String,MiniProgramEndpoint>buildMiniProgramEndpoints(){" in code
    assert 'MiniPrograms.chosen.appId:MiniProgramEndpoint.public(apiBaseUri:Uri.parse("https://x.test"),),' in code
    assert (
        f'MiniPrograms.shop.appId:MiniProgramEndpoint(apiBaseUri:Uri.parse("https://x.test"),accessKey:"{KEY}",'
        'backend:MiniProgramBackendEndpoint(baseUri:Uri.parse("https://b.test"),),),'
    ) in code
    assert text.count(KEY) == 2  # in the block, which tools read, and in the code, which the app runs


def test_dollars_in_urls_are_no_code(parse_dart: Parse) -> None:
    made = Endpoint.model_validate({"appId": "a", "apiBaseUri": "https://x.test/$api/${x}".replace("{x}", "x")})

    parsed = parse_dart(FlutterGenerator().render_endpoints([made], [RegistryEntry("a", "A")]).endpoint_map)

    assert parsed.errors == []
    assert parsed.texts("template_substitution") == []


REFERENCE = """
class MiniProgramInfo { const MiniProgramInfo({required this.appId, required this.title}); }
class MiniPrograms {
  const MiniPrograms._();
  static const zebra = MiniProgramInfo(appId: 'z', title: 'Z\\'s \\$5');
  static const MiniProgramInfo a$1 = const MiniProgramInfo(
    appId: "a",
    title: "A",
  );
  static const values = <MiniProgramInfo>[zebra, a$1];
}
"""


def test_registries_people_edited_are_read(flutter: FlutterGenerator) -> None:
    assert flutter.read_registry(REFERENCE, name="r") == (
        RegistryEntry("z", "Z's $5", "zebra"),
        RegistryEntry("a", "A", "a$1"),
    )


def test_an_empty_registry_is_ours(flutter: FlutterGenerator) -> None:
    text = flutter.render_endpoints([], []).registry.decode()

    assert flutter.read_registry(text, name="r") == ()


def test_other_files_are_not_ours(flutter: FlutterGenerator) -> None:
    assert flutter.read_registry("class Other {}", name="r") is None


@pytest.mark.parametrize(
    "entry", ["MiniProgramInfo(appId: id, title: 'A')", "MiniProgramInfo(title: 'A', appId: 'a')"]
)
def test_an_entry_that_would_be_lost_is_an_error(flutter: FlutterGenerator, entry: str) -> None:
    with pytest.raises(DocumentError, match=r"registry\.dart holds a MiniProgramInfo"):
        flutter.read_registry(REFERENCE + f"const more = {entry};", name="registry.dart")


def test_a_bad_escape_is_an_error(flutter: FlutterGenerator) -> None:
    with pytest.raises(DocumentError, match=r"registry\.dart.*escape"):
        flutter.read_registry(REFERENCE.replace("\\$5", "\\u12"), name="registry.dart")
