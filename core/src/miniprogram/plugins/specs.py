"""What a plugin can add, described before any code behind it is imported.

Each spec names a thing and says how to import it. `settings` loads a pydantic model whose fields become command
line options; `create` and `open` do the real imports. This module imports the standard library only, and of it
little: named tuples, because dataclasses would add half of Python's own start-up to every `capabilities`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel

    from miniprogram.backends.template import BackendTemplate
    from miniprogram.cloud.provider import CloudProvider, ProviderContext
    from miniprogram.hosts.generator import HostGenerator
    from miniprogram.project.screen_source import ScreenSource, SourceContext
    from miniprogram.publish.target import PublishTarget, TargetContext
    from miniprogram.workflow.checks import Check, CheckContext

    S = TypeVar("S", bound=BaseModel)
else:
    S = TypeVar("S")


class TargetSpec(NamedTuple, Generic[S]):
    """A place `publish --target NAME` can publish to."""

    name: str
    summary: str
    settings: Callable[[], type[S]]
    create: Callable[[S, TargetContext], PublishTarget]
    needs_environment: bool = False
    """Whether the target publishes into a named environment (`--env`, else the active one)."""


class ProviderSpec(NamedTuple, Generic[S]):
    """A cloud, or what stands for one: `env configure NAME --provider NAME`."""

    name: str
    summary: str
    settings: Callable[[], type[S]]
    open: Callable[[S, ProviderContext], CloudProvider]


class BackendTemplateSpec(NamedTuple):
    """A publisher backend starter: `publisher-backend scaffold --template NAME --storage STORAGE`."""

    name: str
    summary: str
    storages: tuple[str, ...]
    """What `--storage` accepts; the first is the default."""
    create: Callable[[], BackendTemplate]


class HostGeneratorSpec(NamedTuple):
    """A kind of host app we can embed into."""

    name: str
    summary: str
    create: Callable[[], HostGenerator]


class ScreenSourceSpec(NamedTuple):
    """A file type screens can be written in. `suffix` has its dot: `.py`."""

    suffix: str
    summary: str
    create: Callable[[SourceContext], ScreenSource]
    anywhere: bool = False
    """Whether its files count anywhere below `stac/`, not only where screens and themes are expected."""


class DoctorCheckSpec(NamedTuple):
    """One line of `doctor`. `run` may be slow and may touch the machine, never the network."""

    label: str
    run: Callable[[CheckContext], Check]


class CommandSpec(NamedTuple):
    """A command. `load` is `module:function`, imported when the command runs."""

    path: tuple[str, ...]
    summary: str
    load: str
    surplus: Literal["error", "ignored"] = "error"
    """What happens to surplus positional arguments."""
    settings_of: Literal["publish_targets", "cloud_providers"] | None = None
    """Whose settings models bring further options. Their values reach the function as its keyword parameter
    `settings`: a mapping, by field name, of those that were given."""


class Capability(NamedTuple):
    """A row of `capabilities`: what an editor looks for before it offers a feature."""

    id: str
    feature: str
    command: str


AnyTarget = TargetSpec[Any]
AnyProvider = ProviderSpec[Any]
