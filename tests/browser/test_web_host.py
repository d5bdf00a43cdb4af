"""Pages that `embed init` made hosts, run by `host run` and seen by a real browser."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, expect

from browser.element_site import KEY, delivering
from miniprogram.packages.package_file import package_of, write_package
from miniprogram.testing import sample_bundle
from miniprogram_web.host.page_server import serving_folder
from testbed import servers

PAGE = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>A shop</title></head>
<body>
<button id="open">Open</button>
<mini-program app-id="shop" style="width: 360px; height: 400px"></mini-program>
<script type="module">
  import { MiniPrograms, openMiniProgram } from './mini_program/launcher.js';
  document.getElementById('open').addEventListener('click', async () => {
    await openMiniProgram(MiniPrograms.shop.appId, { attributes: { isolation: location.hash.slice(1) } });
    document.title = 'closed';
  });
</script>
</body></html>
"""
APPLICATION = """\
import { openMiniProgram } from './mini_program/launcher.js';
import { setRuntimeFolder } from './mini_program/runtime/mini-program.js';
setRuntimeFolder('runtime/');
document.body.insertAdjacentHTML('beforeend', '<button>Open</button>');
const attributes = { isolation: 'frame' };
document.querySelector('button').addEventListener('click', () => openMiniProgram('shop', { attributes }));
"""
SCREENS = {
    "shop_home": {
        "type": "scaffold",
        "appBar": {"type": "appBar", "title": {"type": "text", "data": "The shop"}},
        "body": {
            "type": "column",
            "children": [
                {"type": "icon", "icon": "shopping_cart"},
                {
                    "type": "filledButton",
                    "child": {"type": "text", "data": "Count me"},
                    "onPressed": {
                        "actionType": "hostAction",
                        "action": "trackEvent",
                        "payload": {"name": "counted", "properties": {}},
                    },
                },
            ],
        },
    }
}


def miniprogram(*words: str, cwd: Path) -> str:
    argv = [sys.executable, "-m", "miniprogram", *words]
    environ = {**os.environ, "HOME": str(cwd.parent / "home")}
    done = subprocess.run(argv, cwd=cwd, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def api(tmp_path: Path) -> Iterator[str]:
    with delivering(tmp_path / "store", SCREENS, protected=True) as (address, _):
        yield address


@contextmanager
def host_run(folder: Path, *words: str, tools: Path) -> Iterator[str]:
    """`host run` with a stand-in for Chrome; the address that it was opened with."""
    opened = tools / "opened"
    stand_in(tools, "google-chrome", f'printf %s "$1" > {opened}.part && mv {opened}.part {opened}')
    environ = {
        **os.environ,
        "HOME": str(folder.parent / "home"),
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
    }
    argv = [sys.executable, "-m", "miniprogram", "host", "run", "-d", "chrome", *words]
    with (tools / "log").open("wb") as log:
        child = subprocess.Popen(argv, cwd=folder, env=environ, stdout=log, stderr=log, start_new_session=True)
    try:
        deadline = time.monotonic() + 60
        while not opened.exists() and child.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        assert opened.exists(), (tools / "log").read_text()
        yield opened.read_text()
    finally:
        os.killpg(child.pid, signal.SIGINT)
        child.wait(20)


def stand_in(tools: Path, name: str, script: str) -> None:
    (tools / name).write_text(f"#!/bin/sh\n{script}\n")
    (tools / name).chmod(0o755)


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    folder = tmp_path / "tools"
    folder.mkdir()
    return folder


@pytest.fixture
def page(tmp_path: Path) -> Path:
    folder = tmp_path / "page"
    folder.mkdir()
    (folder / "index.html").write_text(PAGE)
    return folder


def test_a_page_that_is_built_with_a_version_starts_without_delivery(
    page: Path, tools: Path, chromium: Browser
) -> None:
    package = package_of(sample_bundle("shop", "0.9.0"))
    write_package(page.parent / "shop.tar.zst", package)
    miniprogram("embed", "init", cwd=page)
    miniprogram(
        "host", "endpoint", "add", "shop", "--api-base-url", "http://127.0.0.1:9/api", "--public", cwd=page
    )
    miniprogram("embed", "preset", "shop", "--package", "../shop.tar.zst", cwd=page)

    with host_run(page, tools=tools) as address:
        window = chromium.new_page()
        window.goto(address)
        expect(window.get_by_text("Welcome")).to_be_visible()
        window.reload()
        expect(window.get_by_text("Welcome")).to_be_visible()


@pytest.mark.parametrize("isolation", ["", "frame"])
def test_a_page_shows_a_protected_program_in_place_and_above_it(
    page: Path, api: str, tools: Path, chromium: Browser, isolation: str
) -> None:
    miniprogram("embed", "init", cwd=page)
    added = miniprogram("host", "endpoint", "add", "shop", "--api-base-url", api, "--access-key", KEY, cwd=page)
    assert "can read the access key of shop" in added

    with host_run(page, tools=tools) as address:
        complaints: list[str] = []
        window = chromium.new_page()
        window.on("pageerror", lambda error: complaints.append(str(error)))
        window.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        window.goto(f"{address}#{isolation}")
        expect(window.get_by_role("heading", name="The shop")).to_be_visible()

        window.get_by_role("button", name="Open", exact=True).click()
        dialog = window.get_by_role("dialog", name="Shop")
        inside = dialog.frame_locator("iframe") if isolation else dialog
        with window.expect_console_message(lambda message: "counted" in message.text):
            inside.get_by_role("button", name="Count me").click()
        dialog.get_by_role("button", name="Close", exact=True).click()
        expect(window).to_have_title("closed")
        expect(dialog).to_have_count(0)
        assert [each for each in complaints if "favicon" not in each and "404" not in each] == []


def test_a_page_without_endpoints_takes_the_address_it_is_run_with(
    page: Path, tmp_path: Path, tools: Path, chromium: Browser
) -> None:
    miniprogram("embed", "init", cwd=page)
    with (
        delivering(tmp_path / "open", SCREENS, protected=False) as (address, _),
        host_run(page, "--", "--api-base-url", address, tools=tools) as opened,
    ):
        assert "mini-program-api-base-url=http" in opened
        window = chromium.new_page()
        window.goto(opened)
        expect(window.get_by_role("heading", name="The shop")).to_be_visible()


def test_an_application_is_built_and_finds_its_fonts(tmp_path: Path, api: str, chromium: Browser) -> None:
    root = tmp_path / "site"
    (root / "src").mkdir(parents=True)
    (root / "package.json").write_text('{"name": "site", "version": "1.2.0"}')
    (root / "src" / "main.js").write_text(APPLICATION)
    miniprogram("embed", "init", cwd=root)
    miniprogram("host", "endpoint", "add", "shop", "--api-base-url", api, "--access-key", KEY, cwd=root)
    built = root / "dist"
    argv = [*servers.minifier(), "src/main.js", "--bundle", "--minify", "--format=esm", "--outdir=dist"]
    subprocess.run(argv, cwd=root, check=True, capture_output=True)
    (root / "src" / "mini_program" / "runtime").rename(built / "runtime")
    (built / "index.html").write_text(
        '<!doctype html><title>x</title><body><script type="module" src="main.js"></script>'
    )

    with serving_folder(built, 0) as address:
        window = chromium.new_page()
        asked: list[str] = []
        window.on("response", lambda answer: asked.append(f"{answer.status} {answer.url.removeprefix(address)}"))
        window.goto(address)
        window.get_by_role("button", name="Open").click()
        inside = window.get_by_role("dialog").frame_locator("iframe")
        expect(inside.get_by_role("heading", name="The shop")).to_be_visible()

    assert {"200 runtime/mini-program.js", "200 runtime/vendor/icons/material-common.woff2"} <= set(asked)


def test_the_script_of_an_application_is_run_and_its_address_opened(tmp_path: Path, tools: Path) -> None:
    root = tmp_path / "site"
    root.mkdir()
    (root / "package.json").write_text('{"name": "site", "scripts": {"dev": "x"}}')
    miniprogram("embed", "init", cwd=root)
    stand_in(tools, "npm", r"printf '  Local: \033[36mhttp://localhost:\033[1m5173\033[22m/\n'; exec sleep 30")

    with host_run(root, "--", "--api-base-url", "http://127.0.0.1:9/api", tools=tools) as address:
        assert address == "http://localhost:5173/?mini-program-api-base-url=http%3A%2F%2F127.0.0.1%3A9%2Fapi"


@pytest.mark.parametrize(
    ("device", "code", "message"),
    [
        ("moon", 64, r"'moon'; there are: chrome, edge, firefox, web, none"),
        ("firefox", 1, "Firefox is not installed"),
    ],
)
def test_a_device_that_is_not_there_is_named(page: Path, device: str, code: int, message: str) -> None:
    miniprogram("embed", "init", cwd=page)
    argv = [sys.executable, "-m", "miniprogram", "host", "run", "-d", device]
    environ = {"HOME": str(page), "PATH": ""}
    done = subprocess.run(argv, cwd=page, env=environ, capture_output=True, text=True, check=False)

    assert done.returncode == code
    assert re.search(message, done.stderr)
    assert len(done.stderr.strip().splitlines()) == (1 if code == 64 else 2)  # and what else may be done


@pytest.mark.parametrize(
    ("path", "host", "status"),
    [
        ("", None, 200),
        ("index.html", "localhost:1", 200),
        ("", "evil.example", 403),
        (".env", None, 404),
        ("%2eenv", None, 404),
        (".mini_program/host_files.lock", None, 404),
        ("../secret.txt", None, 404),
        ("sub/", None, 404),
    ],
)
def test_the_server_shows_the_page_to_this_machine_only(
    page: Path, path: str, host: str | None, status: int
) -> None:
    (page / ".env").write_text("SECRET=1")
    (page / ".mini_program").mkdir()
    (page / ".mini_program" / "host_files.lock").write_text("")
    (page / "sub").mkdir()
    (page.parent / "secret.txt").write_text("secret")

    with serving_folder(page, 0) as address:
        request = Request(address + path, headers={"host": host} if host else {})
        try:
            with urlopen(request, timeout=10) as answer:
                found = answer.status
        except HTTPError as error:
            found = error.code
            error.close()

    assert found == status
