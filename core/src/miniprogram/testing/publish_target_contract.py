"""What every publish target must do, as tests to inherit."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from miniprogram.clock import to_iso
from miniprogram.errors import PublishError
from miniprogram.packages.package_options import PackageOptions
from miniprogram.seams.publish_target import PublishTarget, Release
from miniprogram.testing.clock import NOON
from miniprogram.testing.contract import Contract, needs
from miniprogram.testing.samples import PNG, image_screen, sample_release, sample_screens

BASE_URL = "https://programs.example/pages/"
GOING_BACK = "going back"
IMAGES = "images"


class PublishTargetContract(Contract):
    """Inherit, and override `make_target` and `read`; `latest_name` and `file_name` where your layout differs.

    Names are the ones a target's own receipts use. `cannot` may name `going back` (publishing below the version
    that is served, with `allow_older`) and `images`.
    """

    can_be_missing = (GOING_BACK, IMAGES)
    stores_packages = True
    """Whether a package is stored beside a version, as `publish_to_store` does; else receipts name none."""

    def attempts(self, missing: str) -> Sequence[Callable[[], object]]:
        target = self.make_target()
        if missing == IMAGES:
            release = self._with_image(BASE_URL)
        else:
            target.publish(sample_release(version="2.0.0"))
            release = sample_release(version="1.0.0", allow_older=True)
        return [lambda: target.plan(release), lambda: target.publish(release)]

    def make_target(self) -> PublishTarget:
        """A target on the place of this test. Called again, it finds what was published before."""
        raise NotImplementedError

    def read(self, name: str) -> bytes | None:
        """The bytes that are stored under `name`; None when there is nothing."""
        raise NotImplementedError

    def latest_name(self, program_id: str) -> str:
        """The pointer hosts read."""
        return f"manifests/{program_id}/latest.json"

    def file_name(self, program_id: str, version: str, path: str) -> str:
        """Where a file of a bundle is stored."""
        kind, _, rest = path.partition("/")
        folder = f"{kind}/{program_id}/{version}"
        return f"{folder}/{rest}" if rest else f"manifests/{program_id}/versions/{version}.json"

    def served_version(self, program_id: str) -> str | None:
        """The version hosts get."""
        body = self.read(self.latest_name(program_id))
        return None if body is None else str(json.loads(body)["version"])

    def test_every_file_is_stored_and_latest_points_to_it(self) -> None:
        release = sample_release()

        receipt = self.make_target().publish(release)

        assert receipt.changed
        self._assert_stored(release)
        assert self.served_version("shop") == "1.0.0"

    def test_a_second_publish_of_the_same_changes_nothing(self) -> None:
        self.make_target().publish(sample_release())
        before = self.read(self.latest_name("shop"))

        later = replace(sample_release(), published_at=NOON + timedelta(days=1))
        receipt = self.make_target().publish(later)

        assert (receipt.changed, receipt.written, receipt.removed) == (False, (), ())
        assert receipt.published_at in (None, to_iso(NOON))
        assert self.read(self.latest_name("shop")) == before

    def test_other_content_under_the_same_version_is_refused(self) -> None:
        first = sample_release()
        self.make_target().publish(first)
        other = sample_release(screens=sample_screens(text="Changed"))

        for attempt in (self.make_target().plan, self.make_target().publish):
            with pytest.raises(PublishError, match=r"shop 1\.0\.0 is already published"):
                attempt(other)
        self._assert_stored(first)

    def test_versions_stand_side_by_side(self) -> None:
        first, second = sample_release(), sample_release(version="1.1.0", screens=sample_screens(text="New"))

        self.make_target().publish(first)
        self.make_target().publish(second)

        self._assert_stored(first)
        self._assert_stored(second)
        assert self.served_version("shop") == "1.1.0"

    def test_programs_stand_side_by_side(self) -> None:
        shop, news = sample_release(), sample_release("news", "3.0.0")

        self.make_target().publish(shop)
        self.make_target().publish(news)

        self._assert_stored(shop)
        assert (self.served_version("shop"), self.served_version("news")) == ("1.0.0", "3.0.0")

    def test_an_older_version_is_refused_and_nothing_is_written(self) -> None:
        self.make_target().publish(sample_release(version="1.10.0"))
        older = sample_release(version="1.9.0")

        for attempt in (self.make_target().plan, self.make_target().publish):
            with pytest.raises(PublishError, match=r"1\.10\.0"):
                attempt(older)
        assert self.served_version("shop") == "1.10.0"
        assert self.read(self.file_name("shop", "1.9.0", "manifest.json")) is None

    @needs(GOING_BACK)
    def test_an_older_version_goes_through_when_asked(self) -> None:
        self.make_target().publish(sample_release(version="2.0.0"))

        self.make_target().publish(sample_release(version="1.0.0", allow_older=True))

        assert self.served_version("shop") == "1.0.0"

    def test_repeating_an_older_publish_leaves_latest_alone(self) -> None:
        self.make_target().publish(sample_release(version="1.0.0"))
        self.make_target().publish(sample_release(version="2.0.0"))

        receipt = self.make_target().publish(sample_release(version="1.0.0"))

        assert not receipt.changed
        assert self.served_version("shop") == "2.0.0"

    def test_planning_writes_nothing_and_tells_what_publishing_does(self) -> None:
        release = sample_release(assets={"logo.png": PNG})

        plan = self.make_target().plan(release)

        assert self.read(self.latest_name("shop")) is None
        receipt = self.make_target().publish(release)
        assert plan.written == receipt.written
        assert plan.location == receipt.location
        assert self.make_target().plan(release).written == ()

    @needs(IMAGES)
    def test_a_package_lies_beside_each_version(self) -> None:
        options = PackageOptions()
        self.make_target().publish(replace(sample_release(), packages=options))
        release = replace(sample_release(version="1.1.0", screens=sample_screens(text="New")), packages=options)

        planned = self.make_target().plan(release).package
        receipt = self.make_target().publish(release)
        again = self.make_target().publish(release)

        if not self.stores_packages:
            assert (planned, receipt.package) == (None, None)
            return
        assert planned == receipt.package is not None
        assert [delta.from_version for delta in receipt.package.deltas] == ["1.0.0"]
        assert receipt.package.deltas[0].size < receipt.package.package_size
        assert receipt.package.written
        assert all(self.read(name) for name in receipt.package.written)
        assert not again.changed
        assert again.package == replace(receipt.package, written=())

    def test_images_get_the_address_hosts_load_them_from(self) -> None:
        release = self._with_image(BASE_URL)

        receipt = self.make_target().publish(release)

        screen = json.loads(self.read(self.file_name("shop", "1.0.0", "screens/shop_home.json")) or b"")
        (image,) = screen["children"]
        assert image["src"].startswith(BASE_URL)
        assert image["src"].endswith("/img/logo%402x.png")
        assert image["imageType"] == "network"
        assert self.read(self.file_name("shop", "1.0.0", "assets/img/logo@2x.png")) == PNG
        assert receipt.delivery_api_base_url == BASE_URL

    @needs(IMAGES)
    def test_another_base_url_rewrites_only_what_holds_it(self) -> None:
        self.make_target().publish(self._with_image(BASE_URL))

        receipt = self.make_target().publish(self._with_image("https://elsewhere.example/"))

        body = self.read(self.file_name("shop", "1.0.0", "screens/shop_home.json")) or b""
        assert b"https://elsewhere.example/" in body
        assert self.file_name("shop", "1.0.0", "screens/shop_home.json") in receipt.written
        assert self.file_name("shop", "1.0.0", "screens/shop_details.json") in receipt.unchanged
        assert self.file_name("shop", "1.0.0", "assets/img/logo@2x.png") in receipt.unchanged

    def _with_image(self, base_url: str) -> Release:
        screens = {**sample_screens(), "shop_home": image_screen("assets/img/logo@2x.png")}
        return sample_release(screens=screens, assets={"img/logo@2x.png": PNG}, base_url=base_url)

    def _assert_stored(self, release: Release) -> None:
        bundle = release.bundle
        for file in bundle.files:
            assert self.read(self.file_name(bundle.program_id, bundle.version, file.path)) == file.body
