"""What a host that pins a root asks, before it takes anything of a version from delivery."""

from __future__ import annotations

from typing import Protocol


class Verifier(Protocol):
    """Knows what was signed. `miniprogram_trust.client.PinnedHost` is one."""

    def signed_package_index(self, program_id: str, version: str) -> bytes:
        """The index of a version's package, loaded and verified now: what it names by digest is signed with it.

        Raises MiniProgramError for a version that nobody signed who may, that was withdrawn, or that is not as it
        was signed; and when that cannot be learnt.
        """
        ...
