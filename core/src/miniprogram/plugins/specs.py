"""What a plugin can add, described before any code behind it is imported.

Each spec names a thing and says how to import it. `settings` loads a pydantic model whose fields become command
line options; `create` and `open` do the real imports. This module imports next to nothing: every start does.
"""

from __future__ import annotations

from miniprogram.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any, Generic, Literal, TypeVar

    from pydantic import BaseModel

    from miniprogram.seams.backend_template import BackendTemplate
    from miniprogram.seams.checks import Check, CheckContext
    from miniprogram.seams.cloud_provider import CloudProvider, ProviderContext
    from miniprogram.seams.host_generator import HostGenerator
    from miniprogram.seams.preview_host import PreviewHost
    from miniprogram.seams.preview_page import PreviewPage
    from miniprogram.seams.publish_target import PublishTarget, TargetContext
    from miniprogram.seams.screen_check import ScreenRemark
    from miniprogram.seams.screen_frame import ScreenFrame
    from miniprogram.seams.screen_painter import PaintJob, Picture
    from miniprogram.seams.screen_source import ScreenSource, SourceContext
    from miniprogram.seams.signing_key import SigningKey
    from miniprogram.seams.version_signing import SignerContext, VersionSigner

    S = TypeVar("S", bound=BaseModel)

    class OfSettings(Record, Generic[S]):
        """A record about something that has a settings model."""

else:
    S = Any = None
    OfSettings = Record


class TargetSpec(OfSettings[S]):
    """A place `publish --target NAME` can publish to."""

    name: str
    """What people type after `--target`."""
    summary: str
    """Where it publishes to, in a few words."""
    settings: Callable[[], type[S]]
    """Imports the pydantic model whose fields become options of `publish`."""
    create: Callable[[S, TargetContext], PublishTarget]
    """Imports and makes the target. The context says which mini-program it is for and where paths start."""
    needs_environment: bool = False
    """Whether the target publishes into a named environment (`--env`, else the active one)."""


class ProviderSpec(OfSettings[S]):
    """A cloud, or what stands for one: `env configure NAME --provider NAME`."""

    name: str
    """What people type after `--provider`."""
    summary: str
    """Which cloud it is, in a few words."""
    settings: Callable[[], type[S]]
    """Imports the pydantic model whose fields become options of `env configure` and are stored in env.json."""
    open: Callable[[S, ProviderContext], CloudProvider]
    """Imports and makes the provider. The context names the environment and says where state may be kept."""
    shown: tuple[str, ...] = ()
    """Names of stored values, as env.json spells them, that `workflow status` may show: never that of a secret."""


class BackendTemplateSpec(Record):
    """A publisher backend starter: `publisher-backend scaffold --template NAME --storage STORAGE`."""

    name: str
    """What people type after `--template`."""
    summary: str
    """Where such a backend runs, in a few words."""
    storages: tuple[str, ...]
    """What `--storage` accepts; the first is the default."""
    create: Callable[[], BackendTemplate]
    """Imports and makes the template."""


class HostGeneratorSpec(Record):
    """A kind of host app we can embed into."""

    name: str
    """The kind of app, as messages call it."""
    summary: str
    """How such an app is recognised, in a few words."""
    create: Callable[[], HostGenerator]
    """Imports and makes the generator."""
    preview: Callable[[], PreviewHost] | None = None
    """Imports and makes what shows previews in such an app; None when nothing does."""


class ScreenSourceSpec(Record):
    """A file type screens can be written in. `suffix` has its dot: `.py`."""

    suffix: str
    """The end of the file's name, with its dot."""
    summary: str
    """What such files hold, in a few words."""
    create: Callable[[SourceContext], ScreenSource]
    """Imports and makes the reader of such files."""
    anywhere: bool = False
    """Whether its files count anywhere below `stac/`, not only where screens and themes are expected."""


class ScreenCheckSpec(Record):
    """A further look that `validate` takes at screens which are otherwise right. `run` writes nothing."""

    label: str
    """What messages call it."""
    run: Callable[[Mapping[str, dict[str, Any]]], Iterable[ScreenRemark]]
    """Looks at the Stac JSON of every screen, by screen id. A MiniProgramError it raises becomes a warning."""


class PreviewPageSpec(Record):
    """A page that runs mini-programs in a browser. `preview` serves it, and the mini-program to it."""

    label: str
    """What messages call it."""
    create: Callable[[], PreviewPage]
    """Imports and makes the page: which files it has, and where they lie."""


class ScreenPainterSpec(Record):
    """What takes pictures of screens. `paint` writes nothing."""

    label: str
    """What draws, as messages call it."""
    paint: Callable[[PaintJob], Iterable[Picture]]
    """The pictures of the job's shots, in their order. Raises MiniProgramError when it cannot draw."""


class ScreenFrameSpec(Record):
    """What draws a screen in a frame of the release console, beside the same screen of another version."""

    label: str
    """What messages call it."""
    create: Callable[[], ScreenFrame]
    """Imports and makes it: a script, and what that loads. Called once, when somebody first looks at a screen."""


class DoctorCheckSpec(Record):
    """One line of `doctor`. `run` may be slow and may touch the machine, never the network."""

    label: str
    """What the line starts with."""
    run: Callable[[CheckContext], Check]
    """Looks, and says how things stand. What it raises is shown as an error of this check."""


class SigningKeySpec(Record):
    """A kind of key that signs, found by the scheme of its URI: `file` opens `file:release.pem`."""

    scheme: str
    """What stands before the colon."""
    summary: str
    """Where such keys are kept, in a few words."""
    open: Callable[[str, SignerContext], SigningKey]
    """Imports and makes the key. Gets what stands after the colon."""


class VersionSignerSpec(Record):
    """What `publish` has a version signed by before hosts are sent to it."""

    name: str
    """What messages call it."""
    summary: str
    """What it writes, in a few words."""
    open: Callable[[SignerContext], VersionSigner]
    """Imports and makes it."""


class CommandSpec(Record):
    """A command. `load` is `module:function`, imported when the command runs."""

    path: tuple[str, ...]
    """The words that call it: groups first. A group exists as soon as a command stands in it."""
    summary: str
    """What it does, in a few words that start small, for lists of commands."""
    load: str
    """`module:function`: a Typer command function, with `context: typer.Context` first."""
    passes_on: bool = False
    """Whether words after `--` are for a program the command starts; it gets them from `passed_on(context)`."""
    settings_of: Literal["publish_targets", "cloud_providers"] | None = None
    """Whose settings models bring further options. Their values reach the function as its keyword parameter
    `settings`: a mapping, by field name, of those that were given."""
    group: str = ""
    """What the group is about that the command stands in, as a sentence: for the help of a group of your own."""
    example: str = ""
    """What somebody types after the command's words, for the end of its help: `shop --env production`."""
    document: str = ""
    """`module:Model`, of pydantic: what the command prints with `--json`, for the schemas of the reference."""


class Capability(Record):
    """A row of `capabilities`: what an editor looks for before it offers a feature."""

    id: str
    """What `capabilityIds` lists: words joined by dots, such as `publish.static`."""
    feature: str
    """The key in `features`, in camelCase."""
    command: str
    """The command line that offers it, without the program's name."""


AnyTarget = TargetSpec[Any]
AnyProvider = ProviderSpec[Any]
