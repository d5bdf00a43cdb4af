"""Whatever a credential source does ends in one sentence with something to do, and shows no secret."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from miniprogram.errors import StoreError
from miniprogram.seams.cloud_provider import ProviderContext
from miniprogram_s3.client import S3Clients
from miniprogram_s3.s3_store import S3ObjectStore
from miniprogram_s3.settings import S3Settings

SECRET = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY"
ROLE = "role_arn = arn:aws:iam::123456789012:role/x"
SSO = (
    "sso_account_id = 123456789012\nsso_role_name = r\nsso_session = s\n[sso-session s]\nsso_region = eu-west-1\n"
)


def said(home: Path, config: str | bytes, **environ: str) -> str:
    """What reading an object says, with `config` as the configuration of AWS."""
    (home / ".aws").mkdir()
    (home / ".aws/config").write_bytes(config if isinstance(config, bytes) else config.encode())
    settings = S3Settings(bucket="shop", endpoint_url="http://127.0.0.1:9")
    clients = S3Clients(settings, ProviderContext("prod", home, home, environ))
    with pytest.raises(StoreError) as told:
        S3ObjectStore.of(settings, clients).get("a")
    assert told.value.hint
    text = f"{told.value} {told.value.hint}"
    assert SECRET not in text
    assert "123456789012" not in text
    assert "\n" not in text
    return text


def process(answer: dict[str, Any]) -> str:
    return f"[default]\ncredential_process = /bin/echo '{json.dumps({'Version': 1, **answer})}'"


KEYS = {"AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "SecretAccessKey": SECRET, "SessionToken": "t"}


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("[default]\ncredential_process = /nonexistent/tool", "/nonexistent/tool: No such file"),
        ("[default]\ncredential_process = /bin/false", "custom-process"),
        ("[default]\ncredential_process = /bin/echo hello", "answers something else"),
        (f"[default]\ncredential_process = /bin/echo {SECRET}", "answers something else"),
        ("[default]\ncredential_process = 'unbalanced", "answers something else"),
        (process({"Version": 2}), "custom-process"),
        (process({}), "custom-process"),
        (process({**KEYS, "Expiration": "2001-01-01T00:00:00Z"}), "sign-in has expired"),
        (process({**KEYS, "Expiration": "soon"}), "answers something else"),
        (f"[default]\n{ROLE}\nsource_profile = nobody", "nobody"),
        (f"[default]\n{ROLE}\ncredential_source = Moon", "Moon"),
        (f"[default]\n{ROLE}\nsource_profile = default", "Infinite loop"),
        (f"[default]\n{ROLE}\nweb_identity_token_file = /nonexistent", "/nonexistent: No such file"),
        (f"[default]\n{ROLE}\nweb_identity_token_file = /tmp", "/tmp: Is a directory"),
        (f"[default]\n{SSO}\nsso_start_url = https://x.invalid/start", "sign-in has expired"),
        ("[default]\nsso_account_id = 123456789012", "missing required configuration"),
        ("[default]\nsso_session = gone\nsso_account_id = 1\nsso_role_name = r", "gone"),
        ("broken [", "Unable to parse config file"),
        (b"\xff\xfe\x00", "Unable to parse config file"),
        ("", "there are no S3 credentials"),
    ],
)
def test_a_source_in_the_configuration(tmp_path: Path, config: str | bytes, expected: str) -> None:
    assert expected in said(tmp_path, config)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"AWS_ACCESS_KEY_ID": "AKIA"}, "AWS_SECRET_ACCESS_KEY"),
        (
            {"AWS_ROLE_ARN": "arn:aws:iam::1:role/x", "AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere"},
            "/nowhere",
        ),
        ({"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://example.com/x"}, "answers something else"),
    ],
    ids=["half a key", "token file", "container address"],
)
def test_a_source_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], expected: str
) -> None:
    for name, value in environ.items():  # the SDK reads them itself
        monkeypatch.setenv(name, value)

    assert expected in said(tmp_path, "", **environ)


def test_a_secret_that_cannot_be_sent_is_not_shown(tmp_path: Path) -> None:
    keys = {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "x", "AWS_SESSION_TOKEN": f"{SECRET}\n{SECRET}"}

    assert "they hold a line end" in said(tmp_path, "", **keys)


def test_a_proxy_that_does_not_answer_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, f"http://user:{SECRET}@127.0.0.1:8")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)

    text = said(tmp_path, "", AWS_ACCESS_KEY_ID="AKIA", AWS_SECRET_ACCESS_KEY="x")

    assert "cannot be reached through the proxy http://127.0.0.1:8" in text
