"""Every command of every page is typed as written, in its order, or stands on a list that says why not."""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from docs import worlds
from docs.pages import ROOT, Command, samples, with_commands
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run


class Followed(NamedTuple):
    """How a page is read: in which world, from which heading on, and what its words tell to do besides."""

    world: Callable[[Path, worlds.Run], Path]
    start: str = ""
    before: dict[str, tuple[str, ...]] = {}  # noqa: RUF012 - never changed
    """Lines to type before a line."""


APPROVED = (
    "release apply shop 1.1.0 --app wallet --actor ann",
    "release approve shop 1.1.0 --app wallet --actor bob",
    "release pilot start shop 1.1.0 --app wallet --tester ann@example.com",
    "release pilot complete shop 1.1.0 --app wallet",
)
PAGES_URL = '--title "Shop" --api-base-url https://acme.github.io/programs/'
PAGES = {
    "README.md": Followed(worlds.nothing, "## Five minutes"),
    "core/README.md": Followed(worlds.nothing),
    "docs/howto/access-keys.md": Followed(worlds.team),
    "docs/howto/be-told.md": Followed(worlds.team),
    "docs/howto/embed-in-a-web-page.md": Followed(worlds.web_page),
    "docs/howto/embed-in-flutter.md": Followed(worlds.flutter_app),
    "docs/howto/environments.md": Followed(
        worlds.beside_shop,
        before={"miniprogram cloud rollback 1.0.0 shop": ("version minor shop", "publish shop --target cloud")},
    ),
    "docs/howto/go-back.md": Followed(worlds.site),
    "docs/howto/hand-off-to-a-host-team.md": Followed(
        worlds.coupon_center,
        before={"miniprogram host endpoint import coupon_center.partner.json": ("@flutter app",)},
    ),
    "docs/howto/host-without-flutter.md": Followed(worlds.nothing),
    "docs/howto/keep-mini-programs-offline.md": Followed(worlds.nothing),
    "docs/howto/load-in-a-python-host.md": Followed(worlds.nothing, "## 1."),
    "docs/howto/packages.md": Followed(worlds.nothing, "## Pack a version"),
    "docs/howto/preview.md": Followed(
        worlds.shop, before={"miniprogram publisher-backend run": ("publisher-backend scaffold --template mock",)}
    ),
    "docs/howto/publish-to-github-pages.md": Followed(
        worlds.shop, before={f"miniprogram host endpoint add shop {PAGES_URL} --public": ("@flutter app",)}
    ),
    "docs/howto/publish.md": Followed(worlds.workspace),
    "docs/howto/release.md": Followed(worlds.two_versions),
    "docs/howto/run-a-publisher-backend.md": Followed(worlds.shop),
    "docs/howto/run-the-local-backend.md": Followed(worlds.shop),
    "docs/howto/see-what-is-next.md": Followed(worlds.team),
    "docs/howto/self-host.md": Followed(worlds.beside_shop),
    "docs/howto/sign-what-you-publish.md": Followed(worlds.keys_to_sign),
    "docs/howto/target-an-audience.md": Followed(
        worlds.wallet, before={"miniprogram release grayscale shop 1.1.0 --app wallet": APPROVED}
    ),
    "docs/howto/use-the-console.md": Followed(worlds.team),
    "docs/howto/write-a-plugin.md": Followed(worlds.workspace),
    "docs/howto/write-screens.md": Followed(worlds.shop),
    "docs/tutorial/first-mini-program.md": Followed(worlds.nothing, "## 1."),
    "plugins/flutter/README.md": Followed(worlds.flutter_app),
    "plugins/server/README.md": Followed(worlds.team),
    "plugins/static/README.md": Followed(worlds.shop),
}
ACCOUNT = "asks for an account; the tour in {} types the commands at a stand-in for the cloud"
NOT_FOLLOWED = {
    "docs/changelog/README.md": "is about making a release of this repository",
    "docs/howto/behind-a-proxy.md": "is about a proxy; tests/plugins/server/test_proxies.py",
    "docs/howto/deploy-to-google-cloud.md": ACCOUNT.format("tests/plugins/gcp"),
    "docs/howto/pictures-of-screens.md": "needs a browser; tests/plugins/web/test_pictures.py",
    "docs/howto/publish-to-aws.md": ACCOUNT.format("tests/plugins/aws"),
    "docs/howto/publish-to-firebase-hosting.md": ACCOUNT.format("tests/plugins/firebase"),
    "docs/howto/publish-to-gcp.md": ACCOUNT.format("tests/plugins/gcp"),
    "docs/howto/publish-to-s3.md": "asks for an S3 server; tests/plugins/s3/test_s3_tour.py",
    "docs/howto/write-a-cloud-provider.md": ACCOUNT.format("tests/plugins/gcp"),
    "examples/plugins/hello/README.md": "installs a plugin; tests/plugin_system/test_hello_example.py",
    "examples/plugins/sqlite/README.md": "installs a plugin; tests/plugin_system/test_sqlite_example.py",
    "plugins/aws/README.md": ACCOUNT.format("tests/plugins/aws"),
    "plugins/firebase/README.md": ACCOUNT.format("tests/plugins/firebase"),
    "plugins/gcp/README.md": ACCOUNT.format("tests/plugins/gcp"),
    "plugins/github_pages/README.md": "waits for GitHub; docs/howto/publish-to-github-pages.md is followed",
    "plugins/s3/README.md": "asks for an S3 server; tests/plugins/s3/test_s3_tour.py",
}
"""Pages that nobody can follow without an account, a server or a device, and who types them instead."""
LEFT_OUT = {
    r"pip install .*": "tests install everything before",
    r"npm .*": "tests/plugins/web/test_npm_package.py",
    r"flutter .*|miniprogram (host run.*|preview -d linux)": "takes Flutter; tests/hosts/test_running.py",
    r"mypy": "tests/stac/test_typing.py",
    r"miniprogram embed preset coupons": "asks the delivery that the pages make up; tests/hosts/test_presets.py",
    r"uvicorn .*|OTEL_\w+=.*": "takes packages that are optional; tests/plugins/server",
    r"miniprogram serve .*--root /srv/.*": "is about the folders of a server; tests/plugins/server",
    r"miniprogram (hello .*|publish .*--target shelf .*)": "tests/plugin_system/test_hello_example.py",
    r"miniprogram publish .*--verify": "waits for GitHub; tests/plugins/github_pages/test_target.py",
}
"""Single commands, as patterns, and who types them instead."""
FOREGROUND = re.compile(r"miniprogram (serve|console|cloud logs .*--follow|preview(?! --once))\b.*")
WAIT_S = 30.0


def left_out(line: str) -> str | None:
    return next((pattern for pattern in LEFT_OUT if re.fullmatch(pattern, line)), None)


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


class Reader:
    """Types what a page shows. Ports are other ones, because those of the page may be taken here."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.here, self._capsys, self._ports = folder, capsys, {}
        home = folder / "home"
        home.mkdir()
        names = {
            f"GIT_{who}_{what}": "reader@example.com"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        }
        self.environ = {
            "PATH": os.environ["PATH"], **names, "HOME": str(home), "GIT_CONFIG_GLOBAL": "/dev/null",
            "KEY": "mpk_live_" + "a" * 43, "MINIPROGRAM_ACTOR": "reader",
        }  # fmt: skip

    def prepare(self, line: str, folder: Path) -> str:
        code = run(line.split(), AppContext(cwd=folder, environ=self.environ))
        out, err = self._capsys.readouterr()
        assert code == 0, (line, out, err)
        return out

    def type(self, command: Command) -> None:
        if command.line.startswith("cd "):
            self.here = (self.here / command.line[3:]).resolve()
            return
        words = self._words(command.line)
        if FOREGROUND.fullmatch(command.line):
            self._stay(words)
            return
        if words[0] == "python":
            done = subprocess.run(
                [sys.executable, *words[1:]], cwd=self.here, capture_output=True, text=True, check=False
            )
            code, out, err = done.returncode, done.stdout, done.stderr
        else:
            assert words[0] == "miniprogram", command.line
            code = run(words[1:], AppContext(cwd=self.here, environ=self.environ))
            out, err = self._capsys.readouterr()
        assert code == 0, (command.line, out, err)
        for line in command.shown:
            start = line.partition("…")[0].rstrip()
            assert start in out, (command.line, line, out)

    def _words(self, line: str) -> list[str]:
        line = line.replace("$KEY", self.environ["KEY"]).replace("/srv/", f"{self.environ['HOME']}/")
        if "release lift" in line:  # an id that another command prints
            line = re.sub(
                r"o-\d+", re.findall(r"o-\d+", self.prepare("release overrides shop", self.here))[0], line
            )
        words = shlex.split(self.with_own_ports(line))
        if words[1:3] == ["backend", "start"] and "--port" not in words:
            words += ["--port", self._port("8080")]
        if words[1:3] == ["publisher-backend", "run"] and "--port" not in words:
            words += ["--port", self._port("9090")]
        if words[1:3] == ["cloud", "deploy"]:
            self.prepare(f"env configure {self._active()} --port {self._port('deploy')}", self.here)
        if words[1:2] == ["preview"] and "--once" not in words:
            words += ["--no-open"]
        if words[1:2] in (["serve"], ["console"]) and "--port" not in words:
            words += ["--port", free_port()]
        return words

    def with_own_ports(self, text: str) -> str:
        return re.sub(r"(?<=--port )\d+|(?<=127\.0\.0\.1:)8080", lambda port: self._port(port[0]), text)

    def _active(self) -> str:
        return next(
            line.split()[-1] for line in self.prepare("env status", self.here).splitlines() if "ctive" in line
        )

    def _port(self, written: str) -> str:
        return self._ports.setdefault(written, free_port())

    def _stay(self, words: list[str]) -> None:
        """Run what stays until Ctrl-C, until it has said something."""
        log = self.here / ".said"
        with log.open("w") as stream:
            process = subprocess.Popen(
                [sys.executable, "-m", *words],
                cwd=self.here,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
            )
            try:
                until = time.monotonic() + WAIT_S
                while not log.read_text() and process.poll() is None and time.monotonic() < until:
                    time.sleep(0.05)
                assert process.poll() is None, (words, log.read_text())
                process.send_signal(signal.SIGINT)
                assert process.wait(WAIT_S) in (0, 130, -signal.SIGINT), log.read_text()
            finally:
                process.kill()
                process.wait()
        assert "Traceback" not in log.read_text()

    def go_to_host_team(self, folder: Path) -> None:
        """Into the folder of their app, with the partner packages that were made."""
        sent = {path.name: path.read_text() for path in self.here.glob("*.partner.json")}
        folder.mkdir()
        self.here = worlds.flutter_app(folder, self.prepare)
        self.prepare("embed init", self.here)
        for name, text in sent.items():
            (self.here / name).write_text(text)

    def leave(self) -> None:
        for line in ("backend stop", "publisher-backend stop", "cloud destroy --yes"):
            run(line.split(), AppContext(cwd=self.here, environ=self.environ))


@pytest.fixture
def reader(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Reader]:
    reader = Reader(tmp_path, capsys)
    yield reader
    reader.leave()


@pytest.mark.slow
@pytest.mark.process
@pytest.mark.parametrize("page", PAGES)
def test_a_reader_can_follow_the_page(reader: Reader, tmp_path: Path, page: str) -> None:
    followed = PAGES[page]
    reader.here = followed.world(tmp_path, reader.prepare)
    text = with_commands()[page]
    for sample in samples(text[text.index(followed.start) :]):
        if sample.marks.get("setup") == "pages":
            make_pages(reader)
        if sample.language in ("python", "html") and "file" in sample.marks:
            (reader.here / sample.marks["file"]).write_text(reader.with_own_ports(sample.body))
        if "replace" in sample.marks:
            path = reader.here / sample.marks["file"]
            path.write_text(path.read_text().replace(sample.marks["replace"], sample.marks["with"]))
        for command in sample.commands:
            if left_out(command.line):
                continue
            for line in followed.before.get(command.line, ()):
                if line == "@flutter app":
                    reader.go_to_host_team(tmp_path / "host")
                else:
                    reader.prepare(line, reader.here)
            reader.type(command)


def make_pages(reader: Reader) -> None:
    for words in ("init -q --bare -b main pages.git", "clone -q pages.git our-pages"):
        subprocess.run(
            ["git", *words.split()], cwd=reader.here.parent, env=reader.environ, check=True, capture_output=True
        )


def test_every_page_with_commands_is_followed_or_says_why_not() -> None:
    assert {*PAGES, *NOT_FOLLOWED} == set(with_commands())
    assert not PAGES.keys() & NOT_FOLLOWED.keys()


def test_no_reason_is_left_without_a_command() -> None:
    typed = {
        command.line for page in PAGES for sample in samples(with_commands()[page]) for command in sample.commands
    }

    assert {left_out(line) for line in typed} - {None} == set(LEFT_OUT)


def test_who_types_a_command_instead_is_there() -> None:
    reasons = " ".join([*NOT_FOLLOWED.values(), *LEFT_OUT.values()])

    assert [path for path in re.findall(r"(?:tests|docs)/[\w/.-]*\w", reasons) if not (ROOT / path).exists()] == []
