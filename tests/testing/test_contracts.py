"""What is ours passes the contracts that others are given, and the contracts notice what does not."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml

from miniprogram import testing
from miniprogram.backends.mock.template import MockTemplate
from miniprogram.errors import StoreError
from miniprogram.project.sources.json_screens import JsonScreens
from miniprogram.project.sources.yaml_screens import YamlScreens
from miniprogram.seams.backend_template import BackendTemplate
from miniprogram.seams.cloud_provider import DeliveryDeployment, DeploymentStatus, Progress
from miniprogram.seams.data_store import DataStore, Leftover, Record
from miniprogram.seams.host_generator import HostGenerator
from miniprogram.seams.object_store import ObjectStore
from miniprogram.seams.screen_source import ScreenSource, SourceContext
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import (
    BackendTemplateContract,
    DataStoreContract,
    DeliveryDeploymentContract,
    HooksContract,
    HostGeneratorContract,
    MemoryDataStore,
    ObjectStoreContract,
    ScreenSourceContract,
    WrappedStore,
)
from miniprogram_flutter.generator import FlutterGenerator
from miniprogram_web.host.generator import WebGenerator

pytestmark = pytest.mark.slow

SEAMS = {
    "AdmissionLedgerContract",
    "BackendTemplateContract",
    "CloudProviderContract",
    "DataStoreContract",
    "DeliveryDeploymentContract",
    "HooksContract",
    "HostGeneratorContract",
    "LogSourceContract",
    "ObjectStoreContract",
    "PublishTargetContract",
    "ScreenSourceContract",
    "SigningKeyContract",
}


def test_every_name_can_be_imported_and_every_seam_has_its_contract() -> None:
    found = {name: getattr(testing, name) for name in testing.__all__}

    assert found.keys() >= SEAMS
    for name in SEAMS:
        assert issubclass(found[name], testing.Contract)
        assert found[name].__doc__
    assert set(dir(testing)) == set(testing.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        testing.Nothing  # noqa: B018


@pytest.mark.parametrize("module", testing.MODULES)
def test_every_module_of_it_is_there(module: str) -> None:
    assert importlib.import_module(f"miniprogram.testing.{module}").__doc__


class TestMockTemplate(BackendTemplateContract):
    storages = ("bundled",)

    def make_template(self) -> BackendTemplate:
        return MockTemplate()


class TestFlutter(HostGeneratorContract):
    def make_generator(self) -> HostGenerator:
        return FlutterGenerator()

    def make_app(self, folder: Path) -> None:
        (folder / "lib").mkdir()
        (folder / "lib" / "main.dart").write_text("void main() {}\n")
        (folder / "pubspec.yaml").write_text(
            "name: host\nenvironment:\n  sdk: ^3.4.0\ndependencies:\n  flutter:\n    sdk: flutter\n"
        )


class TestWebPage(HostGeneratorContract):
    def make_generator(self) -> HostGenerator:
        return WebGenerator()

    def make_app(self, folder: Path) -> None:
        (folder / "index.html").write_text("<!doctype html>\n<title>A page</title>\n")


class TestBundledPage(HostGeneratorContract):
    def make_generator(self) -> HostGenerator:
        return WebGenerator()

    def make_app(self, folder: Path) -> None:
        (folder / "src").mkdir()
        (folder / "package.json").write_text('{"name": "site", "version": "2.0.0"}')


class TestYaml(ScreenSourceContract):
    suffix = ".yaml"

    def make_source(self, context: SourceContext) -> ScreenSource:
        return YamlScreens(context)

    def write(self, path: Path, node: dict[str, Any]) -> None:
        path.write_text(yaml.safe_dump(node, allow_unicode=True), "utf-8")

    def write_broken(self, path: Path) -> None:
        path.write_text("a: [")


class TestJson(ScreenSourceContract):
    suffix = ".json"

    def make_source(self, context: SourceContext) -> ScreenSource:
        return JsonScreens(context)

    def write(self, path: Path, node: dict[str, Any]) -> None:
        path.write_text(json.dumps(node), "utf-8")

    def write_broken(self, path: Path) -> None:
        path.write_text("{")


class TestHooksOfAws(HooksContract):
    distribution = "miniprogram-aws"


class TestHooksOfFlutter(HooksContract):
    distribution = "miniprogram-flutter"


class TestHooksOfGithubPages(HooksContract):
    distribution = "miniprogram-github-pages"


class TestHooksOfServer(HooksContract):
    distribution = "miniprogram-server"


class TestHooksOfStatic(HooksContract):
    distribution = "miniprogram-static"


class WithoutConditions(WrappedStore):
    """Like a plain file server."""

    parallel_writes = 1

    def put(self, key: str, body: bytes, **options: Any) -> str:
        if options.get("if_match") or options.get("if_absent"):
            raise StoreError(f"{key} was not written: this server knows no conditions")
        return super().put(key, body, **options)

    def delete(self, key: str, *, if_match: str | None = None) -> None:
        if if_match:
            raise StoreError(f"{key} was not deleted: this server knows no conditions")
        super().delete(key)


class TestStoreWithoutConditions(ObjectStoreContract):
    cannot: ClassVar[Mapping[str, str]] = {"conditional writes": "a plain file server knows none"}

    def make_store(self) -> ObjectStore:
        return WithoutConditions()


class SmallDataStore(MemoryDataStore):
    """Like a database whose whole numbers have 64 bits."""

    def write(self, records: Any) -> list[Leftover]:
        large = [each for each in records if "12345678901234567890" in str(each)]
        left = super().write([each for each in records if each not in large])
        return [*left, *(Leftover(self.key_of(each), "a number is too large for this database") for each in large)]


class TestSmallDataStore(DataStoreContract):
    cannot: ClassVar[Mapping[str, str]] = {"large": "whole numbers have 64 bits"}

    @pytest.fixture(autouse=True)
    def _store(self) -> None:
        self.store = SmallDataStore()

    def make_store(self) -> DataStore:
        return self.store

    def redemption(self, user_id: str, coupon_id: str) -> Record:
        return {"group": "redemptions", "name": json.dumps([user_id, coupon_id]), "user": user_id}


class NotDeployed:
    """A deployment of somebody whose store is served by others."""

    def deploy(self, progress: Progress) -> DeploymentStatus:
        from miniprogram.errors import MiniProgramError

        raise MiniProgramError("this provider has a store only; serve it with `miniprogram serve`")

    def status(self) -> DeploymentStatus:
        return DeploymentStatus("none", "default", exists=False)

    def logs(self, *, since_s: float, follow: bool) -> Iterator[str]:
        self.deploy(print)
        yield ""

    def plan_destroy(self) -> list[str]:
        return []

    def destroy(self, progress: Progress) -> None: ...


class TestNotDeployed(DeliveryDeploymentContract):
    cannot: ClassVar[Mapping[str, str]] = {"deploying": "there is a store only", "logs": "nothing runs"}

    def make_deployment(self) -> DeliveryDeployment:
        return NotDeployed()


def test_what_is_declared_missing_and_done_in_silence_is_noticed() -> None:
    class Silent(ObjectStoreContract):
        cannot: ClassVar[Mapping[str, str]] = {"conditional writes": "never mind"}

        def make_store(self) -> ObjectStore:
            return MemoryObjectStore()

    with pytest.raises(BaseException, match="DID NOT RAISE"):
        Silent().test_what_it_cannot_do_is_refused_with_a_sentence()


@pytest.mark.parametrize(
    ("cannot", "told"),
    [({"flying": "no wings"}, "cannot be missing"), ({"conditional writes": " "}, "say why")],
    ids=["unknown", "without a reason"],
)
def test_declarations_are_checked(cannot: dict[str, str], told: str) -> None:
    contract = type("Declared", (ObjectStoreContract,), {"cannot": cannot})()

    with pytest.raises(AssertionError, match=told):
        contract.test_what_it_cannot_do_is_refused_with_a_sentence()


def test_tests_that_need_what_is_missing_are_skipped_with_the_reason() -> None:
    with pytest.raises(BaseException, match="a plain file server knows none"):
        TestStoreWithoutConditions().test_if_absent_never_replaces()


def test_the_fixtures_run_a_command_on_a_program(
    miniprogram_run: Callable[..., Any], miniprogram_program: Path
) -> None:
    answer = miniprogram_run("build", cwd=miniprogram_program)

    assert (answer.code, answer.err) == (0, "")
    assert (miniprogram_program / "stac" / ".build").is_dir()
