"""The functions behind the rows of `command_rows`, for the plugin whose commands they are.

    __getattr__ = functions_for("acme", BackendOptions)

makes a module of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from miniprogram.backends.cloud.command_rows import SUBCOMMANDS
from miniprogram.cli.commands import publisher_backend_cloud as backend
from miniprogram.cli.commands import publisher_backend_cloud_data as data
from miniprogram.cli.commands import publisher_backend_handover as handover

if TYPE_CHECKING:
    from pydantic import BaseModel

NAMES = frozenset(function for _, _, function, _ in SUBCOMMANDS)


def functions_for(provider: str, options: type[BaseModel]) -> Callable[[str], Callable[..., Any]]:
    """Gives the function of a name, as a command of `provider` with the fields of `options` as further options.

    Raises AttributeError for another name.
    """

    def function(name: str) -> Callable[..., Any]:
        if name not in NAMES:
            raise AttributeError(f"there is no command of a publisher backend {name!r}")
        found = next(getattr(module, name) for module in (backend, data, handover) if hasattr(module, name))
        return backend.for_provider(found, provider, options)

    return function
