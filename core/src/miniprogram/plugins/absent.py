"""Why something that was asked for by name is not there: absent, broken, refused by a pin, or misspelt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from miniprogram.errors import MiniProgramError, PluginError, UsageError
from miniprogram.plugins.installed.discovery import normalized
from miniprogram.plugins.installed.first_party import bringer, how_to_install

if TYPE_CHECKING:
    from miniprogram.plugins.additions import Kind
    from miniprogram.plugins.loading.loader import Plugin


def absent(kind: Kind, name: str, *, known: Iterable[str], plugins: Sequence[Plugin]) -> MiniProgramError:
    """What to tell somebody who asked for the `kind` called `name`.

    PluginError when a plugin would bring it, or may: then spelling it otherwise does not help. Else UsageError.
    """
    distribution = bringer(kind.title, name)
    for plugin in plugins:
        if plugin.reason and _would_bring(plugin, name, distribution):
            return unusable(f"the {kind.title} {name!r}", plugin)
    if distribution is not None and not _is_installed(distribution, plugins):
        return PluginError(
            f"the {kind.title} {name!r} comes with {distribution}, which is not installed",
            hint=how_to_install(distribution),
        )
    names = sorted(known)
    if distribution is not None:
        installed = f"; installed: {', '.join(names)}" if names else ""
        return UsageError(f"{distribution} does not have the {kind.title} {name!r} yet{installed}")
    message = f"there is no {kind.title} {name!r}{_meant(name, names)}; installed: {', '.join(names) or 'none'}"
    return UsageError(message, hint="\n".join(unusable_sentences(plugins)) or None)


def unusable_sentences(plugins: Iterable[Plugin]) -> tuple[str, ...]:
    """A sentence about each plugin that is installed and is not there for us."""
    return tuple(f"The plugin {_called(each)} is {each.status}: {each.reason}." for each in plugins if each.reason)


def unusable(what: str, plugin: Plugin) -> PluginError:
    """`what` comes with a plugin that is installed and cannot be used."""
    return PluginError(
        f"{what} comes with {_called(plugin)}, which is {plugin.status}: {plugin.reason}",
        hint="`miniprogram plugins list` shows what is installed and what may load.",
    )


def _would_bring(plugin: Plugin, name: str, distribution: str | None) -> bool:
    entry = plugin.entry
    if distribution is not None:
        return normalized(entry.distribution) == normalized(distribution)
    return normalized(entry.name) == normalized(name)


def _is_installed(distribution: str, plugins: Sequence[Plugin]) -> bool:
    return any(normalized(each.entry.distribution) == normalized(distribution) for each in plugins)


def _called(plugin: Plugin) -> str:
    return f"{plugin.entry.name} ({plugin.entry.distribution} {plugin.entry.version})"


def _meant(name: str, known: Sequence[str]) -> str:
    from miniprogram.suggestions import closest  # deferred: only a mistake needs it

    near = closest(name, known)
    return f"; did you mean {near!r}?" if near else ""
