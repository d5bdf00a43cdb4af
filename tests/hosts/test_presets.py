"""`embed preset`: the version a host app is built with."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from client.delivered import Delivered
from miniprogram.errors import MiniProgramError
from miniprogram.hosts.endpoint_block import read_block
from miniprogram.hosts.endpoints import add_endpoint
from miniprogram.hosts.new_endpoint import make_endpoint
from miniprogram.hosts.preset_loading import load_package
from miniprogram.hosts.presets import embed_preset, known_endpoint, remove_preset
from miniprogram.packages.package_file import Package, open_archive, package_of
from miniprogram.seams.endpoint import Endpoint
from miniprogram.seams.host_generator import HostGenerator
from miniprogram.testing import sample_bundle
from miniprogram_flutter.generator import FlutterGenerator
from miniprogram_web.host.generator import WebGenerator

ROOT = json.dumps({"signed": {"_type": "root", "version": 1}, "signatures": [{"keyid": "a", "sig": "00"}]})
KINDS: dict[str, HostGenerator] = {"web": WebGenerator(), "flutter": FlutterGenerator()}


@pytest.fixture(params=list(KINDS))
def generator(request: pytest.FixtureRequest) -> HostGenerator:
    return KINDS[request.param]


@pytest.fixture
def app(tmp_path: Path) -> Path:
    root = tmp_path / "app"
    root.mkdir()
    (root / "index.html").write_text("<!doctype html>")
    (root / "pubspec.yaml").write_text("name: app\ndependencies:\n  flutter:\n    sdk: flutter\n")
    return root


def endpoint(**more: str | None) -> Endpoint:
    given = {"access_key": None, "backend_base_url": None, "trust_root": None, **more}
    return make_endpoint("shop", api_base_url="https://programs.example/api", local_mock=False, **given)  # type: ignore[arg-type]


def package(version: str = "1.0.0") -> Package:
    return package_of(sample_bundle("shop", version))


def add(generator: HostGenerator, app: Path, given: Endpoint | None = None) -> None:
    add_endpoint(generator, app, given or endpoint(), title=None, force=False)


def map_text(generator: HostGenerator, app: Path) -> str:
    return generator.files(app).endpoint_map.read_text("utf-8")


def test_the_package_lies_in_the_app_and_its_code_names_it(generator: HostGenerator, app: Path) -> None:
    add(generator, app)

    report = embed_preset(generator, app, package())

    assert open_archive(report.file.read_bytes(), name="it").bundle.digest == package().bundle.digest
    text = map_text(generator, app)
    assert "presets/shop.tar" in text.rsplit("END MINI_PROGRAM", maxsplit=1)[-1]
    (known,) = (read_block(text, name="it") or {}).values()
    assert (known.preset_version, known.preset_digest) == ("1.0.0", package().bundle.digest)
    assert report.file in report.written.written
    assert embed_preset(generator, app, package()).written.written == ()


def test_another_version_takes_its_place(generator: HostGenerator, app: Path) -> None:
    add(generator, app)
    embed_preset(generator, app, package())

    report = embed_preset(generator, app, package("1.1.0"))

    assert [path.name for path in report.file.parent.iterdir()] == ["shop.tar"]
    assert known_endpoint(generator, app, "shop").preset_version == "1.1.0"


def test_it_stays_when_the_endpoint_is_said_again(generator: HostGenerator, app: Path) -> None:
    add(generator, app)
    embed_preset(generator, app, package())

    add(generator, app, endpoint(access_key="mpk_test_0123456789abcdefghij"))

    assert known_endpoint(generator, app, "shop").preset_version == "1.0.0"
    assert "presets/shop.tar" in map_text(generator, app)


def test_taking_it_out_leaves_nothing(generator: HostGenerator, app: Path) -> None:
    add(generator, app)
    before = map_text(generator, app)
    report = embed_preset(generator, app, package())

    remove_preset(generator, app, "shop")

    assert not report.file.exists()
    assert map_text(generator, app) == before
    with pytest.raises(MiniProgramError, match="names no version of shop"):
        remove_preset(generator, app, "shop")


def test_without_an_endpoint_nothing_is_written(generator: HostGenerator, app: Path) -> None:
    with pytest.raises(MiniProgramError, match="has no endpoint 'shop'") as caught:
        embed_preset(generator, app, package())

    assert caught.value.hint == "`host endpoint add shop` adds one."
    assert sorted(path.name for path in app.rglob("*.tar")) == []


def test_an_app_that_pins_a_root_asks_for_the_digest(generator: HostGenerator, app: Path) -> None:
    add(generator, app, endpoint(trust_root=ROOT))

    with pytest.raises(MiniProgramError, match="pins a root for shop") as caught:
        embed_preset(generator, app, package())
    with pytest.raises(MiniProgramError, match="has the digest"):
        embed_preset(generator, app, package(), digest="sha256:other")
    embed_preset(generator, app, package(), digest=package().bundle.digest)

    assert package().bundle.digest in str(caught.value.hint)
    assert known_endpoint(generator, app, "shop").preset_version == "1.0.0"


class TestLoading:
    @pytest.fixture
    def delivered(self, tmp_path: Path) -> Delivered:
        return Delivered(tmp_path / "store", "local")

    def load(self, delivered: Delivered, version: str | None = None) -> Package:
        http = httpx.Client(transport=httpx.MockTransport(delivered._answer))
        return load_package(endpoint(), host_app="wallet", host_version="2.0.0", version=version, http=http)

    def test_the_version_that_delivery_gives_the_app(self, delivered: Delivered) -> None:
        delivered.publish("1.0.0")
        bundle = delivered.publish("1.1.0")

        assert self.load(delivered).bundle.digest == bundle.digest
        asked = next(each for each in delivered.requests if each.url.path.endswith("latest.json"))
        assert (asked.url.params["hostApp"], asked.url.params["hostVersion"]) == ("wallet", "2.0.0")

    def test_or_the_one_that_is_named(self, delivered: Delivered) -> None:
        bundle = delivered.publish("1.0.0")
        delivered.publish("1.1.0")

        assert self.load(delivered, "1.0.0").bundle.digest == bundle.digest

    def test_one_without_a_package_is_refused(self, delivered: Delivered) -> None:
        delivered.publish("1.0.0", packages=None)

        with pytest.raises(
            MiniProgramError, match=r"shop 1\.0\.0 is not published there, or was published without a package"
        ):
            self.load(delivered)
