"""What the layouts put where, and with which headers."""

import json
from dataclasses import replace
from typing import Any

import pytest

from miniprogram.delivery.documents.cache_control import IMMUTABLE, POINTER
from miniprogram.delivery.documents.content_types import content_type_of
from miniprogram.delivery.documents.profile import local_profile
from miniprogram.delivery.evaluation.versions.display_texts import title_of
from miniprogram.delivery.http.messages import Request
from miniprogram.delivery.http.service import DeliveryService
from miniprogram.errors import PublishError, UsageError
from miniprogram.packages.bundle import BundleFile
from miniprogram.publish.base_url import parse_base_url
from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
from miniprogram.publish.layouts.local import local_layout
from miniprogram.publish.layouts.static import static_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.stores.delivery_source import StoreSource
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.strict_json import to_pretty_json
from miniprogram.testing import PNG, image_screen, sample_release

PLACE = CloudLocation("aws", "prod", "bucket", "eu-west-1", api_base_url="https://api.example/prod/api")
CDN = replace(PLACE, public_base_url="https://cdn.example")


def published(place: CloudLocation, **options: Any) -> MemoryObjectStore:
    store = MemoryObjectStore()
    publish_to_store(store, cloud_layout(sample_release(**options), place))
    return store


def document(store: MemoryObjectStore, key: str) -> dict[str, Any]:
    found = store.get(key)
    assert found is not None
    value: dict[str, Any] = json.loads(found.body)
    return value


def test_cloud_objects_have_the_contracts_keys_and_headers() -> None:
    store = published(PLACE, assets={"img/a.svg": b"<svg/>", "data.bin": b"1"})

    assert store.headers == {
        "artifacts/shop/1.0.0/assets/data.bin": (None, IMMUTABLE),
        "artifacts/shop/1.0.0/assets/img/a.svg": ("image/svg+xml", IMMUTABLE),
        "artifacts/shop/1.0.0/manifest.json": ("application/json", IMMUTABLE),
        "artifacts/shop/1.0.0/screens/shop_details.json": ("application/json", IMMUTABLE),
        "artifacts/shop/1.0.0/screens/shop_home.json": ("application/json", IMMUTABLE),
        "metadata/catalog/shop.json": ("application/json", POINTER),
        "metadata/releases/shop/1.0.0.json": ("application/json", POINTER),
    }


def test_a_cloud_record_says_where_everything_is() -> None:
    record = document(published(PLACE, assets={"a.png": PNG}), "metadata/releases/shop/1.0.0.json")

    assert record.pop("bundle")["digest"].startswith("sha256:")
    assert record == {
        "schemaVersion": 1,
        "provider": "aws",
        "environment": "prod",
        "miniProgramId": "shop",
        "version": "1.0.0",
        "publishedAtUtc": "2030-01-02T12:00:00.123Z",
        "artifacts": {
            "bucket": "bucket",
            "region": "eu-west-1",
            "artifactRootKey": "artifacts/shop/1.0.0",
            "manifestKey": "artifacts/shop/1.0.0/manifest.json",
            "screensPrefixKey": "artifacts/shop/1.0.0/screens",
            "assetsPrefixKey": "artifacts/shop/1.0.0/assets",
        },
        "apiBaseUrl": "https://api.example/prod/api",
    }


def test_with_a_cdn_the_record_has_its_urls() -> None:
    store = published(replace(CDN, api_base_url=None), assets={"a.png": PNG})

    record = document(store, "metadata/releases/shop/1.0.0.json")
    assert "apiBaseUrl" not in record
    assert record["artifacts"]["manifestUrl"] == "https://cdn.example/artifacts/shop/1.0.0/manifest.json"
    assert record["artifacts"]["screensBaseUrl"] == "https://cdn.example/artifacts/shop/1.0.0/screens/"
    assert record["artifacts"]["assetsBaseUrl"] == "https://cdn.example/artifacts/shop/1.0.0/assets/"


def test_the_catalogue_points_to_the_record_and_keeps_what_others_wrote() -> None:
    store = published(PLACE)
    catalog = document(store, "metadata/catalog/shop.json")
    assert catalog == {
        "schemaVersion": 1,
        "provider": "aws",
        "environment": "prod",
        "miniProgramId": "shop",
        "updatedAtUtc": "2030-01-02T12:00:00.123Z",
        "latestVersion": "1.0.0",
        "releaseKey": "metadata/releases/shop/1.0.0.json",
    }
    store.put("metadata/catalog/shop.json", json.dumps({**catalog, "owner": "team"}).encode())

    publish_to_store(store, cloud_layout(sample_release(version="1.1.0"), PLACE))

    after = document(store, "metadata/catalog/shop.json")
    assert (after["owner"], after["latestVersion"]) == ("team", "1.1.0")


@pytest.mark.parametrize(
    ("place", "base_url", "address"),
    [
        (PLACE, None, "https://api.example/prod/api/assets/shop/1.0.0/a%20b.png"),
        (CDN, None, "https://cdn.example/artifacts/shop/1.0.0/assets/a%20b.png"),
        (CDN, "https://mine.example/", "https://mine.example/assets/shop/1.0.0/a%20b.png"),
    ],
    ids=["service", "cdn", "given"],
)
def test_images_get_the_nearest_address(place: CloudLocation, base_url: str | None, address: str) -> None:
    screens = {"shop_home": image_screen("./assets/a b.png")}

    store = published(place, screens=screens, assets={"a b.png": PNG}, base_url=base_url)

    (image,) = document(store, "artifacts/shop/1.0.0/screens/shop_home.json")["children"]
    assert (image["imageType"], image["src"]) == ("network", address)


@pytest.mark.parametrize(
    "source",
    ["https://x.example/a.png", "{{item.image}}", "$image", "//x.example/a.png", "assets/none.png", "../a.png"],
)
def test_what_is_no_asset_stays_as_it_is(source: str) -> None:
    release = sample_release(screens={"shop_home": image_screen(source)}, assets={"a.png": PNG})

    layout = local_layout(release, base_url="http://127.0.0.1:8080/api/")

    assert layout.files[0].body == release.bundle.screens[0].body
    assert not layout.is_filled


def test_an_environment_without_address_cannot_show_images() -> None:
    release = sample_release(screens={"shop_home": image_screen("a.png")}, assets={"a.png": PNG})

    with pytest.raises(PublishError, match=r"a\.png"):
        cloud_layout(release, replace(PLACE, api_base_url=None))


def test_a_stored_file_tells_which_file_of_the_bundle_it_is() -> None:
    release = sample_release(assets={"img/a b.png": PNG})

    for each in (local_layout(release, base_url=None), static_layout(release), cloud_layout(release, PLACE)):
        assert {each.keys.bundle_path(file.key): file.path for file in each.files} == {
            file.path: file.path for file in each.files
        }
        assert each.keys.bundle_path(each.record_key) is None
        assert each.keys.bundle_path("notes.txt") is None


def test_the_digest_does_not_know_where_it_is_published() -> None:
    release = sample_release(screens={"shop_home": image_screen("a.png")}, assets={"a.png": PNG})

    digests = {
        cloud_layout(release, PLACE).digest,
        cloud_layout(release, CDN).digest,
        local_layout(release, base_url="http://127.0.0.1:1/api/").digest,
    }

    assert digests == {release.bundle.digest}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("assets/A.PNG", "image/png"),
        ("assets/a.tar.woff2", "font/woff2"),
        ("assets/script.js", "application/javascript"),
        ("assets/png", None),
        ("assets/x.exe", None),
        ("assets/folder.png/x", None),
    ],
)
def test_content_types_go_by_the_extension(path: str, expected: str | None) -> None:
    assert content_type_of(path) == expected


@pytest.mark.parametrize(
    ("program_id", "title"), [("coupon_center", "Coupon Center"), ("my-APP__x", "My App X"), ("_", "_")]
)
def test_titles_come_from_the_id(program_id: str, title: str) -> None:
    assert title_of(program_id) == title


@pytest.mark.parametrize(
    "said",
    [{}, {"title": "Our Shop"}, {"title": " ", "description": 7}, {"title": "Ü", "description": "All we sell"}],
    ids=str,
)
def test_a_folder_and_a_server_call_a_program_the_same(said: dict[str, Any]) -> None:
    files = [
        BundleFile.of(file.path, to_pretty_json({**json.loads(file.body), **said}))
        if file.path == "manifest.json"
        else file
        for file in sample_release("coupon_center").bundle.files
    ]
    bundle = replace(sample_release("coupon_center").bundle, files=tuple(files))
    release = replace(sample_release("coupon_center"), bundle=bundle)
    folder, workspace = MemoryObjectStore(), MemoryObjectStore()
    publish_to_store(folder, static_layout(release))
    publish_to_store(workspace, local_layout(release, base_url=None))

    service = DeliveryService(StoreSource(workspace), local_profile())
    answer = service.handle(Request("GET", "/api/discovery/mini-programs"))

    (served,) = json.loads(answer.body)["entries"]
    (stored,) = json.loads(folder.get("discovery/mini-programs.json").body)["entries"]  # type: ignore[union-attr]
    assert served == stored


@pytest.mark.parametrize("text", ["https://a.example", "http://127.0.0.1:8080/api/", "https://a.example/x/y"])
def test_a_base_url_ends_in_a_slash(text: str) -> None:
    assert parse_base_url(text) == text.rstrip("/") + "/"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.example",
        "/x",
        "ftp://a.example",
        "https://",
        "https:///x",
        "https://a.example:99999/",
        "https://[::1",
        "https://a.example/?x",
        "https://a.example/#x",
        "https://u@a.example/",
        "https://a.example/a b",
        "javascript:x",
    ],
)
def test_what_is_no_base_url_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--base-url"):
        parse_base_url(text)
