"""What a provider does not say, its delivery cannot do."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from miniprogram.seams.abilities import (
    ALL,
    NOT_COUNTED,
    NOT_SAID,
    PROTECTED_LISTS,
    SIGNED_LINKS,
    WINDOWS,
    unsupported,
)

EVERYTHING = dict.fromkeys(ALL)


def provider(abilities: dict[str, str | None] | None, *, counts: bool = False) -> Any:
    members: dict[str, Any] = {} if abilities is None else {"abilities": abilities}
    return SimpleNamespace(**members, **({"ledger": lambda: None} if counts else {}))


@pytest.mark.parametrize(
    ("stated", "counts", "lacking"),
    [
        (None, False, dict.fromkeys(ALL, NOT_SAID)),
        (None, True, dict.fromkeys(ALL, NOT_SAID)),
        ({}, True, dict.fromkeys(ALL, NOT_SAID)),
        (EVERYTHING, True, {}),
        (EVERYTHING, False, {WINDOWS: NOT_COUNTED}),
        ({**EVERYTHING, WINDOWS: "no table"}, False, {WINDOWS: "no table"}),
        ({WINDOWS: None, SIGNED_LINKS: None}, True, {PROTECTED_LISTS: NOT_SAID}),
    ],
    ids=["silent", "silent with a ledger", "empty", "everything", "no ledger", "a reason", "one not named"],
)
def test_what_is_not_said_is_not_there(
    stated: dict[str, str | None] | None, counts: bool, lacking: dict[str, str]
) -> None:
    assert unsupported(provider(stated, counts=counts)) == lacking
