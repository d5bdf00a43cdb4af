from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from miniprogram.environments.session import CloudSession, open_to_publish
from miniprogram.errors import MiniProgramError, PublishError
from miniprogram.plugins.specs import AnyProvider
from miniprogram.publish.environment_target import EnvironmentTarget
from miniprogram.seams.publish_target import PublishTarget
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import PNG, VersionKeepingContract, image_screen, sample_release, sample_screens


class TestEnvironmentTarget(VersionKeepingContract):
    @pytest.fixture(autouse=True)
    def _session(self, make_session: Callable[..., CloudSession]) -> None:
        self.session = make_session(MemoryObjectStore())

    def make_target(self) -> PublishTarget:
        return EnvironmentTarget(self.session)

    def read(self, name: str) -> bytes | None:
        found = self.session.store.get(name)
        return None if found is None else found.body

    def remove(self, name: str) -> None:
        self.session.store.delete(name)

    def latest_name(self, program_id: str) -> str:
        return self.session.keys.catalog_pointer_key(program_id)

    def file_name(self, program_id: str, version: str, path: str) -> str:
        return f"pre/artifacts/{program_id}/{version}/{path}"

    def served_version(self, program_id: str) -> str | None:
        body = self.read(self.latest_name(program_id))
        return None if body is None else str(json.loads(body)["latestVersion"])


def test_documents_name_the_environment_and_its_provider(make_session: Callable[..., CloudSession]) -> None:
    session = make_session(MemoryObjectStore(), apiBaseUrl="https://x.example/api/")

    receipt = EnvironmentTarget(session).publish(sample_release())

    record = json.loads(session.store.get(session.keys.release_record_key("shop", "1.0.0")).body)  # type: ignore[union-attr]
    assert (record["provider"], record["environment"], record["apiBaseUrl"]) == (
        "fake",
        "dev",
        "https://x.example/api",
    )
    assert (record["artifacts"]["bucket"], record["artifacts"]["region"]) == ("bucket", "eu-west-1")
    assert receipt.delivery_api_base_url == "https://x.example/api/"


def nobody(name: str) -> AnyProvider:
    raise AssertionError(f"nobody asks for {name}")


def test_a_publish_without_an_environment_file_fails_with_exit_code_1(tmp_path: Path) -> None:
    with pytest.raises(MiniProgramError, match=r"no env\.json") as failure:
        open_to_publish(
            "dev", start_directories=[tmp_path], find_provider=nobody, home=tmp_path / "home", environ={}
        )

    assert failure.value.exit_code == 1


def test_without_a_chosen_environment_nothing_is_chosen(make_session: Callable[..., CloudSession]) -> None:
    session = make_session(MemoryObjectStore())
    starts = [session.resolved.root]

    with pytest.raises(MiniProgramError, match="'local' is not a named environment") as failure:
        open_to_publish(None, start_directories=starts, find_provider=nobody, home=session.home, environ={})

    assert failure.value.exit_code == 1


def test_images_need_an_address_and_deploying_gives_one(make_session: Callable[..., CloudSession]) -> None:
    screens = {**sample_screens(), "shop_home": image_screen()}
    release = sample_release(screens=screens, assets={"logo.png": PNG})
    store = MemoryObjectStore()

    with pytest.raises(PublishError) as failure:
        EnvironmentTarget(make_session(store)).publish(release)
    assert "cloud deploy --env dev" in (failure.value.hint or "")

    deployed = make_session(store, apiBaseUrl="https://x.example/api")
    EnvironmentTarget(deployed).publish(release)
    found = store.get("pre/artifacts/shop/1.0.0/screens/shop_home.json")
    assert found is not None
    assert b"https://x.example/api/assets/shop/1.0.0/logo.png" in found.body
