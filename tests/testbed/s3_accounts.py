"""What the tests over S3 share: servers that stand for AWS, and an account of its own for each test.

A conftest imports the fixtures it wants, and defines `account_class`.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
from urllib.request import Request, urlopen

import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.seams.cloud_provider import ProviderContext
from miniprogram.testing import frozen_clock
from miniprogram_s3.client import S3Clients
from miniprogram_s3.settings import S3Settings, S3StoreSettings
from testbed import servers
from testbed.scripted import Answers, answering

REGION = "eu-west-1"

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def _no_aws_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@dataclass(frozen=True)
class Account:
    """An account of a test server that nobody else uses: `environ` signs in to it, `bucket` is a free name."""

    endpoint_url: str
    environ: Mapping[str, str]
    bucket: str
    home: Path
    root: Path
    knows_regions: bool = True

    settings_class: ClassVar[type[S3StoreSettings]] = S3Settings
    clients_class: ClassVar[type[S3Clients]] = S3Clients

    def settings(self, **changes: Any) -> Any:
        return self.settings_class(**{"bucket": self.bucket, "region": REGION, **changes})

    def context(self, **environ: str) -> ProviderContext:
        return ProviderContext("prod", self.root, self.home, {**self.environ, **environ})

    def clients(self, **changes: Any) -> Any:
        """Clients of its own; making them takes a while, so keep them."""
        return self.clients_class(self.settings(**changes), self.context())

    def make_bucket(self, *, versioned: bool = True) -> str:
        """The bucket, made."""
        s3 = self.clients().s3
        if self.knows_regions:
            s3.create_bucket(Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        else:
            s3.create_bucket(Bucket=self.bucket)
        if versioned:
            s3.put_bucket_versioning(Bucket=self.bucket, VersioningConfiguration={"Status": "Enabled"})
        return self.bucket


@pytest.fixture(scope="session")
def server_logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("servers")


@pytest.fixture(scope="session")
def ministack_url(server_logs: Path) -> Iterator[str]:
    with servers.ministack(server_logs / "ministack.log") as url:
        yield url


@pytest.fixture(scope="session")
def moto_url(server_logs: Path) -> Iterator[str]:
    with servers.moto(server_logs / "moto.log") as url:
        yield url


@pytest.fixture
def account_at(tmp_path: Path, account_class: type[Account]) -> Callable[..., Account]:
    """Makes an account at an endpoint; on MiniStack the twelve-digit key is the account's number."""

    def make(endpoint_url: str, *, key: str | None = None, secret: str = "s" * 40) -> Account:
        environ = {
            "HOME": str(tmp_path / "home"),
            "AWS_ACCESS_KEY_ID": key or f"{secrets.randbelow(9 * 10**11) + 10**11}",
            "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_ENDPOINT_URL": endpoint_url,
        }
        (tmp_path / "home").mkdir(exist_ok=True)
        return account_class(endpoint_url, environ, f"shop-{secrets.token_hex(6)}", tmp_path / "home", tmp_path)

    return make


@pytest.fixture
def account(ministack_url: str, account_at: Callable[..., Account]) -> Account:
    """An account on MiniStack."""
    return account_at(ministack_url)


@pytest.fixture
def moto_account(moto_url: str, account_at: Callable[..., Account]) -> Account:
    """An account on moto. All of its accounts are one, so names have to differ."""
    return account_at(moto_url, key="AKIAEXAMPLEEXAMPLE00")


@pytest.fixture
def command_line(capsys: pytest.CaptureFixture[str]) -> Callable[[Account], Call]:
    """A command line as the holder of an account types it; gives exit code, stdout and stderr."""

    def of(account: Account) -> Call:
        def call(*argv: str, **environ: str) -> tuple[int, str, str]:
            tools = AppContext(cwd=account.root, environ={**account.environ, **environ}, now=frozen_clock)
            code = run(list(argv), tools)
            out, err = capsys.readouterr()
            return code, out, err

        return call

    return of


@pytest.fixture
def scripted() -> Iterator[Callable[[Answers], str]]:
    """Starts a server that gives the answers of a table, by `METHOD /start-of-path`; gives its base URL."""
    with ExitStack() as running:
        yield lambda answers: running.enter_context(answering(answers))


@dataclass(frozen=True)
class Faults:
    """A proxy before MiniStack. `url` is where to connect; rules say which requests fail, and how."""

    url: str

    def inject(self, *rules: dict[str, Any]) -> None:
        """These instead of those before; none to let everything through."""
        self._ask("POST", "rules", [{"service": "s3", **rule} for rule in rules])
        self._ask("DELETE", "fired")

    @property
    def fired(self) -> list[dict[str, Any]]:
        """The requests that failed since."""
        answer = self._ask("GET", "fired")
        found: list[dict[str, Any]] = answer if isinstance(answer, list) else answer["events"]
        return found

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        asked = Request(f"{self.url}/_microburst/{path}", data=data, method=method, headers=headers)
        with urlopen(asked, timeout=10) as answer:
            return json.loads(answer.read() or b"null")


@pytest.fixture(scope="session")
def fault_proxy_url(ministack_url: str, server_logs: Path) -> Iterator[str]:
    with servers.microburst(ministack_url, server_logs / "microburst.log") as url:
        yield url


@pytest.fixture
def faults(fault_proxy_url: str) -> Iterator[Faults]:
    proxy = Faults(fault_proxy_url)
    proxy.inject()
    yield proxy
    proxy.inject()
