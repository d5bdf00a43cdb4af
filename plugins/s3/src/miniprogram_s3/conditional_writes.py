"""How an S3 server takes conditions. AWS's own rules are known; another server's are found out by `probing`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConditionalWrites:
    """What a server does with If-Match and If-None-Match."""

    conditional_put: bool = True
    """Whether PUT honours both. Without, nobody can tell that two people write at once."""
    quoted_etags: bool = True
    """Whether If-Match wants its etag in quotes, as HTTP has it."""
    conditional_delete: bool = True
    conditional_multipart: bool = True

    def if_match(self, etag: str) -> str:
        """The header for an etag without quotes."""
        return f'"{etag}"' if self.quoted_etags else etag


AWS = ConditionalWrites()
