"""What a page may ask, without a socket and without a browser."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from miniprogram import browsers
from miniprogram.errors import ToolError
from miniprogram.preview.bundle import PreviewBundle
from miniprogram.preview.code_frame import code_frame
from miniprogram.preview.editors import editor_argv, open_in_editor
from miniprogram.preview.mock_backend import MockBackend
from miniprogram.preview.serving.backend_proxy import BackendProxy
from miniprogram.preview.serving.browser_reports import BrowserReports
from miniprogram.preview.serving.page_routes import PageRoutes
from miniprogram.preview.serving.requests import Reply, Request
from miniprogram.preview.session import PreviewSession

JSON = {"content-type": "application/json"}


class Page:
    entry = "page/index.html"

    def __init__(self, folder: Path) -> None:
        self.folders = {"page": folder}


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def opened() -> list[tuple[str, int, int]]:
    return []


@pytest.fixture
def ask(
    session: PreviewSession, root: Path, tmp_path: Path, told: list[str], opened: list[tuple[str, int, int]]
) -> Callable[..., Reply | None]:
    folder = tmp_path / "page"
    folder.mkdir()
    (folder / "index.html").write_text("<!doctype html>")
    (folder / ".secret").write_text("x")
    (tmp_path / "outside.txt").write_text("x")
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    routes = PageRoutes(
        session,
        root,
        Page(folder),
        backend=BackendProxy(MockBackend),
        reports=BrowserReports(session, root, told.append),
        open_editor=lambda *place: opened.append(place),
    )

    def ask(method: str, path: str, body: Any = None, *, is_local: bool = True, **headers: str) -> Reply | None:
        path, _, query = path.partition("?")
        named = {"host": "127.0.0.1:1", **{name.replace("_", "-"): value for name, value in headers.items()}}
        raw = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        return routes.answer(Request(method, path, query, named, raw, is_local))

    return ask


def test_the_page_is_served_with_a_policy(ask: Callable[..., Reply]) -> None:
    reply = ask("GET", "")

    assert (reply.status, reply.body) == (200, b"<!doctype html>")
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self';" in policy
    assert "unsafe-eval" not in policy


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "page/index.html", 200),
        ("GET", "page/.secret", 404),
        ("GET", "page/link.txt", 404),
        ("GET", "page/../page/index.html", 404),
        ("GET", "page/%2e%2e/outside.txt", 404),
        ("GET", "page/..%2foutside.txt", 404),
        ("GET", "page/", 404),
        ("POST", "page/index.html", 405),
        ("POST", "", 405),
        ("PUT", "dev/program.json", 405),
        ("GET", "dev/nothing", 404),
        ("GET", "dev/source.json?screen=nowhere", 404),
        ("GET", "api/manifests/other/latest.json", 404),
        ("GET", "api/manifests/shop/latest.json", 200),
        ("GET", "api/screens/shop/1.0.0/shop_home.json", 200),
        ("GET", "api/screens/shop/1.0.0/nowhere.json", 404),
        ("GET", "assets/icons/a%20b.png", 200),
        ("GET", "assets/%2e%2e/manifest.json", 403),
        ("GET", "backend/home", 503),
        ("TRACE", "backend/home", 405),
    ],
)
def test_paths(ask: Callable[..., Reply], method: str, path: str, status: int) -> None:
    assert ask(method, path).status == status


@pytest.mark.parametrize("path", ["events", "dev/program.json", "api/manifests/shop/latest.json", "backend/x"])
@pytest.mark.parametrize(
    "headers",
    [{"sec_fetch_site": "cross-site"}, {"sec_fetch_site": "same-site"}, {"origin": "http://127.0.0.1:2"}],
    ids=str,
)
def test_pages_of_other_sites_may_not_ask(ask: Callable[..., Reply], path: str, headers: dict[str, str]) -> None:
    assert ask("GET", path, **headers).status == 403
    assert ask("GET", path, sec_fetch_site="same-origin", origin="http://127.0.0.1:1").status != 403


def test_a_report_is_told_at_its_line_and_once(
    ask: Callable[..., Reply], told: list[str], session: PreviewSession, bundle: PreviewBundle
) -> None:
    report = {"level": "warning", "code": "overflow", "message": "It\x1b[2J overflowed"}
    report |= {"screenId": "shop_home", "path": "$.children[2]"}

    reply = ask("POST", "dev/log", report, **JSON)
    ask("POST", "dev/log", report, **JSON)

    [line] = told
    assert line.startswith("[browser] [warning] overflow stac/screens/shop_home.json:")
    assert "\x1b" not in line
    assert json.loads(reply.body)["file"] == "stac/screens/shop_home.json"
    session.apply(bundle)
    ask("POST", "dev/log", report, **JSON)
    assert len(told) == 2


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ({"level": "error", "message": "x"}, "application/json; charset=utf-8", 200),
        ({"level": "error", "message": "x"}, "text/plain", 415),
        ({"level": "error", "message": "x"}, "application/x-www-form-urlencoded", 415),
        ({"level": "error"}, "application/json", 400),
        ({"level": "loud", "message": "x"}, "application/json", 400),
        ({"level": "error", "message": 7}, "application/json", 400),
        ([], "application/json", 400),
        (b"{", "application/json", 400),
        (b"x" * 70_000, "application/json", 400),
    ],
)
def test_reports_that_are_none(ask: Callable[..., Reply], body: Any, kind: str, status: int) -> None:
    assert ask("POST", "dev/log", body, content_type=kind).status == status


def test_files_are_opened_for_this_machine_only(
    ask: Callable[..., Reply], opened: list[tuple[str, int, int]]
) -> None:
    asked = {"file": "stac/screens/shop_home.json", "line": 3, "column": 2}

    assert ask("POST", "dev/open", asked, is_local=False, **JSON).status == 403
    for wrong in (
        {"file": 1},
        {"file": "a", "line": 0},
        {"file": "a", "line": True},
        {"file": "a", "column": "1"},
    ):
        assert ask("POST", "dev/open", wrong, **JSON).status == 400
    assert opened == []
    assert ask("POST", "dev/open", asked, **JSON).status == 200
    assert opened == [("stac/screens/shop_home.json", 3, 2)]


def program(folder: Path, name: str) -> Path:
    file = folder / name
    file.write_text("#!/bin/sh\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return file


@pytest.mark.parametrize(
    ("installed", "environ", "argv"),
    [
        (["code"], {}, ["code", "--goto", "/x.py:3:2"]),
        (["subl", "code"], {"EDITOR": "vim"}, ["code", "--goto", "/x.py:3:2"]),
        (["subl", "code"], {"EDITOR": "subl"}, ["subl", "/x.py:3:2"]),
        (
            ["subl", "code"],
            {"MINIPROGRAM_EDITOR": "code --new-window"},
            ["code", "--new-window", "--goto", "/x.py:3:2"],
        ),
        (["pycharm"], {}, ["pycharm", "--line", "3", "--column", "2", "/x.py"]),
    ],
)
def test_the_editor_is_told_the_line(
    tmp_path: Path, installed: list[str], environ: dict[str, str], argv: list[str]
) -> None:
    for name in installed:
        program(tmp_path, name)

    found = editor_argv({"PATH": str(tmp_path), **environ}, Path("/x.py"), 3, 2)

    assert [Path(found[0]).name, *found[1:]] == argv


@pytest.mark.parametrize("environ", [{}, {"MINIPROGRAM_EDITOR": "nano"}, {"EDITOR": "vim"}])
def test_without_an_editor_it_says_what_to_set(tmp_path: Path, environ: dict[str, str]) -> None:
    with pytest.raises(ToolError) as caught:
        editor_argv({"PATH": str(tmp_path), **environ}, Path("/x.py"), 1, 1)
    assert "code, " in str(caught.value.hint)


@pytest.mark.parametrize("file", ["../outside.txt", "/etc/passwd", "link.txt", "nothing", "stac"])
def test_nothing_outside_of_the_mini_program_is_opened(root: Path, tmp_path: Path, file: str) -> None:
    (tmp_path / "outside.txt").write_text("x")
    (root / "link.txt").symlink_to(tmp_path / "outside.txt")
    program(tmp_path, "code")

    with pytest.raises(Exception, match="no file of the mini-program"):
        open_in_editor(root, file, 1, 1, environ={"PATH": str(tmp_path)}, cwd=root)


@pytest.mark.parametrize(
    ("name", "installed", "environ", "command"),
    [
        ("none", ["firefox"], {}, None),
        ("chrome", ["chromium"], {}, ["chromium"]),
        ("firefox", ["firefox-esr"], {}, ["firefox-esr"]),
        ("web", ["xdg-open"], {}, None),
        ("web", ["xdg-open"], {"DISPLAY": ":0"}, ["xdg-open"]),
        ("web", ["xdg-open"], {"BROWSER": "lynx -x"}, ["lynx", "-x"]),
    ],
)
def test_browsers(
    tmp_path: Path, name: str, installed: list[str], environ: dict[str, str], command: list[str] | None
) -> None:
    for each in installed:
        program(tmp_path, each)

    around = {"PATH": str(tmp_path), **environ}
    found = browsers.open_command(name, around, applications=tmp_path, system="linux")

    assert (None if found is None else [Path(found[0]).name, *found[1:]]) == command


def test_a_browser_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="Edge is not installed"):
        browsers.open_command("edge", {"PATH": str(tmp_path)}, applications=tmp_path, system="linux")


def test_a_code_frame_marks_line_and_column(tmp_path: Path) -> None:
    file = tmp_path / "x.py"
    file.write_text("".join(f"line {number}\n" for number in range(8, 13)) + "\tlast")

    assert code_frame(file, 3, 6) == (
        "  1 | line 8\n  2 | line 9\n> 3 | line 10\n    |      ^\n  4 | line 11\n  5 | line 12"
    )
    assert code_frame(file, 6, 2) == "  4 | line 11\n  5 | line 12\n> 6 |     last\n    |     ^"
    assert [code_frame(file, line) for line in (None, 0, 7)] == [None, None, None]
    assert code_frame(tmp_path / "none", 1) is None
