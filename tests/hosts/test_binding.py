"""Which URL a host app runs against, when a provider is asked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from miniprogram.errors import DocumentError, MiniProgramError, PluginError
from miniprogram.hosts.binding import RunTarget, bind_to_environment, find_run_target
from miniprogram.hosts.environments import Environments
from miniprogram.hosts.handoff.making import environment_url
from miniprogram.plugins.specs import AnyProvider, ProviderSpec
from miniprogram.seams.cloud_provider import DeploymentStatus
from miniprogram.state.host_cloud import bind_host

NOON = datetime(2030, 1, 2, 12, tzinfo=UTC)


class NoSettings(BaseModel):
    """Takes whatever is stored."""


@dataclass
class FakeCloud:
    """A provider, its deployment and the factory of both."""

    outputs: dict[str, str]
    exists: bool = True
    error: str | None = None

    def deployment(self) -> FakeCloud:
        return self

    def status(self) -> DeploymentStatus:
        if self.error:
            raise MiniProgramError(self.error)
        return DeploymentStatus("stack", "prod", self.exists, outputs=self.outputs)

    def spec(self) -> ProviderSpec[Any]:
        return ProviderSpec("fake", "a cloud", lambda: NoSettings, lambda _settings, _context: self)  # type: ignore[arg-type,return-value]


def environments(root: Path, cloud: FakeCloud | None, **values: Any) -> Environments:
    entry = {
        "name": "prod",
        "provider": "fake",
        "values": values,
        "configuredAtUtc": "x",
        "updatedAtUtc": "x",
    }
    document = {
        "schemaVersion": 2,
        "activeEnvironment": "prod",
        "cloudEnvironments": [entry],
        "initializedAtUtc": "x",
        "updatedAtUtc": "x",
    }
    (root / ".mini_program").mkdir()
    (root / ".mini_program" / "env.json").write_text(json.dumps(document))
    return Environments(
        explicit_root=None,
        start_directories=[root],
        home=root / "home",
        environ={},
        find_provider=lambda name: _provider(cloud, name),
        now=NOON,
    )


def _provider(cloud: FakeCloud | None, name: str) -> AnyProvider:
    if cloud is None:
        raise PluginError(f"{name!r} is not implemented by anything installed")
    return cloud.spec()


def bound(root: Path, url: str) -> None:
    bind_host(root, environment="prod", provider="fake", url=url, now=NOON)


def test_a_deployment_is_asked_and_its_answer_kept(tmp_path: Path) -> None:
    places = environments(tmp_path, FakeCloud({"BackendApiBaseUrl": "https://up.test/api/"}))

    target = find_run_target(places, tmp_path, None)

    assert target == RunTarget("https://up.test/api", "prod")
    saved = json.loads((tmp_path / ".mini_program" / "env.json").read_text())
    assert saved["cloudEnvironments"][0]["deployed"] == {"apiBaseUrl": "https://up.test/api"}
    assert "https://up.test/api" in (tmp_path / ".mini_program" / "host_cloud.json").read_text()


def test_a_package_asks_too(tmp_path: Path) -> None:
    places = environments(tmp_path, FakeCloud({"BackendApiBaseUrl": "https://up.test/api/"}))

    assert environment_url(places, None) == "https://up.test/api"


@pytest.mark.parametrize("cloud", [FakeCloud({}), FakeCloud({"BackendApiBaseUrl": "https://x"}, exists=False)])
def test_without_a_deployment_the_binding_holds(tmp_path: Path, cloud: FakeCloud) -> None:
    places = environments(tmp_path, cloud)
    before = find_run_target(places, tmp_path, None)
    bound(tmp_path, "https://bound.test")

    assert before == RunTarget(None, "prod")
    assert find_run_target(places, tmp_path, None) == RunTarget("https://bound.test", "prod")


def test_a_provider_that_fails_is_an_error_unless_the_app_is_bound(tmp_path: Path) -> None:
    places = environments(tmp_path, FakeCloud({}, error="no network"))

    with pytest.raises(MiniProgramError, match="no network"):
        find_run_target(places, tmp_path, None)
    bound(tmp_path, "https://bound.test")

    target = find_run_target(places, tmp_path, None)
    assert (target.url, target.notes) == ("https://bound.test", ("Not asked: no network.",))


def test_a_provider_that_is_not_installed_leaves_the_apps_default(tmp_path: Path) -> None:
    target = find_run_target(environments(tmp_path, None), tmp_path, None)

    assert target.url is None
    assert "'fake' is not implemented" in target.notes[0]


def test_binding_prefers_what_is_deployed(tmp_path: Path) -> None:
    cloud = FakeCloud({"BackendApiBaseUrl": "https://up.test"})

    host_cloud = bind_to_environment(environments(tmp_path, cloud, apiBaseUrl="https://old.test"), tmp_path, None)

    assert host_cloud.backend_api_base_url == "https://up.test"


def test_binding_again_keeps_the_first_moment_and_unknown_members(tmp_path: Path) -> None:
    places = environments(tmp_path, FakeCloud({"BackendApiBaseUrl": "https://up.test"}))
    bind_to_environment(places, tmp_path, "prod")
    path = tmp_path / ".mini_program" / "host_cloud.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "configuredAtUtc": "first", "more": 1}))

    bind_to_environment(places, tmp_path, "prod")

    document = json.loads(path.read_text())
    assert (document["configuredAtUtc"], document["more"]) == ("first", 1)


@pytest.mark.parametrize("url", ["ftp://x.test", 5, "https://user:pass@x.test"])
def test_a_stored_url_that_is_none_is_named(tmp_path: Path, url: Any) -> None:
    with pytest.raises(DocumentError, match=r"env\.json: prod: apiBaseUrl must"):
        find_run_target(environments(tmp_path, FakeCloud({}), apiBaseUrl=url), tmp_path, None)
