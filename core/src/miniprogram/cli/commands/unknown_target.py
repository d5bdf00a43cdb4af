"""What a person may have meant who named a host app, or an environment of one, that there is not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from miniprogram.refusals import NotFound, Refused

if TYPE_CHECKING:
    from miniprogram.documents.environment_storage import EnvironmentStorage
    from miniprogram.targets import Target


@contextmanager
def naming_target(storage: EnvironmentStorage, target: Target | None) -> Iterator[None]:
    """Add to what is not there, or refused, that `target` is not there either.

    For the command line only: whoever has the store may read the names of all host apps.
    """
    try:
        yield
    except (NotFound, Refused) as error:
        error.hint = error.hint or unknown_target(storage, target)
        raise


def unknown_target(storage: EnvironmentStorage, target: Target | None) -> str | None:
    """A sentence with the names there are; None when `target` is there, or none is meant."""
    from miniprogram.identity.environment_document import read_environment
    from miniprogram.suggestions import did_you_mean

    if target is None:
        return None
    document = read_environment(storage)
    app = document.app(target.host_app)
    if app is None:
        names = [each.name for each in document.apps]
        advice = did_you_mean(target.host_app, names) or f"there are {', '.join(names) or 'none'}"
        return f"There is no host app {target.host_app!r}: {advice}"
    if app.environment(target.environment) is None:
        stages = ", ".join(each.name for each in app.environments)
        return f"{app.name} has no environment {target.environment}; it has {stages}."
    return None
