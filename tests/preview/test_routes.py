"""The routes, without a socket."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from miniprogram.preview.bundle import PreviewBundle
from miniprogram.preview.serving.requests import Reply, Request
from miniprogram.preview.serving.routes import CORS, PreviewRoutes
from miniprogram.preview.serving.site import PreviewSite
from miniprogram.preview.session import PreviewSession

BASE = "http://10.0.2.2:7/secret/preview/"


class Site:
    """A server's routes, asked by the line that begins a request."""

    def __init__(self, session: PreviewSession) -> None:
        self.site = PreviewSite(PreviewRoutes(session, base_url=BASE), None, "secret")

    def answer(self, method: str, target: str) -> Reply:
        path, _, query = target.partition("?")
        return self.site.answer(Request(method, path, query, {"host": "127.0.0.1:7"}))


@pytest.fixture
def routes(session: PreviewSession) -> Site:
    return Site(session)


def document(reply: Reply) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(reply.body)
    return value


def test_status_names_the_build_and_the_program(routes: Site) -> None:
    reply = routes.answer("GET", "/preview/status.json?at=1")

    assert (reply.status, reply.content_type) == (200, "application/json")
    assert document(reply) == {
        "buildVersion": 1,
        "state": "ready",
        "miniProgramId": "shop",
        "title": "Corner shop",
    }


def test_a_failed_build_leaves_what_was_served(routes: Site, session: PreviewSession) -> None:
    session.begin()
    assert document(routes.answer("GET", "/preview/status.json"))["state"] == "building"
    session.fail("stac/x.json is wrong")

    status = document(routes.answer("GET", "/preview/status.json"))

    assert (status["buildVersion"], status["state"]) == (1, "build_failed")
    assert status["lastBuildError"] == "stac/x.json is wrong"
    assert routes.answer("GET", "/preview/screens/shop_home.json").status == 200


def test_the_next_good_build_clears_the_error(
    routes: Site, session: PreviewSession, bundle: PreviewBundle
) -> None:
    session.fail("wrong")
    session.begin()
    assert document(routes.answer("GET", "/preview/status.json"))["lastBuildError"] == "wrong"
    session.apply(bundle)

    status = document(routes.answer("GET", "/preview/status.json"))

    assert (status["buildVersion"], status["state"]) == (2, "ready")
    assert "lastBuildError" not in status


def test_local_images_get_absolute_addresses(routes: Site) -> None:
    children = document(routes.answer("GET", "/preview/screens/shop_home.json"))["children"]

    assert children[0] == {"type": "image", "imageType": "network", "src": f"{BASE}assets/icons/a%20b.png"}
    assert children[1]["src"] == "https://example.com/x.png"


def test_an_image_that_went_away_stays_as_authored(routes: Site, root: Path) -> None:
    (root / "assets" / "icons" / "a b.png").unlink()

    first = document(routes.answer("GET", "/preview/screens/shop_home.json"))["children"][0]

    assert first == {"type": "image", "src": "assets/icons/a b.png"}


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("a.png", "image/png"),
        ("a.jpg", "image/jpeg"),
        ("a.JPEG", "image/jpeg"),
        ("a.webp", "image/webp"),
        ("a.svg", "image/svg+xml"),
        ("a.gif", "image/gif"),
        ("a.json", "application/json"),
        ("a.bin", None),
        ("ä ü.png", "image/png"),
    ],
)
def test_assets_have_their_type(routes: Site, root: Path, name: str, content_type: str | None) -> None:
    (root / "assets" / name).write_bytes(b"\x00\xff")

    reply = routes.answer("GET", f"/preview/assets/{name.replace(' ', '%20')}")

    assert reply == Reply(200, b"\x00\xff", content_type)


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("OPTIONS", "/preview/anything", 204),
        ("POST", "/preview/status.json", 405),
        ("HEAD", "/preview/status.json", 405),
        ("GET", "/preview/screens/other.json", 404),
        ("GET", "/preview/screens/shop_home", 404),
        ("GET", "/preview/screens/..%2fmanifest.json", 404),
        ("GET", "/preview/assets", 400),
        ("GET", "/preview/assets/", 400),
        ("GET", "/preview/assets/%20", 400),
        ("GET", "/preview/assets/none.png", 404),
        ("GET", "/preview/assets/icons", 404),
        ("GET", "/preview/assets/icons//a%20b.png", 404),
        ("GET", "/preview/assets/.secret", 404),
        ("GET", "/preview/assets/../manifest.json", 403),
        ("GET", "/preview/assets/%2e%2e/manifest.json", 403),
        ("GET", "/preview/assets/icons/..%2f..%2f..%2fmanifest.json", 403),
        ("GET", "/preview/assets/..%5cmanifest.json", 403),
        ("GET", "/preview/assets/a%00b", 403),
        ("GET", "/preview/assets/link.txt", 403),
        ("GET", "/preview/assets/" + "x" * 5000, 404),
        ("GET", "/preview/assets/%ff%fe", 404),
        ("GET", "/preview/", 404),
        ("GET", "/", 404),
        ("GET", "//preview/status.json", 404),
        ("GET", "/other/preview/status.json", 404),
    ],
)
def test_everything_else_is_refused(routes: Site, root: Path, method: str, target: str, status: int) -> None:
    (root / "assets" / ".secret").write_text("x")
    (root / "assets" / "link.txt").symlink_to(root / "manifest.json")

    reply = routes.answer(method, target)

    assert reply.status == status
    assert status == 204 or document(reply)["message"]


def test_before_the_first_build_there_is_nothing() -> None:
    routes = Site(PreviewSession())

    assert routes.answer("GET", "/preview/status.json").status == 503
    assert routes.answer("GET", "/elsewhere").status == 404


def test_what_nobody_expected_is_told() -> None:
    class Broken(PreviewSession):
        @property
        def snapshot(self) -> Any:
            raise RuntimeError("out of order")

    reply = Site(Broken()).answer("GET", "/preview/status.json")

    assert reply.status == 500
    assert document(reply)["details"] == "out of order"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(["..", "%2e%2e", ".", "icons", "%2f", "%5c", "a b.png", "", "%00", "~"]), max_size=6)
)
def test_no_asset_path_leads_out(routes: Site, parts: list[str]) -> None:
    reply = routes.answer("GET", "/preview/assets/" + "/".join(parts))

    assert reply.status in {200, 400, 403, 404}
    assert reply.status != 200 or reply.body == b"png"


@pytest.mark.parametrize("stored", ["caf\u00e9.png", "cafe\u0301.png"], ids=["composed", "decomposed"])
@pytest.mark.parametrize("asked", ["caf%C3%A9.png", "cafe%CC%81.png"], ids=["composed", "decomposed"])
def test_accents_may_be_stored_in_either_form(routes: Site, root: Path, stored: str, asked: str) -> None:
    (root / "assets").mkdir(exist_ok=True)
    (root / "assets" / stored).write_bytes(b"png")

    assert routes.answer("GET", f"/preview/assets/{asked}").body == b"png"


def test_any_origin_reads_only_what_has_the_secret_in_its_address(routes: Site) -> None:
    assert routes.answer("GET", "/secret/preview/status.json").headers == CORS
    assert routes.answer("OPTIONS", "/secret/preview/status.json").headers == CORS
    assert routes.answer("GET", "/preview/status.json").headers == {}


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:7", 200),
        ("localhost", 200),
        ("LOCALHOST:7", 200),
        ("[::1]:7", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example:7", 421),
        ("localhost.evil.example", 421),
        ("[::1].evil.example", 421),
        ("127.0.0.1@evil.example", 421),
        ("192.168.1.7:7", 421),
        ("", 421),
    ],
)
def test_it_answers_to_the_names_it_gave_out_only(routes: Site, host: str, status: int) -> None:
    for path in ("/preview/status.json", "/secret/preview/status.json"):
        assert routes.site.answer(Request("GET", path, headers={"host": host})).status == status
    routes.site.names.add("192.168.1.7")
    assert (
        routes.site.answer(Request("GET", "/preview/status.json", headers={"host": "192.168.1.7"})).status == 200
    )
