"""The messages of a preview: in order, again for who was away, and never lost between two of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from miniprogram.preview.bundle import PreviewBundle
from miniprogram.preview.channel import HEARTBEAT, Channel
from miniprogram.preview.mistakes import Mistake
from miniprogram.preview.session import PreviewSession


def state() -> Iterator[tuple[str, dict[str, Any]]]:
    yield "hello", {"buildVersion": 3}
    yield "error", {"message": "wrong"}


def read(stream: Iterator[bytes], count: int) -> list[tuple[str, str, dict[str, Any]]]:
    """`count` messages as (id, event, data)."""
    found = []
    for _ in range(count):
        lines = next(stream).decode().strip().splitlines()
        fields = dict(line.split(": ", 1) for line in lines)
        found.append((fields["id"], fields["event"], json.loads(fields["data"])))
    return found


def test_who_comes_is_told_how_things_stand_and_what_happens() -> None:
    channel = Channel()
    channel.publish("screen", {"id": "old"})
    stream = channel.stream(None, state)

    hello, error = read(stream, 2)
    channel.publish("screen", {"id": "new"})
    [screen] = read(stream, 1)

    assert hello == (
        f"{channel.instance}-1",
        "hello",
        {"buildVersion": 3, "seq": 1, "instance": channel.instance, "resumed": False},
    )
    assert error[1:] == ("error", {"message": "wrong"})
    assert screen == (f"{channel.instance}-2", "screen", {"id": "new"})


def test_who_was_away_is_told_what_was_missed_and_nothing_twice() -> None:
    channel = Channel()
    for number in range(5):
        channel.publish("log", {"number": number})

    stream = channel.stream(f"{channel.instance}-2", state)

    hello, *missed = read(stream, 4)
    assert hello[2]["resumed"] is True
    assert [data["number"] for _, _, data in missed] == [2, 3, 4]


@pytest.mark.parametrize(
    "last", ["other-2", "2", "", "-", "{instance}-9", "{instance}-x", "{instance}-0", "{instance}--1"]
)
def test_who_was_away_too_long_starts_from_how_things_stand(last: str) -> None:
    channel = Channel(most=3)
    for number in range(5):
        channel.publish("log", {"number": number})

    first, second = read(channel.stream(last.replace("{}", channel.instance), state), 2)

    assert (first[2]["resumed"], first[2]["seq"], second[1]) == (False, 5, "error")


def test_what_happens_while_the_state_is_read_is_told() -> None:
    channel = Channel()

    def slow_state() -> Iterator[tuple[str, dict[str, Any]]]:
        yield "hello", {}
        channel.publish("screen", {"id": "meanwhile"})

    _, screen = read(channel.stream(None, slow_state), 2)

    assert screen[2] == {"id": "meanwhile"}


def test_silence_is_broken_from_time_to_time_and_a_closed_channel_ends() -> None:
    channel = Channel()
    stream = channel.stream(None, state, heartbeat_s=0.01)
    read(stream, 2)

    assert next(stream) == HEARTBEAT
    channel.close()
    assert list(stream) == []


def test_a_build_tells_what_changed_and_no_more(session: PreviewSession, bundle: PreviewBundle) -> None:
    from dataclasses import replace

    stream = session.channel.stream(None, session.state)
    read(stream, 1)
    session.apply(bundle)  # the same again
    session.fail("wrong", [Mistake("x", "wrong", "a.json", 1, 2)])
    changed = {"shop_home": "other", "shop_new": "new"}
    session.apply(replace(bundle, digests=changed, manifest={**bundle.manifest, "title": "Other"}))
    session.apply(replace(bundle, digests={"shop_home": "other"}, manifest={**bundle.manifest, "title": "Other"}))

    error, fixed, *screens, manifest, gone = read(stream, 6)
    assert (error[1], error[2]["file"], error[2]["more"]) == ("error", "a.json", [])
    assert fixed[1] == "fixed"
    assert [(event, data["id"], data["digest"]) for _, event, data in screens] == [
        ("screen", "shop_home", "other"),
        ("screen", "shop_new", "new"),
    ]
    assert (manifest[1], manifest[2]["part"]) == ("reload", "manifest")
    assert (gone[2]["id"], gone[2]["digest"]) == ("shop_new", None)
