"""Versions on a Pages branch that are signed: trust metadata is committed and pushed like everything else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from miniprogram.errors import PublishError
from miniprogram.seams.publish_target import Release
from miniprogram.testing import sample_release
from miniprogram_github_pages.target import PagesTarget
from miniprogram_trust.service import sign_again
from miniprogram_trust.verifying import verify_address
from testbed.trust_world import TrustWorld

pytestmark = pytest.mark.process


@pytest.fixture
def world(tmp_path: Path) -> TrustWorld:
    return TrustWorld(tmp_path / "trust")


def begin(world: TrustWorld, target: PagesTarget) -> bytes:
    with target.opened_store("Begin to sign") as (store, keys):
        world.keys = keys
        return world.begin(store=store)


def test_a_branch_is_signed_published_to_and_verified_from_where_it_is_served(
    world: TrustWorld, target: Callable[..., PagesTarget], pages: str, remote: Path, git: Any
) -> None:
    root = begin(world, target())
    target(base_url=None).publish(replace(sample_release(base_url=pages), signers=world.signers("dev", "online")))
    before = git(remote, "rev-parse", "gh-pages")

    report = verify_address(pages, root)
    assert [(each.mini_program_id, each.version) for each in report.versions] == [("shop", "1.0.0")]

    with target().opened_store("Sign") as (store, _):
        sign_again(world.writer("online", store=store), world.renewal("online"))
    assert git(remote, "rev-parse", "gh-pages") == before  # nothing was due: nothing is pushed
    with target().opened_store("Sign") as (store, _):
        sign_again(world.writer("online", store=store), world.renewal("online", everything=True))
    assert git(remote, "log", "--format=%s", "gh-pages").splitlines() == [
        "Sign",
        "Publish shop 1.0.0",
        "Begin to sign",
    ]
    assert verify_address(pages, root).file_count == 3


def test_a_branch_that_moved_meanwhile_is_left_alone(
    world: TrustWorld,
    target: Callable[..., PagesTarget],
    rival: Callable[[Release], None],
    branch_file: Callable[[str], bytes | None],
) -> None:
    begin(world, target())
    stamp = branch_file("trust/timestamp.json")

    def sign_while_somebody_else_publishes() -> None:
        with target().opened_store("Sign") as (store, _):
            sign_again(world.writer("online", store=store), world.renewal("online", everything=True))
            rival(replace(sample_release(), signers=world.signers("dev", "online")))

    with pytest.raises(PublishError, match="moved meanwhile"):
        sign_while_somebody_else_publishes()
    assert branch_file("trust/timestamp.json") != stamp  # the rival's
    assert branch_file("manifests/shop/latest.json") is not None


def test_what_fails_pushes_nothing(
    world: TrustWorld, target: Callable[..., PagesTarget], remote: Path, git: Any
) -> None:
    begin(world, target())
    before = git(remote, "rev-parse", "gh-pages")

    def fail() -> None:
        with target().opened_store("Sign") as (store, keys):
            store.put("trust/9.x.json", b"{}")
            raise RuntimeError(str(keys.layout))

    with pytest.raises(RuntimeError):
        fail()
    assert git(remote, "rev-parse", "gh-pages") == before
