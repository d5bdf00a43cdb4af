"""What there is to choose from here, for completion: ids, versions, keys, apps, devices.

By the name of a command's parameter, so that every command which asks for a version completes versions. What lies
in an environment is read from its store, perhaps over a network, and only as long as somebody waits for a Tab.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from miniprogram.errors import MiniProgramError

if TYPE_CHECKING:
    from miniprogram.cli.framework.app_context import AppContext
    from miniprogram.environments.session import CloudSession

PATIENCE_S = 1.5
"""Seconds that somebody waits for a Tab at most; later there is nothing to offer."""
MOST = 200
"""Values offered at most."""


@dataclass(frozen=True)
class LineSoFar:
    """The command line as far as it is typed: the command's words, and its values by parameter."""

    tools: AppContext
    path: tuple[str, ...]
    given: Mapping[str, Any]

    def text(self, name: str) -> str | None:
        value = self.given.get(name)
        return value if isinstance(value, str) else None

    @property
    def folders(self) -> list[Path]:
        """Where the command looks for what it is about, the most specific first."""
        named = (self.text(name) for name in ("mini_program_root", "root", "repo_root"))
        return [*(self.tools.cwd / folder for folder in named if folder), self.tools.cwd]

    @property
    def in_environment(self) -> bool:
        """Whether the command works in an environment."""
        return "env" in self.given and self.path[0] not in LOCAL_FIRST

    @cached_property
    def program_id(self) -> str | None:
        """The mini-program that was named, else the one here."""
        from miniprogram.project.location import infer_program_id

        named = self.text("program_id")
        if named:
            return named
        try:
            return infer_program_id(explicit_root=self.folders[0], cwd=self.tools.cwd)
        except MiniProgramError:
            return None

    @cached_property
    def session(self) -> CloudSession:
        """The environment. Raises MiniProgramError when there is none."""
        from miniprogram.environments.session import open_session
        from miniprogram.state.env_file import require_env

        tools, root = self.tools, self.text("root")
        resolved = require_env(
            explicit_root=tools.cwd / root if root else None, start_directories=self.folders, home=tools.home
        )
        return open_session(
            resolved,
            self.text("env"),
            find_provider=tools.registry.provider,
            home=tools.home,
            environ=tools.environ,
        )


LOCAL_FIRST = frozenset({"publish", "versions", "rollback", "partner", "embed", "host"})
"""Groups whose `--env` is one way among others."""
Offer = Callable[[LineSoFar], Iterable[str]]


def known_values(parameter: Any, typed: LineSoFar) -> list[str] | None:
    """What `parameter` is chosen from here, sorted and at most `MOST`; None when nobody knows."""
    offer = BY_COMMAND.get((*typed.path, parameter.name)) or BY_NAME.get(parameter.name)
    if offer is None:
        return None
    found: list[str] = []

    def look() -> None:
        with suppress(Exception):  # the person is in mid-sentence: whatever is wrong, there is no more to offer
            for value in offer(typed):
                found.append(value)

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    looking.join(PATIENCE_S)
    return list(dict.fromkeys(found))[:MOST]


def _program_ids(typed: LineSoFar) -> Iterator[str]:
    """Of the mini-program here, those of the monorepo, and those of the environment."""
    from miniprogram.project.location import find_monorepo

    here = replace(typed, given={**typed.given, "program_id": None}).program_id
    if here:
        yield here
    repo_root = typed.text("repo_root")
    monorepo = find_monorepo(Path(repo_root) if repo_root else None, cwd=typed.tools.cwd)
    if monorepo:
        yield from sorted(each.parent.name for each in (monorepo / "mini_programs").glob("*/manifest.json"))
    if typed.in_environment:
        from miniprogram.documents.index.listing import ProgramQuery, list_page
        from miniprogram.environments.session import storage_of

        page = list_page(storage_of(typed.session), ProgramQuery(limit=MOST))
        yield from (row.id for row in page.rows)


def _versions(typed: LineSoFar) -> list[str]:
    """Those that the target or environment holds, the newest first."""
    from miniprogram.publish.target_choice import TargetChoice
    from miniprogram.publish.versions.in_environment import held_in_environment
    from miniprogram.publish.versions.keeping import HeldProgram, list_versions

    program = typed.program_id
    if program is None:
        return []
    if typed.in_environment:
        from miniprogram.environments.session import storage_of

        held = held_in_environment(storage_of(typed.session), program).versions
        return [each.version for each in held]
    settings = {
        name.removeprefix("setting_"): value
        for name, value in typed.given.items()
        if name.startswith("setting_") and value is not None
    }
    choice = TargetChoice(typed.text("target"), typed.text("env"), settings)
    report = list_versions(HeldProgram(program, None, None), choice, typed.tools)
    return [each.version for each in report.versions]


def _next_versions(typed: LineSoFar) -> list[str]:
    from miniprogram.project.location import locate_program
    from miniprogram.project.manifest.version_change import next_version, read_version

    location = locate_program(typed.program_id, explicit_root=None, repo_root=None, cwd=typed.tools.cwd)
    now = read_version(location)
    return [next_version(now, "patch"), next_version(now, "minor"), next_version(now, "major")]


def _key_ids(typed: LineSoFar) -> list[str]:
    """Keys that are active."""
    from miniprogram.keys.listing import list_keys

    program = typed.program_id
    keys = list_keys(typed.session, program).keys if program else ()
    return [key.id for key in keys if key.active]


def _apps(typed: LineSoFar) -> list[str]:
    from miniprogram.environments.session import storage_of
    from miniprogram.identity.host_apps import list_apps

    return [app.name for app in list_apps(storage_of(typed.session)).apps]


def _segments(typed: LineSoFar) -> list[str]:
    from miniprogram.environments.session import storage_of
    from miniprogram.releases.commands.segments import list_segments

    program = typed.program_id
    found = list_segments(storage_of(typed.session), program).segments if program else ()
    return [segment.name for segment in found]


def _switches(typed: LineSoFar) -> list[str]:
    from miniprogram.environments.session import storage_of
    from miniprogram.releases.commands.switches import list_switches

    program = typed.program_id
    found = list_switches(storage_of(typed.session), program).switches if program else ()
    return [switch.key for switch in found]


def _devices(typed: LineSoFar) -> list[str]:
    """Kinds of devices that hosts know by name."""
    hosts = typed.tools.registry.host_generators()
    told = ", ".join(spec.preview().devices for spec in hosts.values() if spec.preview)
    return [word for word in told.split(", ") if re.fullmatch(r"[a-z][a-z-]*", word)]


def _preview_devices(typed: LineSoFar) -> list[str]:
    """Browsers, where a page can be shown in one, and what hosts know."""
    from miniprogram.browsers import NAMES

    shown = [*NAMES] if typed.tools.registry.preview_pages() else []
    return [*shown, *(name for name in _devices(typed) if name not in shown)]


def _templates(typed: LineSoFar) -> Iterable[str]:
    return typed.tools.registry.backend_templates()


def _environments(typed: LineSoFar) -> list[str]:
    """What can be made the active one."""
    from miniprogram.state.env_file import LOCAL, find_env

    found = find_env(explicit_root=None, start_directories=typed.folders, home=typed.tools.home)
    return [*(each.name for each in found.document.cloud_environments), LOCAL] if found else [LOCAL]


def _endpoints(typed: LineSoFar) -> list[str]:
    from miniprogram.hosts.choice import require_host
    from miniprogram.hosts.endpoints import list_endpoints

    root = typed.folders[0]
    generator = require_host(typed.tools.registry.host_generators(), root)
    return sorted(each.app_id for each in list_endpoints(generator, root).endpoints)


BY_NAME: Mapping[str, Offer] = {
    "program_id": _program_ids,
    "version": _versions,
    "key_id": _key_ids,
    "app": _apps,
    "template": _templates,
}
BY_COMMAND: Mapping[tuple[str, ...], Offer] = {
    ("preview", "device"): _preview_devices,
    ("host", "run", "device"): _devices,
    ("env", "use", "name"): _environments,
    ("create", "program_id"): lambda _: (),
    ("version", "set", "version"): _next_versions,
    ("host", "endpoint", "remove", "app_id"): _endpoints,
    ("host", "endpoint", "add", "app_id"): _program_ids,
    **{("app", *words, "name"): _apps for words in (("update",), ("remove",), ("environment", "set"))},
    **{("segment", word, "name"): _segments for word in ("show", "remove", "import")},
    **{("switch", word, "key"): _switches for word in ("on", "off", "enable", "disable", "remove", "set")},
}
"""Where a name says too little, by the command's words and the parameter's name."""
