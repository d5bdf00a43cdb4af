"""An environment opened for work: its settings read, its provider at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.environments.paths import absolute_paths
from miniprogram.errors import DocumentError, MiniProgramError, PluginError, UsageError
from miniprogram.plugins.specs import AnyProvider
from miniprogram.seams.abilities import AdmissionCounting, unsupported
from miniprogram.seams.cloud_provider import (
    CloudProvider,
    OpenedEnvironment,
    ProviderContext,
)
from miniprogram.seams.object_store import ObjectStore
from miniprogram.state.env_file import LOCAL, CloudEnvironment, ResolvedEnv, require_env
from miniprogram.state.unknown_members import UnknownMember, misspelt, unknown_names
from miniprogram.strict_json import parse_model

if TYPE_CHECKING:
    from pydantic import BaseModel

ProviderFinder = Callable[[str], AnyProvider]
"""Returns the provider of a name, or raises PluginError or UsageError saying why it is not there."""


@dataclass(frozen=True)
class CloudSession:
    """A named environment and its provider, for the length of one command."""

    resolved: ResolvedEnv
    environment: CloudEnvironment
    provider: CloudProvider
    home: Path

    @property
    def name(self) -> str:
        return self.environment.name

    @property
    def provider_name(self) -> str:
        return self.environment.provider

    @cached_property
    def store(self) -> ObjectStore:
        return self.provider.store()

    @property
    def api_base_url(self) -> str | None:
        """Where hosts load from, without slash at the end; None until somebody configured or deployed it."""
        stored = self.environment.in_force.get("apiBaseUrl")
        return stored.strip().rstrip("/") or None if isinstance(stored, str) else None

    @cached_property
    def keys(self) -> Keys:
        return self.provider.address.keys


def open_session(
    resolved: ResolvedEnv,
    name: str | None,
    *,
    find_provider: ProviderFinder,
    home: Path,
    environ: Mapping[str, str],
) -> CloudSession:
    """Open the environment `name`, or the active one, of the file in force.

    Raises MiniProgramError when it is no named environment, PluginError when its provider is not installed,
    DocumentError when its stored values do not fit the provider.
    """
    environment = resolved.select(name, failure=MiniProgramError)
    spec = require_provider(find_provider, environment.provider)
    location = f"{resolved.path}: values of {environment.name}"
    model = spec.settings()
    if wrong := misspelt(unknown_values(environment, model)):
        remove = f"miniprogram env configure {environment.name} --unset {wrong.name}"
        hint = f"Correct it there, or remove it with `{remove}`."
        raise DocumentError(f"{location}: {wrong.sentence}", hint=hint)
    settings = parse_model(model, absolute_paths(model, environment.in_force, resolved.base), name=location)
    context = ProviderContext(environment.name, resolved.root, home, environ)
    return CloudSession(resolved, environment, spec.open(settings, context), home)


def unknown_values(environment: CloudEnvironment, model: type[BaseModel]) -> Iterator[UnknownMember]:
    """The values of `environment` that its provider, with the settings `model`, does not read."""
    known = [info.serialization_alias or info.alias or field for field, info in model.model_fields.items()]
    absent = [name for name in known if name not in environment.values]
    return unknown_names((name for name in environment.values if name not in known), absent)


def open_to_publish(
    name: str | None,
    *,
    start_directories: Sequence[Path],
    find_provider: ProviderFinder,
    home: Path,
    environ: Mapping[str, str],
) -> CloudSession:
    """Open the environment chosen for a publish, of the file found above `start_directories`.

    Nothing chosen and nothing active is refused: a publish never goes to the active environment by surprise.
    Raises MiniProgramError when there is no environment file, or the name is not in it.
    """
    resolved = require_env(
        explicit_root=None, start_directories=start_directories, home=home, failure=MiniProgramError
    )
    return open_session(resolved, name or LOCAL, find_provider=find_provider, home=home, environ=environ)


def require_provider(find_provider: ProviderFinder, name: str) -> AnyProvider:
    """The provider an environment names. Raises PluginError: what is stored is not the fault of a command line."""
    try:
        return find_provider(name)
    except UsageError as error:
        raise PluginError(str(error), hint=error.hint) from error


def storage_of(session: OpenedEnvironment) -> EnvironmentStorage:
    """The storage of an opened environment."""
    provider = session.provider
    return EnvironmentStorage(
        store=session.store,
        keys=provider.address.keys,
        environment=session.name,
        api_base_url=session.api_base_url,
        cannot=unsupported(provider),
        ledger=provider.ledger if isinstance(provider, AdmissionCounting) else None,
    )
