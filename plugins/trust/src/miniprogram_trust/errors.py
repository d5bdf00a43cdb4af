"""What goes wrong with trust metadata, in one kind of error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from miniprogram.errors import MiniProgramError


class TrustError(MiniProgramError):
    """Something is not signed as it must be, or cannot be signed."""


@contextmanager
def tuf_errors(what: str) -> Iterator[None]:
    """Tell what `tuf` finds wrong with `what` as a TrustError."""
    from tuf.api.exceptions import DownloadError, RepositoryError
    from tuf.api.serialization import DeserializationError

    try:
        yield
    except DownloadError as error:
        raise TrustError(f"{what} cannot be loaded: {_text(error)}") from error
    except (RepositoryError, DeserializationError) as error:
        raise TrustError(f"{what} cannot be trusted: {_text(error)}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TrustError(f"{what} cannot be trusted: it is not what trust metadata looks like") from error


def _text(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
