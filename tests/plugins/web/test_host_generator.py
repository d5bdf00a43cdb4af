"""What `embed init` and `host endpoint` make of a web page: modules that a browser takes as they are."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from miniprogram.errors import DocumentError, MiniProgramError
from miniprogram.hosts.embedding import EmbedReport, embed_host
from miniprogram.hosts.endpoints import EndpointReport, add_endpoint, list_endpoints, remove_endpoint
from miniprogram.hosts.new_endpoint import make_endpoint
from miniprogram.seams.host_generator import EmbedRequest
from miniprogram_web.host.generator import WebGenerator
from testbed import servers

KEY = "mpk_test_0123456789abcdefghij"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    root.mkdir()
    (root / "index.html").write_text("<!doctype html>\n<title>A page</title>\n")
    return root


@pytest.fixture
def bundled(tmp_path: Path) -> Path:
    root = tmp_path / "site"
    (root / "src").mkdir(parents=True)
    (root / "package.json").write_text('{"name": "@shop/site", "version": "2.1.0"}')
    return root


def embed(root: Path, *, force: bool = False, **options: Any) -> EmbedReport:
    return embed_host(WebGenerator(), EmbedRequest(root, **options), force=force)


def add(root: Path, app_id: str = "shop", *, key: str | None = None, title: str | None = None) -> EndpointReport:
    endpoint = make_endpoint(
        app_id,
        api_base_url="https://programs.example/api",
        access_key=key,
        backend_base_url="https://backend.example/api",
        local_mock=False,
    )
    return add_endpoint(WebGenerator(), root, endpoint, title=title, force=False)


def evaluate(module: Path, name: str) -> Any:
    """What the module exports under `name`, as a JavaScript engine reads it."""
    script = f"import({json.dumps(module.as_uri())}).then((m) => console.log(JSON.stringify(m.{name})))"
    done = subprocess.run([servers.node(), "-e", script], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_a_page_gets_everything_beside_it(page: Path) -> None:
    report = embed(page)

    names = {path.relative_to(page / "mini_program").as_posix() for path in report.written.written}
    own = {"setup.js", "host.js", "launcher.js", "launcher.d.ts", "endpoints.js", "registry.js", "README.md"}
    assert own | {"runtime/mini-program.js", "runtime/vendor/roboto/LICENSE"} <= names
    assert (report.plan.host_app_id, report.plan.host_version) == ("shop", "1.0.0")
    assert 'src="mini_program/setup.js"' in report.plan.next_step
    assert (page / "index.html").read_text() == "<!doctype html>\n<title>A page</title>\n"


def test_an_application_gets_it_among_its_sources(bundled: Path) -> None:
    report = embed(bundled)

    setup = (bundled / "src" / "mini_program" / "setup.js").read_text()
    assert (report.plan.host_app_id, report.plan.host_version) == ("@shop/site", "2.1.0")
    assert "'host-app': \"@shop/site\"" in setup
    assert 'from "./runtime/mini-program.js"' in setup


def test_an_application_that_installs_the_runtime_gets_no_copy(bundled: Path) -> None:
    (bundled / "package.json").write_text('{"name": "site", "dependencies": {"miniprogram-web": "^0.1.0"}}')

    embed(bundled)

    assert 'from "miniprogram-web"' in (bundled / "src" / "mini_program" / "setup.js").read_text()
    assert not (bundled / "src" / "mini_program" / "runtime").exists()


@pytest.mark.parametrize("with_demo", [False, True])
def test_the_second_run_changes_nothing(page: Path, with_demo: bool) -> None:
    embed(page, with_demo=with_demo)
    before = {path: path.read_bytes() for path in page.rglob("*") if path.is_file()}

    report = embed(page, with_demo=with_demo)

    assert report.written.written == ()
    assert report.left_alone == ()
    assert {path: path.read_bytes() for path in page.rglob("*") if path.is_file()} == before


def test_what_the_page_owns_is_kept_and_what_is_ours_is_asked_about(page: Path) -> None:
    embed(page)
    host, launcher = page / "mini_program" / "host.js", page / "mini_program" / "launcher.js"
    host.write_text("export const host = {}; export const moreCapabilities = []; export const theme = null;\n")
    assert embed(page).left_alone == (host,)

    launcher.write_text("// mine\n")
    with pytest.raises(MiniProgramError, match=r"launcher\.js would change"):
        embed(page)
    report = embed(page, force=True)

    assert launcher.with_name("launcher.js.bak").read_text() == "// mine\n"
    assert launcher in report.written.written


def test_a_runtime_of_an_older_release_is_renewed_and_an_edited_one_is_not(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embed(page)
    script = page / "mini_program" / "runtime" / "mini-program.js"
    monkeypatch.setattr("miniprogram_web.npm.package_files.bundle", lambda: "// the next release\n")

    assert script in embed(page).written.written
    assert not script.with_name("mini-program.js.bak").exists()

    script.write_text("// mended by hand\n")
    with pytest.raises(MiniProgramError, match=r"mini-program\.js would change"):
        embed(page)


def test_endpoints_are_what_the_page_reads(page: Path) -> None:
    embed(page)
    add(page, key=KEY)
    add(page, "coupon_center", title="Coupons")
    folder = page / "mini_program"

    common = {"api-base-url": "https://programs.example/api", "backend-base-url": "https://backend.example/api"}
    assert evaluate(folder / "endpoints.js", "miniProgramEndpoints") == {
        "coupon_center": common,
        "shop": common | {"access-key": KEY},
    }
    assert evaluate(folder / "registry.js", "MiniPrograms") == {
        "couponCenter": {"appId": "coupon_center", "title": "Coupons"},
        "shop": {"appId": "shop", "title": "Shop"},
    }
    remove_endpoint(WebGenerator(), page, "shop")
    assert evaluate(folder / "endpoints.js", "miniProgramEndpoints") == {"coupon_center": common}


def test_a_key_that_visitors_can_read_is_mentioned(page: Path) -> None:
    embed(page)

    assert not any("access key" in note for note in add(page, "news").notes)
    assert any("can read the access key of shop" in note for note in add(page, key=KEY).notes)


@pytest.mark.parametrize("app_id", ["__proto__", "constructor", "...", "class", "3d"])
@pytest.mark.parametrize("title", ["};", '"; alert(1); "', "</script>", "`${x}`", "*/ // \\"])
def test_hostile_ids_and_titles_stay_texts(page: Path, app_id: str, title: str) -> None:
    embed(page)
    add(page, app_id, title=title)
    add(page, "other")

    endpoints = evaluate(page / "mini_program" / "endpoints.js", "miniProgramEndpoints")
    registry = evaluate(page / "mini_program" / "registry.js", "MiniPrograms")
    assert set(endpoints) == {app_id, "other"}
    assert {row["appId"]: row["title"] for row in registry.values()} == {app_id: title, "other": "Other"}
    assert list_endpoints(WebGenerator(), page).title_of(app_id) == title


def test_names_and_titles_that_were_changed_are_kept(page: Path) -> None:
    embed(page)
    add(page)
    registry = page / "mini_program" / "registry.js"
    registry.write_text(
        'export const MiniPrograms = {\n  "store": {\n    "appId": "shop",\n    "title": "Laden"\n  }\n};\n'
    )

    add(page, "news")

    rows = evaluate(registry, "MiniPrograms")
    assert rows["store"] == {"appId": "shop", "title": "Laden"}
    assert "[MiniPrograms.store.appId]" in (page / "mini_program" / "endpoints.js").read_text()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("export const MiniPrograms = {shop: 1};\n", "not JSON"),
        ("export const MiniPrograms = make();\n", "written as JSON"),
        ('export const MiniPrograms = {"shop": {"appId": 1, "title": "x"}};\n', "both texts"),
        ('export const MiniPrograms = {"__proto__": {"appId": "a", "title": "x"}};\n', "must be a name"),
    ],
)
def test_a_registry_that_cannot_be_read_is_refused(page: Path, text: str, problem: str) -> None:
    embed(page)
    (page / "mini_program" / "registry.js").write_text(text)

    with pytest.raises(DocumentError, match=problem):
        add(page)


@pytest.mark.parametrize("package", ["{", "[]", '{"name": "a", "name": "b"}'])
def test_a_package_json_that_is_none_changes_nothing(bundled: Path, package: str) -> None:
    (bundled / "package.json").write_text(package)

    with pytest.raises(DocumentError, match=r"package\.json"):
        embed(bundled, force=True)

    assert not (bundled / "src" / "mini_program").exists()


def test_hostile_identities_stay_texts(page: Path) -> None:
    embed(page, host_app_id='a"; import "x"; //', host_version="`${evil}`")

    done = subprocess.run([servers.node(), "--check", str(page / "mini_program" / "setup.js")], check=False)
    assert done.returncode == 0
    assert r'"a\"; import \"x\"; //"' in (page / "mini_program" / "setup.js").read_text()


def test_a_version_that_rules_cannot_match_is_mentioned(page: Path) -> None:
    assert "no semantic version" in embed(page, host_version="next").plan.notes[0]
