"""Why a mini-program could not be loaded. `code` is what hosts look at (contract of delivery, error codes)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from miniprogram.errors import MiniProgramError

ROLL_BACK_TO_EMBEDDED = "roll_back_to_embedded"
"""Delivery's code for a host that is to run what it has embedded."""


class ClientError(MiniProgramError):
    """A mini-program was not loaded."""

    code = "client_error"


class DeliveryUnreachable(ClientError):  # noqa: N818 - what happened, not what is wrong
    """No answer, or none in time (`code` is `backend_timeout`). What is kept may stand in."""

    def __init__(self, message: str, *, code: str = "backend_unreachable") -> None:
        super().__init__(message)
        self.code = code


class DeliveryRefused(ClientError):  # noqa: N818 - what happened, not what is wrong
    """Delivery said no. `code` and `details` are its own, `status` that of HTTP."""

    def __init__(self, message: str, *, code: str, status: int, details: Mapping[str, Any]) -> None:
        super().__init__(message)
        self.code, self.status, self.details = code, status, details


class BrokenDelivery(ClientError):  # noqa: N818 - what happened, not what is wrong
    """What came is not what was promised: damaged, too large, of another version, or no document at all."""

    code = "manifest_parse_failure"


class NotDelivered(BrokenDelivery):
    """A file of a package that is not there. Another way to the version may be."""

    code = "artifact_not_found"


class Unsigned(ClientError):  # noqa: N818 - what happened, not what is wrong
    """The host pins a root, and the version is not what was signed. No copy stands in for it."""

    code = "signature_invalid"


class NotSealed(ClientError):  # noqa: N818 - what happened, not what is wrong
    """The host takes sealed versions only, and the version is not sealed."""

    code = "not_sealed"


class CannotOpen(ClientError):  # noqa: N818 - what happened, not what is wrong
    """The version is sealed, and not for a key of this host."""

    code = "sealed_for_others"


class HostUnsuited(ClientError):  # noqa: N818 - what happened, not what is wrong
    """The version needs what this host does not have."""

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code


class NothingToLaunch(ClientError):  # noqa: N818 - what happened, not what is wrong
    """No version is left that did not fail to start, kept or embedded."""

    code = "nothing_to_launch"
