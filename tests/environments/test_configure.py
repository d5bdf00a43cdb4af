"""`env configure` as a use case: what is stored, and that a secret never is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field, SecretBytes, SecretStr
from pydantic.alias_generators import to_camel

from miniprogram.environments.configure import ConfigureReport, ConfigureRequest, configure
from miniprogram.errors import UsageError
from miniprogram.plugins.specs import ProviderSpec
from miniprogram.state.env_file import EnvFile, find_env, local_path, write_local

STAMP = "2030-01-01T00:00:00.000Z"
SECRET = "s3cr3t-value"


class Settings(BaseModel):
    """Settings of a cloud, and every way to say that one of them is secret."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    bucket: str = "b"
    password: SecretStr | None = None
    pin: SecretStr = SecretStr("")
    blob: SecretBytes | None = None
    passwords: tuple[SecretStr, ...] = ()
    api_key: str | None = Field(default=None, json_schema_extra={"secret": True})
    renamed: str | None = Field(default=None, json_schema_extra={"secret": True, "option": "--access-token"})


SECRETS = {
    "password": "--password",
    "pin": "--pin",
    "blob": "--blob",
    "passwords": "--passwords",
    "api_key": "--api-key",
    "renamed": "--access-token",
}


@pytest.fixture
def configuring(tmp_path: Path, noon: datetime) -> Callable[..., ConfigureReport]:
    home, root = tmp_path / "home", tmp_path / "work"
    blank = EnvFile(active_environment="local", initialized_at_utc=STAMP, updated_at_utc=STAMP)
    write_local(root, lambda _: blank, home=home)
    spec = ProviderSpec(name="cloud", summary="a cloud", settings=lambda: Settings, open=lambda *_: None)  # type: ignore[arg-type, return-value]

    def call(**settings: Any) -> ConfigureReport:
        resolved = find_env(explicit_root=root, start_directories=[], home=home)
        assert resolved is not None
        request = ConfigureRequest("prod", "cloud", settings)
        return configure(resolved, request, find_provider=lambda _: spec, home=home, environ={}, now=noon)

    return call


def test_what_was_given_is_stored(configuring: Callable[..., ConfigureReport]) -> None:
    assert configuring(bucket="mine").environment.values == {"bucket": "mine"}


def test_every_secret_setting_is_tried() -> None:
    assert set(Settings.model_fields) == {"bucket", *SECRETS}


@pytest.mark.parametrize("field", SECRETS)
@pytest.mark.parametrize("before", [False, True], ids=["new environment", "configured before"])
def test_a_secret_is_refused_by_its_option_and_written_nowhere(
    configuring: Callable[..., ConfigureReport], tmp_path: Path, field: str, *, before: bool
) -> None:
    if before:
        configuring(bucket="mine")
    value = (SECRET,) if field == "passwords" else SECRET
    files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert local_path(tmp_path / "work") in files

    with pytest.raises(UsageError) as refused:
        configuring(bucket="other", **{field: value})

    assert str(refused.value) == f"{SECRETS[field]} is a secret, and environment files hold none"
    assert "environment variables" in (refused.value.hint or "")
    assert refused.value.exit_code == 64
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == files
