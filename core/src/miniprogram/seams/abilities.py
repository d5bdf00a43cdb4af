"""What the delivery of a provider can do. What a provider does not say it can do, it cannot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from miniprogram.delivery.evaluation.ledger import AdmissionLedger

WINDOWS = "time windows"
"""Counting who is admitted to a window that has room for so many."""
PROTECTED_LISTS = "protected lists"
"""Asking lists of ids that nobody may read."""
SIGNED_LINKS = "signed links"
"""Checking the signature of a link to a release."""

ALL = (WINDOWS, PROTECTED_LISTS, SIGNED_LINKS)
NOT_SAID = "its provider does not say that its delivery can do this"
NOT_COUNTED = "its provider counts no admissions"


@runtime_checkable
class StatesAbilities(Protocol):
    """A provider that says what its delivery can do."""

    @property
    def abilities(self) -> Mapping[str, str | None]:
        """By the names in this module: None for what it can do, the reason for what it cannot."""
        ...


@runtime_checkable
class AdmissionCounting(Protocol):
    """A provider that counts admissions to time windows. Without it, there are none, whatever `abilities` say."""

    def ledger(self) -> AdmissionLedger:
        """The ledger its delivery service asks too."""
        ...


def unsupported(provider: object) -> dict[str, str]:
    """The abilities that the delivery of `provider` lacks, each with the reason."""
    stated = provider.abilities if isinstance(provider, StatesAbilities) else {}
    reasons = {name: stated.get(name, NOT_SAID) for name in ALL}
    lacking = {name: reason for name, reason in reasons.items() if reason is not None}
    if WINDOWS not in lacking and not isinstance(provider, AdmissionCounting):
        lacking[WINDOWS] = NOT_COUNTED
    return lacking
