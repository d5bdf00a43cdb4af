"""Options that commands for host apps and partners share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.parsing.options import trimmed
from miniprogram.errors import UsageError
from miniprogram.seams.endpoint_rules import check_base_url

if TYPE_CHECKING:
    from miniprogram.hosts.environments import Environments


def base_url(value: str) -> str | None:
    """An absolute URL as it is stored; None when blank. Raises typer.BadParameter, which does not repeat it."""
    try:
        return check_base_url(value) if value.strip() else None
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


ProjectRoot = Annotated[
    str | None,
    typer.Option(
        "--project-root", parser=trimmed, metavar="DIR", help="The host app's folder instead of this one."
    ),
]


def host_kinds(context: typer.Context, incomplete: str) -> list[str]:
    """Completes `--host`."""
    tools: AppContext = context.obj
    return [name for name in tools.registry.host_generators() if name.startswith(incomplete)]


HostKind = Annotated[
    str | None,
    typer.Option(
        "--host",
        parser=trimmed,
        metavar="KIND",
        help="The kind of host app, such as flutter or web; needed where a folder is of several.",
        autocompletion=host_kinds,
    ),
]
ApiBaseUrl = Annotated[
    str | None, typer.Option("--api-base-url", parser=base_url, metavar="URL", help="Delivery base URL.")
]
BackendBaseUrl = Annotated[
    str | None,
    typer.Option("--backend-base-url", parser=base_url, metavar="URL", help="Publisher backend base URL."),
]
AccessKey = Annotated[
    str | None, typer.Option("--access-key", parser=trimmed, metavar="KEY", help="Delivery access key.")
]
Public = Annotated[bool, typer.Option("--public", help="Delivery needs no key.")]
Title = Annotated[str | None, typer.Option("--title", parser=trimmed, metavar="TITLE", help="Display title.")]
RequiredAppId = Annotated[
    str | None, typer.Argument(metavar="<mini-program-id>", parser=trimmed, help="Id of the mini-program.")
]


def project_root(tools: AppContext, given: str | None) -> Path:
    """The host app's folder: absolute and without `..`."""
    import os

    return Path(os.path.abspath(tools.cwd / given if given else tools.cwd))  # noqa: PTH100 - links stay


def required_app_id(given: str | None) -> str:
    """The mini-program id. Raises UsageError when it is missing."""
    if given is None:
        raise UsageError("a mini-program id is required")
    return given


def check_access_choice(access_key: str | None, *, public: bool) -> None:
    """Raises UsageError unless exactly one of `--access-key` and `--public` is given."""
    if (access_key is None) != public:
        raise UsageError("give exactly one of --access-key and --public")


def environments(
    tools: AppContext, *, root: str | None, repo_root: str | None, host_root: Path | None = None
) -> Environments:
    """Where a command looks for environments; `host_root` is one more folder to look from."""
    from miniprogram.hosts.environments import Environments

    extra = [host_root, tools.cwd / repo_root if repo_root else None]
    return Environments(
        explicit_root=tools.cwd / root if root else None,
        start_directories=[tools.cwd, *(folder for folder in extra if folder is not None)],
        home=tools.home,
        environ=tools.environ,
        find_provider=tools.registry.provider,
        now=tools.now(),
    )
