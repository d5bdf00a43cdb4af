"""What all contracts share: a declared way to say what a place cannot do, and the proof that it says so itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, ClassVar, TypeVar

import pytest

from miniprogram.errors import MiniProgramError

Test = TypeVar("Test", bound=Callable[..., Any])


class Contract:
    """The base of all contracts.

    A place that cannot do something of `can_be_missing` declares it, with the reason, in `cannot`. Tests that need
    it are skipped then, and one test makes sure that trying it is refused with a sentence: what is not there must
    never be passed over in silence.
    """

    can_be_missing: ClassVar[tuple[str, ...]] = ()
    """What a place may lack. Everything else is part of the seam."""
    cannot: ClassVar[Mapping[str, str]] = {}
    """What this place lacks, each with the reason."""

    def attempts(self, missing: str) -> Sequence[Callable[[], object]]:
        """Ways to try what is missing. Each has to raise MiniProgramError."""
        raise NotImplementedError(missing)

    def test_what_it_cannot_do_is_refused_with_a_sentence(self) -> None:
        unknown = set(self.cannot) - set(self.can_be_missing)
        assert not unknown, f"{sorted(unknown)} cannot be missing here; known: {list(self.can_be_missing)}"
        for missing, reason in self.cannot.items():
            assert reason.strip(), f"say why {missing!r} is missing"
            for attempt in self.attempts(missing):
                with pytest.raises(MiniProgramError) as refusal:
                    attempt()
                require_sentence(str(refusal.value))


def needs(ability: str) -> Callable[[Test], Test]:
    """Marks a test that makes no sense where `ability` is declared as missing."""

    def decorate(test: Test) -> Test:
        @wraps(test)
        def run(self: Contract, *args: Any, **named: Any) -> Any:
            if ability in self.cannot:
                pytest.skip(f"cannot: {self.cannot[ability]}")
            return test(self, *args, **named)

        return run  # type: ignore[return-value]

    return decorate


def require_sentence(text: str) -> None:
    """Fails unless `text` is something a person can read in one line."""
    assert len(text.split()) > 2, f"{text!r} is no sentence"
    assert "\n" not in text, f"{text!r} has more than one line"
    assert "Traceback" not in text
