"""What every log source must do, as tests to inherit."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from miniprogram.errors import MiniProgramError
from miniprogram.provider_kit.log_following import follow
from miniprogram.seams.log_source import LogEvent, LogSource
from miniprogram.testing.contract import Contract, require_sentence

MINUTE_MS = 60_000


class LogSourceContract(Contract):
    """Inherit, and override `make_source`, `write` and `make_unreadable_source`.

    Where pages can be made small, make them smaller than five events: then it shows that all pages are read.
    """

    def make_source(self) -> LogSource:
        """The log of this test, in which nothing was written at first. Called again, it opens the same one."""
        raise NotImplementedError

    def write(self, lines: Sequence[tuple[int, str]]) -> None:
        """Have these logged there, by their times in milliseconds since the epoch."""
        raise NotImplementedError

    def make_unreadable_source(self) -> LogSource:
        """One that is not there, or may not be read."""
        raise NotImplementedError

    def test_it_says_which_log_it_is(self) -> None:
        assert self.make_source().name.strip()

    def test_a_log_in_which_nothing_was_written_is_empty(self) -> None:
        assert self._read(0) == []

    def test_everything_since_a_time_is_read_with_its_time_and_text(self) -> None:
        start_ms = self._recent_ms()
        lines = [(start_ms + 10 * number, f"line {number}") for number in range(5)]
        self.write([(start_ms - 1, "older"), *lines])

        assert self._texts(start_ms) == lines
        assert self._texts(start_ms + 25) == lines[3:]

    def test_the_same_text_twice_is_two_events(self) -> None:
        start_ms = self._recent_ms()
        self.write([(start_ms, "again"), (start_ms, "again"), (start_ms + 1, "again")])

        assert len({event.identity for event in self._read(start_ms)}) == 3

    def test_an_event_that_is_read_again_is_known_again(self) -> None:
        start_ms = self._recent_ms()
        self.write([(start_ms + 10 * number, f"line {number}") for number in range(5)])

        first, later = self._read(start_ms), self._read(start_ms + 20)

        assert first[2:] == later

    def test_texts_come_whole(self) -> None:
        start_ms = self._recent_ms()
        texts = ["größer 日本語 🚀", '{"a": "b"}', "x" * 10_000]
        self.write([(start_ms + number, text) for number, text in enumerate(texts)])

        assert [text for _, text in self._texts(start_ms)] == texts

    def test_it_is_followed_in_order_and_each_event_once(self) -> None:
        start_ms = self._recent_ms()
        self.write([(start_ms + 10 * number, f"line {number}") for number in range(5)])
        now_s = (start_ms + MINUTE_MS) / 1000

        lines = list(follow(self.make_source(), since_s=120, goes_on=False, now_s=lambda: now_s))

        assert [line.partition(" ")[2] for line in lines] == [f"line {number}" for number in range(5)]

    def test_one_that_cannot_be_read_says_so_when_it_is_read(self) -> None:
        source = self.make_unreadable_source()

        with pytest.raises(MiniProgramError) as refusal:
            list(source.pages(self._recent_ms()))

        require_sentence(str(refusal.value))
        assert source.name in str(refusal.value)

    def _read(self, start_ms: int) -> list[LogEvent]:
        """By time; those of one time as they come."""
        found = [event for page in self.make_source().pages(start_ms) for event in page]
        return sorted(found, key=lambda event: event.at_ms)

    def _texts(self, start_ms: int) -> list[tuple[int, str]]:
        """Without the blanks that some logs keep at the end."""
        return [(event.at_ms, event.message.rstrip()) for event in self._read(start_ms)]

    @staticmethod
    def _recent_ms() -> int:
        """A minute ago: a log may refuse what is of another day, or of a time to come."""
        return int(time.time() * 1000) - MINUTE_MS
