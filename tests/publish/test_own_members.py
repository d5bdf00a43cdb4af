"""What a target says of itself stands beside what is said of every publish, and never in its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from miniprogram.errors import PluginError
from miniprogram.publish.publishing import plan_release, publish_release
from miniprogram.publish.report import PublishReport
from miniprogram.seams.publish_target import Members, PublishPlan, PublishReceipt, Release
from miniprogram.testing import MemoryTarget, sample_release


class SayingMore(MemoryTarget):
    """A MemoryTarget with members of its own."""

    def __init__(self, members: Members) -> None:
        super().__init__()
        self.members = members

    def plan(self, release: Release) -> PublishPlan:
        return replace(super().plan(release), members=self.members)

    def publish(self, release: Release) -> PublishReceipt:
        return replace(super().publish(release), members=self.members)


@pytest.mark.parametrize("do", [plan_release, publish_release])
def test_they_are_members_of_the_document(do: Callable[..., PublishReport]) -> None:
    target = SayingMore({"siteId": "shop-site", "deployCommand": ("deploy", "--now"), "channel": None})

    report = do(sample_release(), target, target_name="more").model_dump(mode="json", by_alias=True)

    assert (report["siteId"], report["deployCommand"], report["channel"]) == (
        "shop-site",
        ["deploy", "--now"],
        None,
    )
    assert report["miniProgramId"] == "shop"


@pytest.mark.parametrize("name", ["miniProgramId", "writtenFiles"])
def test_a_name_with_a_meaning_keeps_it(name: str) -> None:
    with pytest.raises(PluginError, match=name):
        plan_release(sample_release(), SayingMore({name: "mine"}), target_name="more")
