"""An environment opened for work: its settings read, its provider at hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from miniprogram.cloud.provider import CloudProvider, ProviderContext
from miniprogram.cloud.store_keys import StoreKeys
from miniprogram.documents import parse_model
from miniprogram.errors import MiniProgramError, PluginError
from miniprogram.plugins.specs import AnyProvider
from miniprogram.state.env_file import CloudEnvironment, ResolvedEnv
from miniprogram.stores.object_store import ObjectStore

Providers = Callable[[], Mapping[str, AnyProvider]]
"""Returns the installed providers by name."""


@dataclass(frozen=True)
class CloudSession:
    """A named environment and its provider, for the length of one command."""

    resolved: ResolvedEnv
    environment: CloudEnvironment
    provider: CloudProvider
    home: Path

    @cached_property
    def store(self) -> ObjectStore:
        return self.provider.store()

    @property
    def api_base_url(self) -> str | None:
        """Where hosts load from, without slash at the end; None until somebody configured or deployed it."""
        stored = self.environment.values.get("apiBaseUrl")
        return stored.strip().rstrip("/") or None if isinstance(stored, str) else None

    @cached_property
    def keys(self) -> StoreKeys:
        return StoreKeys.of(self.provider.address)


def open_session(
    resolved: ResolvedEnv,
    name: str | None,
    *,
    providers: Providers,
    home: Path,
    environ: Mapping[str, str],
) -> CloudSession:
    """Open the environment `name`, or the active one, of the file in force.

    Raises MiniProgramError when it is no named environment, PluginError when its provider is not installed,
    DocumentError when its stored values do not fit the provider.
    """
    environment = resolved.select(name, failure=MiniProgramError)
    spec = find_provider(providers(), environment.provider)
    place = f"{resolved.path}: values of {environment.name}"
    settings = parse_model(spec.settings(), environment.values, name=place)
    context = ProviderContext(environment.name, resolved.root, home, environ)
    return CloudSession(resolved, environment, spec.open(settings, context), home)


def find_provider(providers: Mapping[str, AnyProvider], name: str) -> AnyProvider:
    """The provider `name`. Raises PluginError saying what to install."""
    if name in providers:
        return providers[name]
    installed = ", ".join(sorted(providers)) or "none"
    raise PluginError(
        f"the provider {name!r} is not implemented by anything installed; installed: {installed}",
        hint=f"Install a plugin that brings it, such as miniprogram-{name}.",
    )
