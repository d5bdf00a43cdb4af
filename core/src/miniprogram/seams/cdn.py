"""The seam to a CDN before our delivery: what it keeps, dropped before its time.

`miniprogram.provider_kit.cdn_store.CdnStore` puts it behind a store: whatever door a change comes through, the
CDN is told of what may have closed something that was open. A change that only opens is seen when what the CDN
keeps has run out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Cdn(Protocol):
    """The CDN of one environment. Nothing connects before it is asked for something."""

    @property
    def keeps_s(self) -> int:
        """How long it goes on with an answer when nobody tells it, in seconds at most."""
        ...

    def invalidate(self, keys: Sequence[str]) -> None:
        """Drop what was answered from the objects of `keys`, which were just written or deleted in the store.

        Called after each change of a document that may withdraw or protect something; the change waits for it, so
        it asks and does not wait until all edges are done. `answered_paths` of
        `miniprogram.provider_kit.cdn_store` says which addresses of our delivery that concerns; before the store
        itself they are the keys. Without a CDN (yet) it does nothing. Raises MiniProgramError when the CDN
        refuses or is silent: that is logged, and the change is done all the same.
        """
        ...
