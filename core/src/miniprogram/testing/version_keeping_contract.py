"""What every target must do that lists versions and goes back to one, as tests to inherit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from miniprogram.errors import MiniProgramError
from miniprogram.seams.publish_target import Release
from miniprogram.seams.version_keeping import KeepsVersions
from miniprogram.testing.clock import NOON
from miniprogram.testing.publish_target_contract import PublishTargetContract
from miniprogram.testing.samples import PNG, image_screen, sample_release, sample_screens

LATER = NOON + timedelta(hours=1)


class VersionKeepingContract(PublishTargetContract):
    """Inherit instead of PublishTargetContract, and override `remove` too."""

    def remove(self, name: str) -> None:
        """Take away what is stored under `name`, as an accident would."""
        raise NotImplementedError

    def test_nothing_is_held_before_the_first_publish(self) -> None:
        held = self._keeper().held_versions("shop")

        assert (held.latest, held.versions) == (None, ())
        assert self._keeper().served_version("shop", known={}) is None

    def test_versions_are_listed_with_digest_time_publisher_and_what_points_at_them(self) -> None:
        releases = [self._publish("1.9.0", published_by="ana"), self._publish("1.10.0")]

        held = self._keeper().held_versions("shop")

        assert held.latest == "1.10.0"
        assert [each.version for each in held.versions] == ["1.10.0", "1.9.0"]
        assert [each.digest for each in held.versions] == [release.bundle.digest for release in releases[::-1]]
        assert [each.published_by for each in held.versions] == [None, "ana"]
        assert all(each.published_at and each.published_at.startswith("2") for each in held.versions)
        assert ["latest" in each.pointed_at_by for each in held.versions] == [True, False]
        assert {each.state for each in held.versions} == {"whole"}

    def test_publishing_again_keeps_when_and_by_whom_it_was_published(self) -> None:
        release = self._publish("1.0.0", published_by="ana")
        before = self._keeper().held_versions("shop").versions

        again = replace(release, published_at=LATER, published_by="ben")
        planned, receipt = self.make_target().plan(again), self.make_target().publish(again)

        assert planned.published_at == receipt.published_at == before[0].published_at
        assert self._keeper().held_versions("shop").versions == before

    def test_going_back_and_forth_needs_no_sources(self) -> None:
        self._publish("1.0.0")
        self._publish("2.0.0")

        back = self._keeper().roll_back("shop", "1.0.0", now=LATER)

        assert (back.previous, back.version, bool(back.written)) == ("2.0.0", "1.0.0", True)
        assert self.served_version("shop") == "1.0.0"
        assert self._keeper().held_versions("shop").latest == "1.0.0"
        self._keeper().roll_back("shop", "2.0.0", now=LATER)
        assert self.served_version("shop") == "2.0.0"

    def test_a_version_that_was_gone_back_from_can_be_published_again(self) -> None:
        self._publish("1.0.0")
        newer = self._publish("2.0.0")
        self._keeper().roll_back("shop", "1.0.0", now=LATER)

        receipt = self.make_target().publish(newer)

        assert receipt.changed
        assert self.served_version("shop") == "2.0.0"

    def test_going_where_one_is_changes_nothing(self) -> None:
        self._publish("1.0.0")
        before = self.read(self.latest_name("shop"))

        receipt = self._keeper().roll_back("shop", "1.0.0", now=LATER)

        assert receipt.written == ()
        assert self.read(self.latest_name("shop")) == before

    def test_a_dry_run_names_what_would_be_written_and_writes_nothing(self) -> None:
        self._publish("1.0.0")
        self._publish("2.0.0")

        planned = self._keeper().roll_back("shop", "1.0.0", now=LATER, dry_run=True)

        assert self.served_version("shop") == "2.0.0"
        assert planned.written == self._keeper().roll_back("shop", "1.0.0", now=LATER).written

    def test_a_version_that_is_not_there_is_refused_and_those_that_are_named(self) -> None:
        self._publish("1.0.0")
        self._publish("2.0.0")

        with pytest.raises(MiniProgramError, match=r"shop 9\.9\.9 was never published.*2\.0\.0, 1\.0\.0"):
            self._keeper().roll_back("shop", "9.9.9", now=LATER)
        assert self.served_version("shop") == "2.0.0"

    @pytest.mark.parametrize("path", ["manifest.json", "screens/shop_details.json", "assets/logo.png"])
    def test_a_version_that_lost_a_file_is_shown_as_such_and_never_served(self, path: str) -> None:
        self._publish("1.0.0")
        self._publish("2.0.0")
        self.remove(self.file_name("shop", "1.0.0", path))

        states = {each.version: each.state for each in self._keeper().held_versions("shop").versions}

        assert states == {"2.0.0": "whole", "1.0.0": "damaged"}
        with pytest.raises(MiniProgramError, match=r"shop 1\.0\.0 cannot be served"):
            self._keeper().roll_back("shop", "1.0.0", now=LATER)
        assert self.served_version("shop") == "2.0.0"

    def test_other_programs_stay_where_they_are(self) -> None:
        self.make_target().publish(sample_release("news", "3.0.0"))
        self._publish("1.0.0")
        self._publish("2.0.0")

        self._keeper().roll_back("shop", "1.0.0", now=LATER)

        assert self.served_version("news") == "3.0.0"
        assert [each.version for each in self._keeper().held_versions("news").versions] == ["3.0.0"]

    def test_what_is_served_is_read_as_far_as_it_differs(self) -> None:
        release = self._publish("1.0.0", text="Hello")
        files = {file.path: file.sha256 for file in release.bundle.files}
        home = "screens/shop_home.json"

        served = self._keeper().served_version("shop", known={**files, home: "another"})

        assert served is not None
        assert (served.version, served.files) == ("1.0.0", files)
        assert set(served.bodies) == {home}
        assert b"Hello" in served.bodies[home]

    def _keeper(self) -> KeepsVersions:
        target = self.make_target()
        assert isinstance(target, KeepsVersions)
        return target

    def _publish(self, version: str, *, text: str = "Welcome", published_by: str | None = None) -> Release:
        screens = {**sample_screens(text=text), "shop_logo": image_screen()}
        release = sample_release(
            version=version, screens=screens, assets={"logo.png": PNG}, base_url="https://programs.example/"
        )
        named = replace(release, published_by=published_by)
        self.make_target().publish(named)
        return named
