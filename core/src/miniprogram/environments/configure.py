"""`env configure`: settings of a named environment, kept unless told otherwise."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from miniprogram.clock import to_iso
from miniprogram.environments.paths import absolute_paths, relative_fields
from miniprogram.environments.session import ProviderFinder, require_provider
from miniprogram.errors import UsageError
from miniprogram.plugins.settings import option_extras, option_name, parse_settings, settings_for
from miniprogram.plugins.specs import AnyProvider
from miniprogram.seams.cloud_provider import PreparingProvider, ProviderContext
from miniprogram.state.env_file import RESERVED_NAMES, CloudEnvironment, ResolvedEnv, change_env, is_env_name

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

    from miniprogram.state.env_file import EnvFile


@dataclass(frozen=True, slots=True)
class ConfigureRequest:
    """What `env configure` was told. `settings` by field name, only those that were given; paths absolute.

    `unset` holds options (`api-base-url`) or stored names (`apiBaseUrl`).
    """

    name: str
    provider: str | None
    settings: Mapping[str, Any]
    unset: Sequence[str] = ()
    relative: frozenset[str] = frozenset()
    """Fields whose path was given relative to the current folder: they are stored relative to the file's."""


@dataclass(frozen=True, slots=True)
class ConfigureReport:
    """The environment as it is stored now. `dropped` are values of another provider that went, by stored name.

    `done` says what the provider did besides, one line each.
    """

    resolved: ResolvedEnv
    environment: CloudEnvironment
    created: bool
    dropped: tuple[str, ...] = ()
    previous_provider: str | None = None
    done: tuple[str, ...] = ()


def configure(
    resolved: ResolvedEnv,
    request: ConfigureRequest,
    *,
    find_provider: ProviderFinder,
    home: Path,
    environ: Mapping[str, str],
    now: datetime,
) -> ConfigureReport:
    """Create the environment, or change what was given and keep the rest.

    With another provider than before, the values of the old one go. Raises UsageError naming the option that
    is missing, unknown to the provider or wrong, and what the provider raises when it cannot do what the options
    ask for; nothing is written then.
    """
    _check_name(request.name)
    before = resolved.document.find(request.name)
    provider = request.provider or (before.provider if before else None)
    if provider is None:
        raise UsageError(f"--provider is required for the new environment {request.name!r}")
    spec = require_provider(find_provider, provider)
    request = _own_settings(request, spec)
    model = spec.settings()
    _, settings = _values(model, absolute_paths(model, _stored_values(before, provider), resolved.base), request)
    done = _prepare(spec, settings, ProviderContext(request.name, resolved.root, home, environ))

    def change(document: EnvFile) -> EnvFile:
        stored = document.find(request.name)
        stored_values = _stored_values(stored, provider)
        unknown, settings = _values(model, absolute_paths(model, stored_values, resolved.base), request)
        relative = request.relative | (relative_fields(model, stored_values) - set(request.settings))
        same_provider = stored is not None and stored.provider == provider
        environment = CloudEnvironment(
            name=request.name,
            provider=provider,
            values=unknown | _to_store(settings, relative, resolved.base),
            deployed=stored.deployed if stored is not None and same_provider else None,
            configured_at_utc=stored.configured_at_utc if stored else to_iso(now),
            updated_at_utc=to_iso(now),
            **(stored.model_extra or {} if stored else {}),
        )
        return document.with_environment(environment, now=to_iso(now))

    after = change_env(resolved, change, home=home)
    environment = after.document.find(request.name)
    assert environment is not None  # noqa: S101 - `change` put it there
    switched = before is not None and before.provider != provider
    return ConfigureReport(
        resolved=after,
        environment=environment,
        created=before is None,
        dropped=tuple(sorted(set(before.values) - set(environment.values))) if before and switched else (),
        previous_provider=before.provider if before and switched else None,
        done=done,
    )


def field_for_root(spec: AnyProvider) -> str | None:
    """The setting that `--root DIR` may stand for when DIR holds no environment file, if the provider has one."""
    fields = spec.settings().model_fields
    return next((name for name, info in fields.items() if option_extras(info).get("takes_root")), None)


def _check_name(name: str) -> None:
    if name in RESERVED_NAMES:
        raise UsageError(f"{name!r} is a reserved name and cannot be configured")
    if not is_env_name(name):
        raise UsageError(
            f"{name!r} cannot name an environment: use letters, digits, dots, underscores and hyphens"
        )


def _own_settings(request: ConfigureRequest, spec: AnyProvider) -> ConfigureRequest:
    """The request with the settings of this provider, by field. Raises UsageError for others, and for secrets."""
    model = spec.settings()
    own = settings_for(spec.name, request.settings, model, kind="provider")
    for field in own:
        _refuse_secret(field, model.model_fields[field], spec)
    return replace(request, settings=own)


def _refuse_secret(field: str, info: FieldInfo, spec: AnyProvider) -> None:
    if "Secret" in str(info.annotation) or option_extras(info).get("secret"):
        raise UsageError(
            f"{option_name(field, info)} is a secret, and environment files hold none",
            hint=f"Give it to the provider {spec.name!r} through its environment variables or profile.",
        )


def _stored_values(stored: CloudEnvironment | None, provider: str) -> Mapping[str, Any]:
    return stored.values if stored is not None and stored.provider == provider else {}


def _prepare(spec: AnyProvider, settings: BaseModel, context: ProviderContext) -> tuple[str, ...]:
    """What the provider did for these settings: only for those that ask for an action."""
    actions = [field for field, info in type(settings).model_fields.items() if info.exclude]
    if not any(getattr(settings, field) for field in actions):
        return ()
    provider = spec.open(settings, context)
    return tuple(provider.prepare()) if isinstance(provider, PreparingProvider) else ()


def _values(
    model: type[BaseModel], stored: Mapping[str, Any], request: ConfigureRequest
) -> tuple[dict[str, Any], BaseModel]:
    """Stored values nobody here knows, and the settings."""
    stored_names = {_stored_name(field, info): field for field, info in model.model_fields.items()}
    given = {stored_names[name]: value for name, value in stored.items() if name in stored_names}
    given |= request.settings
    unknown = {name: value for name, value in stored.items() if name not in stored_names}
    for name in request.unset:
        field = _field_to_unset(model, name)
        if field is not None:
            given.pop(field, None)
        elif unknown.pop(name, None) is None:
            raise UsageError(f"--unset {name}: {request.name} has no such setting")
    return unknown, parse_settings(model, given)


def _to_store(settings: BaseModel, relative: Collection[str], base: Path) -> dict[str, Any]:
    """Values that differ from their default, and those the model wants stored always; by stored name."""
    fields = type(settings).model_fields
    always = {
        _stored_name(field, info) for field, info in fields.items() if option_extras(info).get("always_stored")
    }
    everything = settings.model_dump(mode="json", by_alias=True, exclude_none=True)
    changed = settings.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    stored = {name: value for name, value in everything.items() if name in changed or name in always}
    for field in relative:
        name = _stored_name(field, fields[field])
        if isinstance(stored.get(name), str):
            stored[name] = Path(os.path.relpath(stored[name], base)).as_posix()
    return stored


def _field_to_unset(model: type[BaseModel], name: str) -> str | None:
    for field, info in model.model_fields.items():
        if name in {field, _stored_name(field, info)} or f"--{name.removeprefix('--')}" == option_name(
            field, info
        ):
            return field
    return None


def _stored_name(field: str, info: FieldInfo) -> str:
    return info.serialization_alias or info.alias or field
