"""What every admission ledger must do, as tests to inherit."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from miniprogram.delivery.evaluation.ledger import AdmissionLedger, ledger_key
from miniprogram.testing.contract import Contract

NOW_MS = 1_788_000_000_000
AT_ONCE = 16
"""How many people come at the same moment."""


class AdmissionLedgerContract(Contract):
    """Inherit, and override `make_ledger`. `open_again` gives a second client of the same counts.

    Nothing of it can be missing: a provider that cannot count has no ledger, and says so in its `abilities`.
    Every one of those who come at once has a client of its own: as many functions or processes would.
    """

    def make_ledger(self) -> AdmissionLedger:
        """A ledger that admitted nobody yet."""
        raise NotImplementedError

    def open_again(self, ledger: AdmissionLedger) -> AdmissionLedger:
        """Another client of what `ledger` keeps. Itself, when one client is all there is."""
        return ledger

    def test_nobody_is_in_before_somebody_was_admitted(self) -> None:
        ledger = self.make_ledger()

        assert ledger.has_admitted("w", ledger_key("w", "ada")) is False
        assert ledger.count("w") == 0

    def test_first_come_first_admitted(self) -> None:
        ledger = self.make_ledger()

        assert [_admit(ledger, "w", name, 2) for name in ("ada", "bob", "cyd", "dan")] == [
            True,
            True,
            False,
            False,
        ]
        assert ledger.count("w") == 2
        assert [ledger.has_admitted("w", ledger_key("w", name)) for name in ("ada", "cyd")] == [True, False]

    def test_coming_again_takes_no_second_place(self) -> None:
        ledger = self.make_ledger()
        _admit(ledger, "w", "ada", 2)

        assert [_admit(ledger, "w", "ada", 2) for _ in range(5)] == [True] * 5
        assert ledger.count("w") == 1
        assert _admit(ledger, "w", "bob", 2) is True

    def test_who_is_in_stays_in_when_the_window_is_full_or_shrinks(self) -> None:
        ledger = self.make_ledger()
        for name in ("ada", "bob"):
            _admit(ledger, "w", name, 2)

        assert [_admit(ledger, "w", "ada", limit) for limit in (2, 1, 0)] == [True] * 3
        assert [_admit(self.open_again(ledger), "w", "bob", limit) for limit in (2, 1, 0)] == [True] * 3
        assert ledger.count("w") == 2

    def test_a_full_window_takes_more_once_it_is_widened(self) -> None:
        ledger = self.make_ledger()
        _admit(ledger, "w", "ada", 1)
        assert _admit(ledger, "w", "bob", 1) is False

        assert _admit(ledger, "w", "bob", 2) is True
        assert ledger.count("w") == 2

    def test_windows_count_apart(self) -> None:
        ledger = self.make_ledger()
        one, other = "shop:wallet:production:r-1", "shop:wallet:production:r-11"
        _admit(ledger, one, "ada", 1)

        assert ledger.has_admitted(other, ledger_key(one, "ada")) is False
        assert _admit(ledger, other, "ada", 1) is True
        assert [ledger.count(window) for window in (one, other)] == [1, 1]

    def test_another_client_knows_who_is_in(self) -> None:
        ledger = self.make_ledger()
        _admit(ledger, "w", "ada", 1)

        other = self.open_again(ledger)

        assert other.has_admitted("w", ledger_key("w", "ada")) is True
        assert (other.count("w"), _admit(other, "w", "bob", 1)) == (1, False)

    def test_looking_takes_no_place(self) -> None:
        ledger = self.make_ledger()
        for name in ("ada", "bob"):
            ledger.has_admitted("w", ledger_key("w", name))

        assert ledger.count("w") == 0
        assert _admit(ledger, "w", "cyd", 1) is True

    def test_no_one_too_many_gets_in_at_the_same_moment(self) -> None:
        ledger = self.make_ledger()
        names = [[f"user-{number}-{number_in_batch}" for number_in_batch in range(3)] for number in range(AT_ONCE)]

        let_in = self._all_at_once(ledger, names, limit=AT_ONCE)

        assert sum(let_in) == ledger.count("w") == AT_ONCE
        inside = [ledger.has_admitted("w", ledger_key("w", name)) for some in names for name in some]
        assert inside == let_in

    def test_one_visitor_at_many_doors_takes_one_place(self) -> None:
        ledger = self.make_ledger()

        let_in = self._all_at_once(ledger, [["ada"]] * AT_ONCE, limit=3)

        assert (let_in, ledger.count("w")) == ([True] * AT_ONCE, 1)

    def _all_at_once(self, ledger: AdmissionLedger, names: list[list[str]], limit: int) -> list[bool]:
        """Each list of names through a client of its own, all starting together; who got in, in that order."""
        start = Barrier(len(names))

        def come(some: Iterable[str]) -> list[bool]:
            mine = self.open_again(ledger)
            start.wait()
            return [_admit(mine, "w", name, limit) for name in some]

        with ThreadPoolExecutor(len(names)) as pool:
            return [is_in for row in pool.map(come, names) for is_in in row]


def _admit(ledger: AdmissionLedger, window: str, name: str, limit: int) -> bool:
    return ledger.admit(window, ledger_key(window, name), limit, NOW_MS)
