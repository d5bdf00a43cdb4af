"""An answer that is asked for before it is needed: once, beside other work, and with whatever it raises."""

from __future__ import annotations

from threading import Event

import pytest

from miniprogram.errors import PublishError
from miniprogram.provider_kit.early_answer import EarlyAnswer


def test_nobody_waits_before_somebody_wants_to_know() -> None:
    asked, may_answer = Event(), Event()
    times: list[int] = []

    def ask() -> str:
        times.append(1)
        asked.set()
        assert may_answer.wait(10)
        return "made"

    answer = EarlyAnswer(ask)
    assert not asked.is_set()
    answer.begin()
    assert asked.wait(10)
    answer.begin()
    may_answer.set()

    assert (answer.result(), answer.result(), times) == ("made", "made", [1])


def test_what_is_raised_reaches_whoever_wants_to_know() -> None:
    def ask() -> str:
        raise PublishError("nobody is there")

    answer = EarlyAnswer(ask)
    answer.begin()

    with pytest.raises(PublishError, match="nobody is there"):
        answer.result()
