"""The environment and the settings git runs with: the user's own, less what would lead it astray."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

SETTINGS = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.splitIndex": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "i18n.commitEncoding": "UTF-8",
    "status.showUntrackedFiles": "normal",
    "sparse.expectFilesOutsideOfPatterns": "false",
}
"""Settings of every call but a push: no hook or helper of the clone runs, and git does nothing behind our back."""

MESSAGES = {"color.ui": "never", "color.push": "never", "color.remote": "never", "color.transport": "never"}
"""Settings of every call: what git says is read and shown again."""

_ELSEWHERE = frozenset(
    {
        "GIT_DIR",
        "GIT_COMMON_DIR",
        "GIT_WORK_TREE",
        "GIT_IMPLICIT_WORK_TREE",
        "GIT_PREFIX",
        "GIT_NAMESPACE",
        "GIT_INDEX_FILE",
        "GIT_INDEX_VERSION",
        "GIT_OBJECT_DIRECTORY",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_QUARANTINE_PATH",
        "GIT_SHALLOW_FILE",
        "GIT_GRAFT_FILE",
        "GIT_REPLACE_REF_BASE",
        "GIT_CEILING_DIRECTORIES",
        "GIT_DISCOVERY_ACROSS_FILESYSTEM",
        "GIT_CONFIG",
        "GIT_LITERAL_PATHSPECS",
        "GIT_GLOB_PATHSPECS",
        "GIT_NOGLOB_PATHSPECS",
        "GIT_ICASE_PATHSPECS",
        "GIT_ATTR_SOURCE",
        "GIT_NO_LAZY_FETCH",
        "GIT_FLUSH",
        "GIT_REDIRECT_STDIN",
        "GIT_REDIRECT_STDOUT",
        "GIT_REDIRECT_STDERR",
    }
)
"""Variables that name another repository or change what is read from it. A git hook sets some of them."""


def git_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """`environ` for git: the repository is the folder's, read as it was written, and nobody is asked for input."""
    inherited = {
        name: value for name, value in environ.items() if name not in _ELSEWHERE and not _traces(name, value)
    }
    return inherited | {
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_GRAFT_FILE": os.path.join(os.devnull, "none"),  # noqa: PTH118 - no file, on any system
        "GIT_DISCOVERY_ACROSS_FILESYSTEM": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }


def with_config(environ: Mapping[str, str], settings: Mapping[str, str]) -> dict[str, str]:
    """`environ` with git `settings` after those it holds already. Names may be addresses, with `=` in them."""
    try:
        count = int(environ.get("GIT_CONFIG_COUNT") or 0)
    except ValueError:
        return dict(environ)  # git refuses it, and says so
    added: dict[str, str] = {}
    for number, (name, value) in enumerate(settings.items(), start=count):
        added |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    return {**environ, **added, "GIT_CONFIG_COUNT": str(count + len(settings))}


def options(settings: Mapping[str, str]) -> Iterator[str]:
    """`settings` as options of git that win over the user's."""
    for name, value in settings.items():
        yield from ("-c", f"{name}={value}")


def _traces(name: str, value: str) -> bool:
    """Whether git would write a trace between its messages. A trace into a file may stay."""
    return name.startswith("GIT_TRACE") and not os.path.isabs(value)  # noqa: PTH117 - no need for a Path
