"""How the command line asks for the arguments of release verbs: one reader per argument, for every verb."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from miniprogram.cli.commands.release_command import Work
from miniprogram.cli.commands.release_options import (
    AudienceOption,
    Reason,
    basis_points,
    read_audience,
    read_lines,
)
from miniprogram.cli.framework.parsing.options import trimmed
from miniprogram.errors import UsageError
from miniprogram.releases.arguments import ARGUMENTS
from miniprogram.releases.model.configuration import MAX_DOMAINS

Given = dict[str, Any]
Read = Callable[[Work, str, Given], Given]


@dataclass(frozen=True, slots=True)
class Reader:
    """The options of an argument, and how they become it. `read` gives the argument by field, or nothing."""

    parameters: tuple[inspect.Parameter, ...]
    read: Read

    @property
    def flag(self) -> str:
        """What messages call it."""
        option = self.parameters[0].annotation.__metadata__[0]
        names = (option.default, *(option.param_decls or ()))
        return next((name for name in names if isinstance(name, str)), f"--{self.parameters[0].name}")


def _option(name: str, kind: Any, option: Any, default: Any = None) -> inspect.Parameter:
    annotation = Annotated[kind, option]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _text(name: str, metavar: str, text: str) -> inspect.Parameter:
    flag = f"--{name.replace('_', '-')}"
    return _option(name, str | None, typer.Option(flag, parser=trimmed, metavar=metavar, help=text))


def _flag(name: str, text: str) -> inspect.Parameter:
    return _option(name, bool, typer.Option(f"--{name.replace('_', '-')}", help=text), default=False)


def _domains(name: str, text: str) -> inspect.Parameter:
    option = typer.Option(metavar="URL", help=f"{text}; may be repeated, at most {MAX_DOMAINS}.")
    return _option(name, list[str] | None, option)


def _help(field: str) -> str:
    """What the first model that has the argument says about it."""
    infos = (model.model_fields[field] for model in ARGUMENTS.values() if field in model.model_fields)
    return next(info.description or "" for info in infos)


def _as_it_is(_work: Work, field: str, given: Given) -> Given:
    (value,) = given.values()
    return {} if value is None else {field: value}


def _testers(work: Work, field: str, given: Given) -> Given:
    ids = read_lines(work.tools, given["tester"] or (), given["file"])
    return {field: ids} if ids else {}


def _ratio(_work: Work, field: str, given: Given) -> Given:
    return {} if given["ratio"] is None else {field: basis_points(given["ratio"])}


def _server_domains(_work: Work, field: str, given: Given) -> Given:
    if given["no_server_domains"]:
        return {field: ()}
    return {field: tuple(given["server_domain"])} if given["server_domain"] else {}


def _webview_domains(_work: Work, field: str, given: Given) -> Given:
    return {field: tuple(given["webview_domain"])} if given["webview_domain"] else {}


def _audience(work: Work, field: str, given: Given) -> Given:
    return {} if given["audience"] is None else {field: read_audience(work.tools, given["audience"])}


def _window(_work: Work, field: str, given: Given) -> Given:
    if given["no_window"]:
        return {field: None}
    said = (given["window_start"], given["window_end"], given["max_users"])
    if all(each is None for each in said):
        return {}
    if any(each is None for each in said):
        raise UsageError("a window takes --window-start, --window-end and --max-users together")
    start, end, max_users = said
    return {field: {"start": start, "end": end, "max_users": max_users, "on_end": given["on_end"]}}


def _upgrade(work: Work, field: str, given: Given) -> Given:
    """The upgrade policy with what was given changed; nothing when nothing was."""
    from miniprogram.releases.storage.release_documents import require_releases

    names = {"upgrade": "mode", "upgrade_network": "network", "minimum_version": "minimum_version"}
    changes = {names[option]: value for option, value in given.items() if value is not None}
    if not changes:
        return {}
    release = require_releases(work.storage, work.program).live(work.version, work.target)
    before = release.configuration.upgrade.model_dump() if release else {}
    return {field: {**before, **changes}}


READERS: dict[str, Reader] = {
    "reason": Reader(
        (inspect.Parameter("reason", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Reason),), _as_it_is
    ),
    "kind": Reader(
        (_option("kind", Literal["official", "trial", "test"], typer.Option(help=_help("kind")), "official"),),
        _as_it_is,
    ),
    "testers": Reader(
        (
            _option(
                "tester",
                list[str] | None,
                typer.Option("--tester", metavar="ID", help="User or device id; may be repeated."),
            ),
            _option(
                "file",
                Path | None,
                typer.Option(
                    "--file", metavar="PATH", help="Ids, one a line, or the column of a .csv that holds them."
                ),
            ),
        ),
        _testers,
    ),
    "basis_points": Reader((_text("ratio", "PERCENT", _help("basis_points")),), _ratio),
    "final": Reader((_flag("final", _help("final")),), _as_it_is),
    "destination": Reader((_text("to", "VERSION", _help("destination")),), _as_it_is),
    "seen": Reader((_text("seen", "ID:STATE", _help("seen")),), _as_it_is),
    "seen_digest": Reader((_text("digest", "HEX", _help("seen_digest")),), _as_it_is),
    "title": Reader((_text("title", "TEXT", _help("title")),), _as_it_is),
    "description": Reader((_text("description", "TEXT", _help("description")),), _as_it_is),
    "server_domains": Reader(
        (
            _domains("server_domain", "Domain it talks to, as https://HOST"),
            _flag("no_server_domains", "It talks to no server of its own."),
        ),
        _server_domains,
    ),
    "webview_domains": Reader(
        (_domains("webview_domain", "Domain it may show in a web view"),),
        _webview_domains,
    ),
    "upgrade": Reader(
        (
            _option(
                "upgrade",
                Literal["silent", "prompt_once", "prompt_always", "forced"] | None,
                typer.Option(help="How hosts move to it."),
            ),
            _option(
                "upgrade_network",
                Literal["any", "wifi"] | None,
                typer.Option(help="Over which networks it is downloaded."),
            ),
            _text("minimum_version", "VERSION", "Whoever has less must upgrade."),
        ),
        _upgrade,
    ),
    "audience": Reader(
        (inspect.Parameter("audience", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=AudienceOption),),
        _audience,
    ),
    "window": Reader(
        (
            _text("window_start", "TIME", "First come, first admitted: from then on."),
            _text("window_end", "TIME", "Until before then, as 2030-03-01T08:00:00Z."),
            _option("max_users", int | None, typer.Option(metavar="N", help="How many the window admits.")),
            _option(
                "on_end",
                Literal["stop", "promote", "revert"],
                typer.Option(help="After the window: nobody new, everybody, or nobody."),
                "stop",
            ),
            _flag("no_window", "Without a time window."),
        ),
        _window,
    ),
}
"""By field of the argument models."""
