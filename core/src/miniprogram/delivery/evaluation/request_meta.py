"""When and from where a request came, and what a decision may change because of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from miniprogram.delivery.evaluation.ledger import AdmissionLedger


class Moment(NamedTuple):
    """`client` is the peer's address or blank. `admits`: whether places in windows are taken."""

    now_ms: int
    client: str = ""
    ledger: AdmissionLedger | None = None
    admits: bool = False

    def looking(self) -> Moment:
        """The same moment for somebody who only wants to know."""
        return self._replace(admits=False)
