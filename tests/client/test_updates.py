"""How versions come to a host: by the cheapest way that works, and never anything but what was promised."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from client.delivered import Delivered, damaged, missing, on
from miniprogram.client import BrokenDelivery, DeliveryUnreachable, Launch
from miniprogram.client.offers import Update
from miniprogram.packages.bundle import Bundle
from miniprogram.packages.package_options import PackageOptions


def opened(delivered: Delivered, cache: Path, **options: Any) -> Launch:
    with delivered.client(cache, **options) as client:
        launch = client.open("shop")
        launch.started()
        return launch


def way(launch: Launch) -> str:
    update = launch.circumstances.update
    return "none" if update is None else update.way


def assert_is(launch: Launch, bundle: Bundle) -> None:
    assert (launch.version, launch.digest) == (bundle.version, bundle.digest)
    assert {path: launch.read(path) for path in launch.paths} == {file.path: file.body for file in bundle.files}


def test_the_first_version_comes_as_a_package(delivered: Delivered, cache: Path) -> None:
    bundle = delivered.publish("1.0.0")

    launch = opened(delivered, cache)

    assert_is(launch, bundle)
    assert way(launch) == "package"
    assert launch.screen("shop_home") == json.loads(launch.read("screens/shop_home.json"))
    assert launch.circumstances.source == "delivered"


def test_the_next_one_comes_as_a_delta(delivered: Delivered, cache: Path) -> None:
    delivered.publish("1.0.0")
    first = opened(delivered, cache)
    bundle = delivered.publish("1.1.0")
    delivered.asked.clear()

    launch = opened(delivered, cache)

    assert_is(launch, bundle)
    assert way(launch) == "delta"
    assert launch.circumstances.update is not None
    assert first.circumstances.update is not None
    assert launch.circumstances.update.size == delivered.loaded(".dcz") < first.circumstances.update.size / 5
    assert delivered.loaded("package.tar") == delivered.loaded("screens/") == 0


def test_what_is_there_is_not_loaded_again(delivered: Delivered, cache: Path) -> None:
    delivered.publish("1.0.0")
    opened(delivered, cache)
    delivered.asked.clear()

    assert way(opened(delivered, cache)) == "none"
    assert [path for path, _, _ in delivered.asked] == ["/api/manifests/shop/latest.json"]


def test_without_a_delta_the_files_that_changed_come(delivered: Delivered, cache: Path) -> None:
    delivered.publish("1.0.0")
    opened(delivered, cache)
    bundle = delivered.publish("1.1.0", packages=PackageOptions(0))
    delivered.asked.clear()

    launch = opened(delivered, cache)

    assert_is(launch, bundle)
    assert way(launch) == "files"
    assert delivered.loaded("package.tar") == delivered.loaded("shop_page") == delivered.loaded("logo.png") == 0
    changed = delivered.loaded("versions/") + delivered.loaded("shop_home")
    assert launch.circumstances.update == Update("files", changed)


def test_a_screen_with_addresses_comes_as_it_was_made(delivered: Delivered, cache: Path, presets: Path) -> None:
    delivered.embed(presets, "0.9.0", picture=False)
    bundle = delivered.publish("1.0.0")
    stored = (delivered.folder / "screens/shop/1.0.0/shop_picture.json").read_bytes()
    assert b"programs.example" in stored

    launch = opened(delivered, cache, presets=presets)

    assert way(launch) == "files"
    assert_is(launch, bundle)
    assert b"programs.example" not in launch.read("screens/shop_picture.json")


@pytest.mark.parametrize("fault", [missing, damaged], ids=["missing", "damaged"])
@pytest.mark.parametrize(
    ("faulty", "wanted"),
    [((".dcz",), "files"), ((".dcz", "shop_home"), "package")],
    ids=["the delta", "the delta and a file"],
)
def test_a_way_that_fails_leads_to_the_next(
    delivered: Delivered, cache: Path, fault: Any, faulty: tuple[str, ...], wanted: str
) -> None:
    delivered.publish("1.0.0")
    opened(delivered, cache)
    bundle = delivered.publish("1.1.0")
    delivered.wrong = lambda request, response: (
        fault(response) if any(part in request.url.path for part in faulty) else response
    )

    launch = opened(delivered, cache)

    assert_is(launch, bundle)
    assert way(launch) == wanted


@pytest.mark.parametrize("fault", [missing, damaged], ids=["missing", "damaged"])
def test_when_every_way_fails_the_last_version_goes_on(delivered: Delivered, cache: Path, fault: Any) -> None:
    old = delivered.publish("1.0.0")
    opened(delivered, cache)
    new = delivered.publish("1.1.0")
    delivered.wrong = lambda request, response: (
        response if request.url.path.endswith(("latest.json", "deltas.json")) else fault(response)
    )

    launch = opened(delivered, cache)

    assert_is(launch, old)
    assert launch.circumstances.source == "cached"
    assert launch.circumstances.reason is not None
    assert "1.1.0 could not be loaded" in launch.circumstances.reason

    delivered.wrong = lambda _, response: response
    assert_is(opened(delivered, cache), new)


def test_a_package_that_cannot_be_had_comes_file_by_file(delivered: Delivered, cache: Path) -> None:
    bundle = delivered.publish("1.0.0")
    delivered.wrong = on("package.tar", lambda _: httpx.Response(500, content=b"too large"))

    launch = opened(delivered, cache)

    assert_is(launch, bundle)
    assert way(launch) == "files"


@pytest.mark.parametrize("fault", [missing, damaged], ids=["missing", "damaged"])
def test_without_a_last_version_it_is_an_error(delivered: Delivered, cache: Path, fault: Any) -> None:
    delivered.publish("1.0.0")
    delivered.wrong = lambda request, response: (
        fault(response) if "package.tar" in request.url.path or "shop_home" in request.url.path else response
    )

    with pytest.raises(BrokenDelivery, match=r"shop 1\.0\.0 could not be loaded"):
        opened(delivered, cache)


def test_a_version_without_a_package_is_told_of(delivered: Delivered, cache: Path) -> None:
    delivered.publish("1.0.0", packages=None)

    with pytest.raises(BrokenDelivery, match=r"packages/shop/1\.0\.0/deltas\.json"):
        opened(delivered, cache)


def test_an_endless_body_is_cut_off(delivered: Delivered, cache: Path) -> None:
    bundle = delivered.publish("1.0.0")
    delivered.wrong = on("package.tar", lambda response: httpx.Response(200, content=response.content + b"x"))

    launch = opened(delivered, cache)

    assert way(launch) == "files"
    assert_is(launch, bundle)
    assert not list(cache.rglob("*.part"))


def test_the_index_of_another_version_is_refused(delivered: Delivered, cache: Path) -> None:
    delivered.publish("1.0.0")
    other = (delivered.folder / "packages/shop/1.0.0/deltas.json").read_bytes()
    delivered.publish("1.1.0")
    delivered.wrong = on("deltas.json", lambda _: httpx.Response(200, content=other))

    with pytest.raises(BrokenDelivery, match=r"is that of shop 1\.0\.0"):
        opened(delivered, cache)


def test_a_download_that_breaks_off_goes_on_where_it_stopped(delivered: Delivered, cache: Path) -> None:
    bundle = delivered.publish("1.0.0")
    size = package_file(delivered).stat().st_size
    delivered.breaks_after = size // 5

    with pytest.raises(DeliveryUnreachable):
        opened(delivered, cache)
    assert delivered.ranges() == [None, f"bytes={size // 5}-", f"bytes={size // 5 * 2}-"]

    delivered.breaks_after = None
    delivered.requests.clear()
    assert_is(opened(delivered, cache), bundle)
    assert delivered.ranges() == [f"bytes={size // 5 * 3}-"]
    assert delivered.loaded("package.tar") == size, "no byte came twice"
    assert not list(cache.rglob("*.part"))


def test_what_was_replaced_meanwhile_is_loaded_from_its_beginning(delivered: Delivered, cache: Path) -> None:
    bundle = delivered.publish("1.0.0")
    delivered.breaks_after = package_file(delivered).stat().st_size // 5
    with pytest.raises(DeliveryUnreachable):
        opened(delivered, cache)
    (part,) = cache.rglob("*.part")
    part.write_bytes(b"x" * part.stat().st_size)
    part.with_suffix(".etag").write_text('"of another file"')
    delivered.breaks_after = None
    delivered.asked.clear()

    launch = opened(delivered, cache)

    assert_is(launch, bundle)
    assert [status for path, status, _ in delivered.asked if "package.tar" in path] == [200]


def test_a_part_with_other_bytes_is_found_out(delivered: Delivered, cache: Path) -> None:
    bundle = delivered.publish("1.0.0")
    delivered.breaks_after = package_file(delivered).stat().st_size // 5
    with pytest.raises(DeliveryUnreachable):
        opened(delivered, cache)
    (part,) = cache.rglob("*.part")
    part.write_bytes(b"x" * part.stat().st_size)
    delivered.breaks_after = None

    launch = opened(delivered, cache)

    assert way(launch) == "files"
    assert_is(launch, bundle)


def package_file(delivered: Delivered) -> Path:
    return delivered.folder / "packages/shop/1.0.0/package.tar.zst"


def test_a_damaged_archive_on_disk_is_loaded_again(delivered: Delivered, cache: Path) -> None:
    bundle = delivered.publish("1.0.0")
    opened(delivered, cache)
    (archive,) = cache.rglob("*.tar")
    archive.write_bytes(archive.read_bytes()[:-1] + b"x")

    launch = opened(delivered, cache)

    assert_is(launch, bundle)
    assert way(launch) == "package"


def test_old_versions_are_not_kept_for_ever(delivered: Delivered, cache: Path) -> None:
    for number in range(5):
        delivered.publish(f"1.{number}.0")
        opened(delivered, cache)

    assert len(list(cache.rglob("*.tar"))) == 1


def test_embedded_versions_are_built_upon(delivered: Delivered, cache: Path, presets: Path) -> None:
    delivered.publish("1.0.0")
    delivered.embed(presets, "1.0.0")
    bundle = delivered.publish("1.1.0")

    launch = opened(delivered, cache, presets=presets)

    assert_is(launch, bundle)
    assert way(launch) == "delta"


def test_an_embedded_version_is_not_loaded(delivered: Delivered, cache: Path, presets: Path) -> None:
    delivered.publish("1.0.0")
    bundle = delivered.embed(presets, "1.0.0")

    launch = opened(delivered, cache, presets=presets)

    assert_is(launch, bundle)
    assert way(launch) == "cached"
    assert delivered.loaded("package.tar") == 0


def test_a_damaged_embedded_package_is_passed_over(delivered: Delivered, cache: Path, presets: Path) -> None:
    bundle = delivered.publish("1.0.0")
    presets.mkdir()
    (presets / "shop-0.9.0.tar.zst").write_bytes(b"damaged")
    delivered.embed(presets, "0.9.1")

    assert_is(opened(delivered, cache, presets=presets), bundle)
