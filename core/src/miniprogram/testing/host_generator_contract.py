"""What every kind of host app must do, as tests to inherit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from miniprogram.seams.endpoint import Endpoint
from miniprogram.seams.host_generator import EmbedRequest, HostGenerator, RegistryEntry
from miniprogram.testing.contract import Contract, needs

RUNNING = "running"
DEVICE, BASE_URL = "some-device", "http://127.0.0.1:8080/api/"


class HostGeneratorContract(Contract):
    """Inherit, and override `make_generator` and `make_app`. `cannot` may name `running`."""

    can_be_missing = (RUNNING,)
    folder: Path

    def make_generator(self) -> HostGenerator:
        raise NotImplementedError

    def make_app(self, folder: Path) -> None:
        """An app of this kind in `folder`, which is empty; nothing was embedded into it."""
        raise NotImplementedError

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path / "app"
        self.folder.mkdir()

    def attempts(self, missing: str) -> Sequence[Callable[[], object]]:
        del missing
        generator = self.make_generator()
        return [lambda: generator.run_argv(DEVICE, None), lambda: generator.run_argv(DEVICE, BASE_URL)]

    def test_it_knows_its_apps_and_no_others(self) -> None:
        generator = self.make_generator()

        assert not generator.detect(self.folder)
        assert not generator.is_host(self.folder)
        self.make_app(self.folder)
        assert generator.detect(self.folder)
        assert not generator.is_host(self.folder)

    def test_its_files_are_in_the_app_and_five(self) -> None:
        self.make_app(self.folder)
        files = self.make_generator().files(self.folder)
        paths = [files.project_file, files.runtime_setup, files.launcher, files.endpoint_map, files.registry]

        assert all(path.is_relative_to(self.folder) and ".." not in path.parts for path in paths)
        assert len(set(paths)) == len(paths)
        assert files.project_file.is_file()
        assert files.presets is None or files.presets.is_relative_to(self.folder)

    def test_embedding_is_planned_without_writing_and_twice_alike(self) -> None:
        self.make_app(self.folder)
        before = self._everything()

        first = self.make_generator().plan_embedding(EmbedRequest(self.folder, "the.host", "2.3.4"))

        assert self._everything() == before
        assert self.make_generator().plan_embedding(EmbedRequest(self.folder, "the.host", "2.3.4")) == first
        assert (first.host_app_id, first.host_version) == ("the.host", "2.3.4")
        assert first.package_name
        assert first.files
        assert all(file.path.is_relative_to(self.folder) for file in first.files)
        assert all(note.strip() and "\n" not in note for note in first.notes)

    def test_what_it_plans_makes_a_host_and_planning_again_changes_nothing(self) -> None:
        self.make_app(self.folder)
        generator = self.make_generator()
        for file in generator.plan_embedding(EmbedRequest(self.folder)).files:
            file.path.parent.mkdir(parents=True, exist_ok=True)
            file.path.write_bytes(file.body)

        again = generator.plan_embedding(EmbedRequest(self.folder))

        assert generator.is_host(self.folder)
        assert [
            file.path for file in again.files if file.owner != "app" and file.path.read_bytes() != file.body
        ] == []

    def test_a_registry_is_read_as_it_was_rendered(self) -> None:
        generator = self.make_generator()
        endpoints = [_endpoint("shop"), _endpoint("coupon_center"), _endpoint("9-lives.v2")]
        entries = [RegistryEntry(each.app_id, f"The {each.app_id} \"one\" $ \\ 'two'") for each in endpoints]

        rendered = generator.render_endpoints(endpoints, entries)
        found = generator.read_registry(rendered.registry.decode(), name="registry")

        assert found is not None
        assert [(each.app_id, each.title) for each in found] == [(each.app_id, each.title) for each in entries]
        assert all(each.constant for each in found)
        assert len({each.constant for each in found}) == len(found)
        assert generator.render_endpoints(endpoints, found) == rendered

    def test_names_that_are_set_stay_when_more_come(self) -> None:
        generator = self.make_generator()
        one, other = _endpoint("shop"), _endpoint("Shop")
        first = generator.render_endpoints([one], [RegistryEntry("shop", "Shop")])
        known = generator.read_registry(first.registry.decode(), name="registry") or ()

        both = generator.render_endpoints([one, other], [RegistryEntry("Shop", "Other"), *known])

        found = generator.read_registry(both.registry.decode(), name="registry") or ()
        constants = {each.app_id: each.constant for each in found}
        assert constants["shop"] == known[0].constant
        assert len(set(constants.values())) == 2

    def test_every_address_is_in_the_endpoint_map(self) -> None:
        rendered = self.make_generator().render_endpoints([_endpoint("shop")], [RegistryEntry("shop", "Shop")])

        assert b"https://programs.example/shop" in rendered.endpoint_map

    def test_a_file_of_somebody_else_is_no_registry(self) -> None:
        assert self.make_generator().read_registry("something a person wrote\n", name="registry") is None

    @needs(RUNNING)
    def test_an_app_runs_on_a_device_against_an_address(self) -> None:
        generator = self.make_generator()

        bare, addressed = generator.run_argv(DEVICE, None), generator.run_argv(DEVICE, BASE_URL)

        assert all(isinstance(word, str) and word for word in (*bare, *addressed))
        assert any(DEVICE in word for word in bare)
        assert any(BASE_URL in word for word in addressed)
        assert not any(BASE_URL in word for word in bare)

    def _everything(self) -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}


def _endpoint(app_id: str) -> Endpoint:
    return Endpoint.model_validate({"appId": app_id, "apiBaseUri": f"https://programs.example/{app_id}"})
