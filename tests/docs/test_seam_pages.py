"""The pages of the seams leave nothing out, and their examples work."""

from __future__ import annotations

import importlib
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import httpx
import pytest

from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.errors import MiniProgramError
from miniprogram.pictures.png import read_png
from miniprogram.plugins import additions
from miniprogram.plugins.spec_rules import load_protocol, protocol_members
from miniprogram.preview.serving.page_routes import OWN
from miniprogram.seams.cdn import Cdn
from miniprogram.seams.checks import CheckContext
from miniprogram.seams.cloud_provider import StoreAddress
from miniprogram.seams.preview_host import PreviewAddress, PreviewDevice, PreviewHost, PreviewProgram
from miniprogram.seams.preview_page import PreviewPage
from miniprogram.seams.screen_painter import PaintJob, Shot
from miniprogram.seams.version_signing import SignedFile, VersionToSign
from miniprogram.stores.memory import MemoryObjectStore

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))
seam_pages = importlib.import_module("seam_pages")
sys.path.remove(str(ROOT / "tools"))

PROTOCOLS = [
    *sorted({location for kind in additions.KINDS for location in kind.makes.values()}),
    "miniprogram.delivery.evaluation.ledger:AdmissionLedger",
    "miniprogram.seams.backend_operator:BackendOperator",
    "miniprogram.seams.backend_operator:RunsBackends",
    "miniprogram.seams.cdn:Cdn",
    "miniprogram.seams.cloud_provider:DeliveryDeployment",
    "miniprogram.seams.cloud_provider:PreparingProvider",
    "miniprogram.seams.data_store:DataStore",
    "miniprogram.seams.log_source:LogSource",
    "miniprogram.seams.object_store:ObjectStore",
    "miniprogram.seams.preview_host:PreviewDevice",
    "miniprogram.seams.version_keeping:KeepsVersions",
]


def text_of_all_pages() -> str:
    return "".join(path.read_text("utf-8") for path in seam_pages.FOLDER.glob("*.md"))


def test_the_pages_are_as_the_code_says() -> None:
    there = {path.name: path.read_text("utf-8") for path in seam_pages.FOLDER.glob("*.md")}

    assert there == dict(seam_pages.pages()), "run: make reference"


@pytest.mark.parametrize("location", PROTOCOLS)
def test_every_member_of_every_protocol_is_there_and_explained(location: str) -> None:
    protocol, text = load_protocol(location), text_of_all_pages()

    assert f"## {protocol.__name__}\n" in text
    for name in protocol_members(protocol):
        assert f"### `{name}(" in text or f"- `{name}: " in text, name
        member = next((vars(base)[name] for base in protocol.__mro__ if name in vars(base)), None)
        if callable(member):
            assert member.__doc__, f"{name} has no text"


def test_every_seam_of_the_core_has_a_page() -> None:
    folder = ROOT / "core" / "src" / "miniprogram" / "seams"
    shown = {part.partition(":")[0].rpartition(".")[2] for page in seam_pages.PAGES for part in page.parts}

    rules = {"__init__", "endpoint_rules", "setting_texts"}
    assert {path.stem for path in folder.glob("*.py")} - rules <= shown


def test_every_page_shows_an_example() -> None:
    for path in seam_pages.FOLDER.glob("*.md"):
        assert path.name == "README.md" or "## Example\n" in path.read_text("utf-8")


def example(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"seam_example_{name}", seam_pages.EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_example_of_a_screen_check() -> None:
    filler = {"type": "column", "children": [{"type": "text", "data": "Lorem ipsum dolor"}]}

    [remark] = example("screen_check").SPEC.run({"home": {"type": "text", "data": "Hello"}, "more": filler})

    assert (remark.screen, remark.path) == ("more", "$.children[0].data")


def test_the_example_of_a_screen_painter() -> None:
    shot = Shot("home", width=3, height=2, scale=2)
    job = PaintJob({"home": {"type": "scaffold", "backgroundColor": "#102030"}}, {}, [shot], {})

    [picture] = example("screen_painter").SPEC.paint(job)

    pixels = read_png(picture.png)
    assert (pixels.width, pixels.height, pixels.rows[0][:3]) == (6, 4, b"\x10\x20\x30")


def test_the_example_of_a_doctor_check(tmp_path: Path) -> None:
    spec, key = example("doctor_check").SPEC, tmp_path / "key"

    def status(**environ: str) -> str:
        return str(spec.run(CheckContext(tmp_path, tmp_path, environ)).status)

    assert status() == "skipped"
    assert status(ACME_SIGNING_KEY="key") == "error"
    key.write_text("secret")
    key.chmod(0o644)
    assert status(ACME_SIGNING_KEY="key") == "warning"
    key.chmod(0o600)
    assert status(ACME_SIGNING_KEY="key") == "ok"


def test_the_example_of_a_preview_page(tmp_path: Path) -> None:
    page: PreviewPage = example("preview_page").SPEC.create()

    folder, _, name = page.entry.partition("/")
    assert (folder in page.folders, name) == (True, "index.html")
    assert not page.folders.keys() & {*OWN, "preview"}


def test_the_example_of_a_cdn() -> None:
    asked: list[tuple[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((request.method, request.url.path))
        return httpx.Response(403 if "discovery" in request.url.path else 200)

    address = StoreAddress("programs", "here")
    cdn: Cdn = example("cdn").AcmeCdn("http://proxy:6081", address, httpx.MockTransport(answer))
    with pytest.raises(MiniProgramError, match=r"proxy:6081 answered 403 to BAN /api/discovery/\*"):
        cdn.invalidate(["metadata/access_keys/shop.json"])

    assert ("BAN", "/api/screens/shop/*") in asked


def test_the_example_of_a_version_signer() -> None:
    told: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        told.append(request.content)
        return httpx.Response(201 if b'"shop 1.0.0"' in request.content else 409)

    signer = example("version_signer").NotarySigner("http://notary/", httpx.MockTransport(answer))
    version = VersionToSign("shop", "1.0.0", "sha256:00", {"manifest.json": SignedFile("ab", 1)})

    assert signer.sign(MemoryObjectStore(), Keys("cloud"), version) == ()
    assert b'"manifest.json":"ab"' in told[0]
    with pytest.raises(MiniProgramError, match=r"did not agree to shop 1.1.0: it answered 409"):
        signer.sign(MemoryObjectStore(), Keys("cloud"), replace(version, version="1.1.0"))


def test_the_example_of_a_preview_host(tmp_path: Path) -> None:
    host: PreviewHost = example("preview_host").ViewerHost()
    program = PreviewProgram(tmp_path, "shop", "Shop")

    assert host.find_device("chrome", environ={}, cwd=tmp_path) is None
    device: PreviewDevice | None = host.find_device("viewer", environ={"PATH": str(tmp_path)}, cwd=tmp_path)
    assert device is not None
    with pytest.raises(MiniProgramError, match="acme-viewer is not on PATH"):
        device.prepare(program)
    viewer = tmp_path / "acme-viewer"
    viewer.write_text("#!/bin/sh\n")
    viewer.chmod(0o755)
    device.prepare(program)
    with device.connect([8080]) as reach:
        launch = device.launch(program, PreviewAddress(f"http://{reach.host}:8080/"))
    assert launch.argv == ["acme-viewer", "http://127.0.0.1:8080/?program=shop"]
