"""The release record names the versions of what built and published it, and goes on naming them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from miniprogram.packages.release_record import read_record
from miniprogram.publish.layouts.static import static_layout
from miniprogram.testing import sample_release
from miniprogram.version import VERSION

OURS = {"miniprogram": VERSION}


def record(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text())
    return document


@pytest.mark.process
def test_a_static_folder_names_the_core_and_the_plugin_of_the_target(
    miniprogram_run: Callable[..., Any], miniprogram_program: Path, tmp_path: Path
) -> None:
    answer = miniprogram_run("publish", "--target", "static", "--output", "../out", cwd=miniprogram_program)

    assert answer.code == 0, answer.err
    found = record(tmp_path / "out" / "metadata" / "releases" / "shop" / "1.0.0.json")
    assert found["builtWith"] == {**OURS, "miniprogram-static": VERSION}


@pytest.mark.process
def test_an_environment_names_the_plugin_of_its_provider(
    miniprogram_run: Callable[..., Any], miniprogram_program: Path, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    for words in (
        ["env", "init"],
        ["env", "configure", "dev", "--provider", "filesystem", "--store", str(store)],
        ["publish", "--target", "cloud", "--env", "dev"],
    ):
        answer = miniprogram_run(*words, cwd=miniprogram_program)
        assert answer.code == 0, answer.err

    assert record(store / "metadata" / "releases" / "shop" / "1.0.0.json")["builtWith"] == OURS


def test_whoever_publishes_the_same_again_changes_nothing_of_it() -> None:
    first = static_layout(replace(sample_release(), built_with={"b": "2", "a": "1"}))
    again = static_layout(replace(sample_release(), built_with={"c": "3"}))
    silent = static_layout(sample_release())

    earlier = read_record(first.record_body())
    assert earlier is not None
    assert dict(earlier.built_with) == {"a": "1", "b": "2"}
    assert again.record_body(earlier) == first.record_body()
    before = read_record(silent.record_body())
    assert before is not None
    assert b"builtWith" not in again.record_body(before)


@pytest.mark.parametrize("member", [7, ["x"], {"a": 1}], ids=["number", "list", "numbers"])
def test_a_member_of_another_shape_is_no_member(member: object) -> None:
    body = json.dumps({**json.loads(static_layout(sample_release()).record_body()), "builtWith": member}).encode()

    found = read_record(body)

    assert found is not None
    assert dict(found.built_with) == {}
