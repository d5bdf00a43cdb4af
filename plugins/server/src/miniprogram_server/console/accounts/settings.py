"""How people sign in with their account: the file that `--sign-in` names.

issuer = "https://login.example.com"
client_id = "releases"
client_secret_variable = "RELEASES_SECRET"
allowed_domains = ["example.com"]

[[roles]]
group = "release-managers"
role = "operator"
host_app = "wallet"
environment = "production"
program = "acme_*"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from miniprogram.errors import UsageError
from miniprogram.identity.roles import Grant
from miniprogram.refusals import unacceptable

OPTION = "--sign-in"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class GroupRole(Grant):
    """A role that members of a group have, and where."""

    group: str = Field(min_length=1, max_length=256)

    @property
    def grant(self) -> Grant:
        return Grant.model_validate(self.model_dump(exclude={"group"}))


class AccountSettings(_Strict):
    """The file. Unknown members are refused."""

    issuer: str
    client_id: str = Field(min_length=1)
    client_secret_variable: str | None = None
    """The environment variable with the secret; a client without one proves itself by PKCE alone."""
    label: str = Field(default="", max_length=60)
    """What the button says; the issuer's host unless given."""
    scopes: tuple[str, ...] = ("openid", "email", "profile")
    name_claim: str = "email"
    """What members are called; an e-mail address must be one that the provider has verified."""
    groups_claim: str = "groups"
    allowed_domains: tuple[str, ...] = ()
    """What may stand behind the @; needed where names are e-mail addresses."""
    roles_hold_days: int = Field(default=30, ge=1, le=366)
    """How long what groups bring holds without signing in again."""
    roles: tuple[GroupRole, ...] = ()

    @field_validator("issuer")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if not is_safe_address(value):
            raise ValueError("is no https address; http is for this machine only")
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> AccountSettings:
        if self.name_claim == "email" and not self.allowed_domains:
            raise ValueError("allowed_domains has to say which addresses may sign in")
        if "openid" not in self.scopes:
            raise ValueError("scopes has to name openid")
        return self

    @property
    def provider(self) -> str:
        """How people call it."""
        return self.label or urlsplit(self.issuer).hostname or self.issuer


@dataclass(frozen=True, slots=True)
class AccountSignIn:
    """Settings, with the secret they speak of."""

    settings: AccountSettings
    secret: str | None = field(default=None, repr=False)


def is_safe_address(url: str) -> bool:
    """Whether what goes there can be read on this machine and there only."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    is_here = parts.scheme == "http" and parts.hostname in LOOPBACK
    return bool(parts.hostname) and (parts.scheme == "https" or is_here) and "@" not in parts.netloc


def read_account_settings(path: Path, environ: Mapping[str, str]) -> AccountSignIn:
    """Raises UsageError, naming what does not fit, and when the library for it is missing."""
    try:
        members = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{OPTION}: {path} cannot be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{OPTION}: {path} is no TOML: {error}") from None
    try:
        settings = AccountSettings.model_validate(members)
    except ValidationError as error:
        raise UsageError(f"{OPTION}: {path}: {unacceptable(error)}") from None
    if find_spec("authlib") is None:
        hint = "Install it: `pip install authlib`."
        raise UsageError(f"{OPTION} needs authlib, which is not installed", hint=hint)
    variable = settings.client_secret_variable
    secret = environ.get(variable, "").strip() if variable else ""
    if variable and not secret:
        raise UsageError(f"{OPTION}: {path} takes the secret from {variable}, which is not set")
    return AccountSignIn(settings, secret or None)
